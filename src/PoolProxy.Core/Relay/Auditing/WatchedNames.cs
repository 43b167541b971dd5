using System.Diagnostics.CodeAnalysis;
using PoolProxy.Core.PreparedStatements;

namespace PoolProxy.Core.Relay.Auditing;

/// <summary>
/// Notes on what a client's names stand for where nothing else knows it: statements that go under the client's own names (session pooling, statements
/// too long to share), and portals, which end with their transaction. Nothing is kept for a client that has none.
/// </summary>
internal sealed class WatchedNames(LoopAudit audit)
{
    private Dictionary<byte[], StatementNote>? _statements;
    private Dictionary<byte[], (StatementNote? Note, StatementNote? Parameters)>? _portals;
    private StatementNote? _portalNote;
    private StatementNote? _portalParameters;

    /// <summary>There are statements that nothing else knows.</summary>
    public bool HasStatements => _statements is { Count: > 0 };

    /// <summary>The client's unnamed statement; null where its text is known elsewhere.</summary>
    public StatementNote? Unnamed { get; private set; }

    /// <summary>A Parse of the unnamed statement; null where there is none any more.</summary>
    public void SetUnnamed(StatementNote? note)
    {
        audit.Return(Unnamed);
        Unnamed = note?.Take();
    }

    /// <summary>A Parse of a name that goes upstream as it is. Beyond <see cref="ClientStatements.Capacity"/> nothing is remembered.</summary>
    public void SetStatement(ReadOnlySpan<byte> name, StatementNote note)
    {
        _statements ??= new Dictionary<byte[], StatementNote>(ByteStringComparer.Instance);
        var names = _statements.GetAlternateLookup<ReadOnlySpan<byte>>();
        if (names.TryGetValue(name, out var before))
        {
            audit.Return(before);
        }
        else if (_statements.Count >= ClientStatements.Capacity)
        {
            return;
        }

        names[name] = note.Take();
    }

    /// <summary>What a name that goes upstream as it is stands for.</summary>
    public bool TryFindStatement(ReadOnlySpan<byte> name, [NotNullWhen(true)] out StatementNote? note)
    {
        note = null;
        return _statements is not null && _statements.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(name, out note);
    }

    /// <summary>A Bind.</summary>
    public void SetPortal(ReadOnlySpan<byte> name, StatementNote? note, StatementNote? parameters)
    {
        note?.Take();
        parameters?.Take();
        if (name.IsEmpty)
        {
            audit.Return(_portalNote);
            audit.Return(_portalParameters);
            (_portalNote, _portalParameters) = (note, parameters);
            return;
        }

        _portals ??= new Dictionary<byte[], (StatementNote?, StatementNote?)>(ByteStringComparer.Instance);
        var portals = _portals.GetAlternateLookup<ReadOnlySpan<byte>>();
        if (portals.TryGetValue(name, out var before))
        {
            audit.Return(before.Note);
            audit.Return(before.Parameters);
        }

        portals[name] = (note, parameters);
    }

    /// <summary>What a portal runs; false for one that SQL has declared.</summary>
    public bool TryFindPortal(ReadOnlySpan<byte> name, out StatementNote? note, out StatementNote? parameters)
    {
        if (name.IsEmpty)
        {
            (note, parameters) = (_portalNote, _portalParameters);
            return note is not null;
        }

        (StatementNote? Note, StatementNote? Parameters) found = default;
        var isKnown = _portals is not null && _portals.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(name, out found);
        (note, parameters) = found;
        return isKnown;
    }

    /// <summary>A Close of a statement's name.</summary>
    public void RemoveStatement(ReadOnlySpan<byte> name)
    {
        if (_statements is not null && _statements.GetAlternateLookup<ReadOnlySpan<byte>>().Remove(name, out _, out var note))
        {
            audit.Return(note);
        }
    }

    /// <summary>A Close of a portal.</summary>
    public void RemovePortal(ReadOnlySpan<byte> name)
    {
        if (_portals is not null && _portals.GetAlternateLookup<ReadOnlySpan<byte>>().Remove(name, out _, out var portal))
        {
            audit.Return(portal.Note);
            audit.Return(portal.Parameters);
        }
    }

    /// <summary>The transaction is over: so are its portals.</summary>
    public void ForgetPortals()
    {
        audit.Return(_portalNote);
        audit.Return(_portalParameters);
        (_portalNote, _portalParameters) = (null, null);
        if (_portals is not { Count: > 0 })
        {
            return;
        }

        foreach (var (note, parameters) in _portals.Values)
        {
            audit.Return(note);
            audit.Return(parameters);
        }

        _portals.Clear();
    }

    /// <summary>The client has left, or nothing is recorded any more.</summary>
    public void Clear()
    {
        ForgetPortals();
        SetUnnamed(null);
        foreach (var note in (IEnumerable<StatementNote>?)_statements?.Values ?? [])
        {
            audit.Return(note);
        }

        _statements = null;
    }
}
