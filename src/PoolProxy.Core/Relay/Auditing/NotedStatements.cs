using System.Buffers.Binary;
using PoolProxy.Core.PreparedStatements;

namespace PoolProxy.Core.Relay.Auditing;

/// <summary>Finds what a message of the client's is about: its text, its parameters, or what its names stand for. Every note it answers is taken for the caller.</summary>
internal sealed class NotedStatements(RelayClient client, LoopAudit audit)
{
    private readonly WatchedNames _names = new(audit);
    private readonly ClientEncoding _encoding = new(client);

    /// <summary>It remembers statements that nothing else does.</summary>
    public bool HasOwn => _names.HasStatements;

    /// <summary>The text of a Query. It takes the unnamed statement's place.</summary>
    public StatementNote OfQuery(ReadOnlySpan<byte> body, long missingBytes)
    {
        _names.SetUnnamed(null);
        return OfText(missingBytes == 0 && body.Length > 0 ? body[..^1] : body, missingBytes);
    }

    /// <summary>The text of a Parse.</summary>
    public StatementNote OfParse(ReadOnlySpan<byte> body, long missingBytes)
    {
        var name = Name(ref body);
        var text = Name(ref body, out var isEnded);
        var note = OfText(text, isEnded ? 0 : missingBytes);
        if (name.IsEmpty)
        {
            _names.SetUnnamed(note);
        }
        else if (!client.Settings.TracksStatements || missingBytes > 0)
        {
            _names.SetStatement(name, note);
        }
        else
        {
            _names.RemoveStatement(name);
        }

        return note;
    }

    /// <summary>The statement that a Bind names, and its parameters where they are recorded.</summary>
    public StatementNote OfBind(ReadOnlySpan<byte> body, long missingBytes, out StatementNote? parameters)
    {
        var portal = Name(ref body);
        var note = OfStatement(Name(ref body));
        parameters = null;
        if (audit.Policy.HasParameters)
        {
            parameters = audit.Rent();
            NoteWriter.Parameters(parameters, audit.Policy, body, missingBytes == 0, note.MayHoldSecret);
        }

        _names.SetPortal(portal, note, parameters);
        return note;
    }

    /// <summary>What a Describe names.</summary>
    public StatementNote? OfDescribe(ReadOnlySpan<byte> body)
    {
        if (body.IsEmpty)
        {
            return null;
        }

        var isStatement = body[0] == 'S';
        body = body[1..];
        var name = Name(ref body);
        return isStatement ? OfStatement(name) : OfPortal(name, out _);
    }

    /// <summary>What an Execute runs.</summary>
    public StatementNote OfExecute(ReadOnlySpan<byte> body, out StatementNote? parameters, out uint maxRows)
    {
        var note = OfPortal(Name(ref body), out parameters);
        parameters?.Take();
        maxRows = body.Length >= 4 ? BinaryPrimitives.ReadUInt32BigEndian(body) : 0;
        return note;
    }

    /// <summary>The OID that a function call names.</summary>
    public static uint FunctionOf(ReadOnlySpan<byte> body) => body.Length >= 4 ? BinaryPrimitives.ReadUInt32BigEndian(body) : 0;

    /// <summary>A Close.</summary>
    public void Closed(ReadOnlySpan<byte> body)
    {
        if (body.IsEmpty)
        {
            return;
        }

        var isStatement = body[0] == 'S';
        body = body[1..];
        var name = Name(ref body);
        if (!isStatement)
        {
            _names.RemovePortal(name);
        }
        else if (name.IsEmpty)
        {
            _names.SetUnnamed(null);
        }
        else
        {
            _names.RemoveStatement(name);
        }
    }

    /// <inheritdoc cref="WatchedNames.ForgetPortals"/>
    public void ForgetPortals() => _names.ForgetPortals();

    /// <inheritdoc cref="WatchedNames.Clear"/>
    public void Clear() => _names.Clear();

    private static ReadOnlySpan<byte> Name(ref ReadOnlySpan<byte> body) => Name(ref body, out _);

    private static ReadOnlySpan<byte> Name(ref ReadOnlySpan<byte> body, out bool isEnded)
    {
        var end = body.IndexOf((byte)0);
        isEnded = end >= 0;
        var name = isEnded ? body[..end] : body;
        body = isEnded ? body[(end + 1)..] : default;
        return name;
    }

    private StatementNote OfText(ReadOnlySpan<byte> text, long missingBytes)
    {
        var note = audit.Rent();
        NoteWriter.Text(note, audit.Policy, text, text.Length + missingBytes, client.StandardConformingStrings, _encoding.IsReadable);
        return note;
    }

    private StatementNote OfStatement(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty)
        {
            if (_names.Unnamed is { } unnamed && ReferenceEquals(unnamed.Policy, audit.Policy))
            {
                return unnamed.Take();
            }

            var definition = client.Statements.Unnamed.Definition;
            if (!definition.IsEmpty)
            {
                var made = OfText(Name(ref definition), 0);
                _names.SetUnnamed(made);
                return made;
            }
        }
        else if (_names.TryFindStatement(name, out var own))
        {
            return own.Take();
        }
        else if (client.Statements.Names.TryFind(name, out var statement))
        {
            return OfShared(statement);
        }

        return OfName(",\"statement_name\":"u8, name);
    }

    // Made once for all who execute it: it stays with the statement.
    private StatementNote OfShared(Statement statement)
    {
        if (statement.RecordedText is not StatementNote note || !ReferenceEquals(note.Policy, audit.Policy))
        {
            var definition = statement.Definition;
            statement.RecordedText = note = OfText(Name(ref definition), 0);
        }

        return note.Take();
    }

    private StatementNote OfPortal(ReadOnlySpan<byte> name, out StatementNote? parameters) =>
        _names.TryFindPortal(name, out var note, out parameters) && note is not null ? note.Take() : OfName(",\"portal\":"u8, name);

    private StatementNote OfName(ReadOnlySpan<byte> field, ReadOnlySpan<byte> name)
    {
        var note = audit.Rent();
        NoteWriter.Name(note, audit.Policy, field, name);
        return note;
    }
}
