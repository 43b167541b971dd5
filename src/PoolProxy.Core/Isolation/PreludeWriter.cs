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
    private readonly MessageWriter _messages = new();
    private readonly MessageWriter _sql = new();
    private readonly MessageWriter _value = new();

    /// <summary>
    /// For an isolated identity: message 1 if asked for, then message 2 with role, claims, application_name and every tracked
    /// parameter of the client (all of them: what RESET returns to may have changed with the server's own configuration).
    /// With <paramref name="tryParametersApart"/> the client's parameters are a Query of their own that may fail without harm.
    /// </summary>
    public Prelude ForIdentity(ClientIdentity identity, ParameterSet parameters, ParameterNames names, bool discardAll, bool tryParametersApart)
    {
        _messages.Clear();
        if (discardAll)
        {
            // No Sync: if DISCARD ALL fails, PostgreSQL skips everything up to the next Sync, message 2 and the client's bytes included.
            Parse.Write(_messages, ""u8, "DISCARD ALL"u8);
            Bind.Write(_messages, ""u8, ""u8);
            Execute.Write(_messages, ""u8, 0);
        }

        _sql.Clear();
        _sql.WriteBytes("SET exit_on_error = on; SET ROLE "u8);
        Demand(SqlQuoting.TryAppendIdentifier(_sql, identity.Utf8Role), "role");
        _sql.WriteBytes("; SET request.jwt.claims = "u8);
        Demand(SqlQuoting.TryAppendLiteral(_sql, identity.Utf8Claims), "claims");
        _sql.WriteBytes("; SET application_name = "u8);
        Demand(
            SqlQuoting.TryAppendLiteral(_sql, ApplicationName.Compose(ClientsApplicationName(parameters, names), identity.ApplicationNameTag)),
            "application_name");
        var count = 5;
        if (!tryParametersApart)
        {
            count += AppendParameters(parameters, names);
        }

        _sql.WriteBytes("; SET exit_on_error = off"u8);
        Query.Write(_messages, _sql.WrittenSpan);
        if (!tryParametersApart)
        {
            return new Prelude(Pin(), discardAll, [count]);
        }

        _sql.Clear();
        var apart = AppendParameters(parameters, names);
        if (apart == 0)
        {
            return new Prelude(Pin(), discardAll, [count]);
        }

        Query.Write(_messages, _sql.WrittenSpan[2..]);
        return new Prelude(Pin(), discardAll, [count, apart]);
    }

    /// <summary>
    /// Under <c>isolation = "none"</c>: only what differs between the client's parameters and the server's. A parameter that the client
    /// never named is reset only where nobody is told its value; a reported one it was told at login.
    /// </summary>
    public Prelude ForParameters(ParameterSet from, ParameterSet to, ParameterNames names, bool mayFail)
    {
        _messages.Clear();
        _sql.Clear();
        var count = 0;
        for (var i = 0; i < names.Count; i++)
        {
            if (!ParameterSet.SameValue(from[i], to[i]) && (to[i] is not null || !names[i].IsReported) && TryAppend(names[i], to[i]))
            {
                count++;
            }
        }

        if (mayFail || count == 0)
        {
            Query.Write(_messages, count == 0 ? [] : _sql.WrittenSpan[2..]);
            return new Prelude(Pin(), DiscardsAll: false, count == 0 ? [0] : [count]);
        }

        var body = _sql.WrittenSpan.ToArray();
        _sql.Clear();
        _sql.WriteBytes("SET exit_on_error = on"u8);
        _sql.WriteBytes(body);
        _sql.WriteBytes("; SET exit_on_error = off"u8);
        Query.Write(_messages, _sql.WrittenSpan);
        return new Prelude(Pin(), DiscardsAll: false, [count + 2]);
    }

    private int AppendParameters(ParameterSet parameters, ParameterNames names)
    {
        var count = 0;
        for (var i = 0; i < names.Count; i++)
        {
            if (parameters[i] is { } value && !names[i].IsApplicationName && TryAppend(names[i], value))
            {
                count++;
            }
        }

        return count;
    }

    /// <summary>A value that cannot be quoted (no valid UTF-8: a server reported it in another encoding) is left as the server has it.</summary>
    private bool TryAppend(ParameterName name, byte[]? value)
    {
        _value.Clear();
        if (value is not null && !(name.IsList ? SqlQuoting.TryAppendListSetting(_value, value) : SqlQuoting.TryAppendLiteral(_value, value)))
        {
            return false;
        }

        _sql.WriteBytes(value is null ? "; RESET "u8 : "; SET "u8);
        Demand(SqlQuoting.TryAppendIdentifier(_sql, name.Utf8), "parameter name");
        if (value is not null)
        {
            _sql.WriteBytes(" = "u8);
            _sql.WriteBytes(_value.WrittenSpan);
        }

        return true;
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
