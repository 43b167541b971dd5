using PoolProxy.Core.Backend.Parameters;
using PoolProxy.Protocol.Framing;
using PoolProxy.Protocol.Messages.Frontend;
using PoolProxy.Protocol.Sql;

namespace PoolProxy.Core.Isolation;

/// <summary>
/// Writes preludes: the only place where SQL is built from what a client or a token said. Every value goes through
/// <see cref="SqlQuoting"/>; names are those of <see cref="ParameterName"/>, quoted too.
/// </summary>
internal sealed class PreludeWriter
{
    /// <summary>The name under which statements are prepared that must not take the unnamed one's place.</summary>
    public static ReadOnlySpan<byte> StatementName => "poolproxy_prelude"u8;

    private readonly MessageWriter _messages = new();
    private readonly MessageWriter _sql = new();
    private readonly MessageWriter _value = new();
    private PreludeForm _form;
    private int _count;

    /// <summary>
    /// For an isolated identity: message 1 if asked for, then message 2 with role, claims, application_name and every tracked
    /// parameter of the client (all of them: what RESET returns to may have changed with the server's own configuration).
    /// What <paramref name="stripped"/>, the server's own, has and the client has not is reset; null where nothing is.
    /// With <paramref name="tryParametersApart"/> the client's parameters are a batch of their own that may fail without harm.
    /// </summary>
    public Prelude ForIdentity(
        ClientIdentity identity, ParameterSet parameters, ParameterSet? stripped, ParameterNames names, PreludeWipe wipe, bool tryParametersApart, PreludeForm form)
    {
        _messages.Clear();
        foreach (var statement in WipeStatement.Of(wipe))
        {
            // No Sync: if DISCARD ALL fails, PostgreSQL skips everything up to the next Sync, message 2 and the client's bytes included.
            Parse.Write(_messages, ""u8, statement.Sql);
            Bind.Write(_messages, ""u8, ""u8);
            Execute.Write(_messages, ""u8, 0);
        }

        var wipeLength = _messages.WrittenLength;
        BeginBatch(form);
        Statement("SET exit_on_error = on"u8);
        Begin("SET ROLE "u8);
        Demand(SqlQuoting.TryAppendIdentifier(_sql, identity.Utf8Role), "role");
        End();
        Begin("SET request.jwt.claims = "u8);
        Demand(SqlQuoting.TryAppendLiteral(_sql, identity.Utf8Claims), "claims");
        End();
        Begin("SET application_name = "u8);
        Demand(
            SqlQuoting.TryAppendLiteral(_sql, ApplicationName.Compose(ClientsApplicationName(parameters, names), identity.ApplicationNameTag)),
            "application_name");
        End();
        if (identity.IsReadOnly)
        {
            Statement("SET default_transaction_read_only = on"u8);
        }

        for (var i = 0; i < (stripped?.Length ?? 0); i++)
        {
            if (stripped![i] is not null && parameters[i] is null && !(identity.IsReadOnly && names[i].IsReadOnlyDefault))
            {
                Append(names[i], null);
            }
        }

        if (!tryParametersApart)
        {
            AppendParameters(identity, parameters, names);
        }

        Statement("SET exit_on_error = off"u8);
        var count = EndBatch();
        if (!tryParametersApart)
        {
            return new Prelude(Pin(), wipe, wipeLength, form, [count]);
        }

        BeginBatch(form);
        AppendParameters(identity, parameters, names);
        var apart = EndBatch();
        return new Prelude(Pin(), wipe, wipeLength, form, apart == 0 ? [count] : [count, apart]);
    }

    /// <summary>
    /// Under <c>isolation = "none"</c>: only what differs between the client's parameters and the server's. A parameter that the client
    /// never named is reset only where nobody is told its value; a reported one it was told at login. Where nothing is left to set it
    /// has no bytes.
    /// </summary>
    public Prelude ForParameters(ParameterSet from, ParameterSet to, ParameterSet reported, ParameterNames names, bool mayFail, PreludeForm form)
    {
        _messages.Clear();
        BeginBatch(form);
        if (!mayFail)
        {
            Statement("SET exit_on_error = on"u8);
        }

        var before = _count;
        for (var i = 0; i < names.Count; i++)
        {
            if (!ParameterSet.SameValue(from[i], to[i]) && (to[i] is not null || reported[i] is null))
            {
                Append(names[i], to[i]);
            }
        }

        if (_count == before)
        {
            return new Prelude([], PreludeWipe.None, 0, form, []);
        }

        if (!mayFail)
        {
            Statement("SET exit_on_error = off"u8);
        }

        var count = EndBatch();
        return new Prelude(Pin(), PreludeWipe.None, 0, form, [count]);
    }

    private void BeginBatch(PreludeForm form)
    {
        _form = form;
        _count = 0;
        _sql.Clear();
    }

    /// <summary>Ends what <see cref="BeginBatch"/> began; answers how many statements it holds. Without any it is no message.</summary>
    private int EndBatch()
    {
        if (_count == 0)
        {
            return 0;
        }

        if (_form == PreludeForm.Query)
        {
            Query.Write(_messages, _sql.WrittenSpan);
        }
        else
        {
            Close.Write(_messages, StatementOrPortal.Statement, StatementName);
            Sync.Write(_messages);
        }

        return _count;
    }

    private void Statement(ReadOnlySpan<byte> sql)
    {
        Begin(sql);
        End();
    }

    private void Begin(ReadOnlySpan<byte> sql)
    {
        if (_form == PreludeForm.Named)
        {
            _sql.Clear();
        }
        else if (_count > 0)
        {
            _sql.WriteBytes("; "u8);
        }

        _count++;
        _sql.WriteBytes(sql);
    }

    private void End()
    {
        if (_form == PreludeForm.Named)
        {
            // Closed first, not last alone: one that failed before has left its statement behind.
            Close.Write(_messages, StatementOrPortal.Statement, StatementName);
            Parse.Write(_messages, StatementName, _sql.WrittenSpan);
            Bind.Write(_messages, ""u8, StatementName);
            Execute.Write(_messages, ""u8, 0);
        }
    }

    /// <summary>The client's own, but for what its identity decides.</summary>
    private void AppendParameters(ClientIdentity identity, ParameterSet parameters, ParameterNames names)
    {
        for (var i = 0; i < names.Count; i++)
        {
            if (parameters[i] is { } value && !names[i].IsApplicationName && !(identity.IsReadOnly && names[i].IsReadOnlyDefault))
            {
                Append(names[i], value);
            }
        }
    }

    /// <summary>A value that cannot be quoted (no valid UTF-8: a server reported it in another encoding) is left as the server has it.</summary>
    private void Append(ParameterName name, byte[]? value)
    {
        _value.Clear();
        if (value is not null && !(name.IsList ? SqlQuoting.TryAppendListSetting(_value, value) : SqlQuoting.TryAppendLiteral(_value, value)))
        {
            return;
        }

        Begin(value is null ? "RESET "u8 : "SET "u8);
        Demand(SqlQuoting.TryAppendIdentifier(_sql, name.Utf8), "parameter name");
        if (value is not null)
        {
            _sql.WriteBytes(" = "u8);
            _sql.WriteBytes(_value.WrittenSpan);
        }

        End();
    }

    /// <summary>Roles and claims were validated when the identity was made: what cannot be quoted now must not reach a server at all.</summary>
    private static void Demand(bool isQuoted, string what)
    {
        if (!isQuoted)
        {
            throw new InvalidOperationException($"{what} cannot be written as SQL");
        }
    }

    private static ReadOnlySpan<byte> ClientsApplicationName(ParameterSet parameters, ParameterNames names)
    {
        for (var i = 0; i < names.Count; i++)
        {
            if (names[i].IsApplicationName)
            {
                return parameters[i];
            }
        }

        return default;
    }

    private byte[] Pin()
    {
        var bytes = GC.AllocateUninitializedArray<byte>(_messages.WrittenSpan.Length, pinned: true);
        _messages.WrittenSpan.CopyTo(bytes);
        return bytes;
    }
}
