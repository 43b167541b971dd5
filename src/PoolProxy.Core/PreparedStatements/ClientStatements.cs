namespace PoolProxy.Core.PreparedStatements;

/// <summary>
/// A client's own names for statements. A Parse or Close counts from the moment it is sent (a Bind may follow in the same batch),
/// but is settled only when its answer has passed to the client; if the batch fails before it, PostgreSQL has skipped it and so do
/// we. So changes wait in order until they are settled or undone, and a lookup reads the newest waiting one first.
/// Statements are not transactional: a settled change outlives a ROLLBACK, as in PostgreSQL.
/// </summary>
internal sealed class ClientStatements(StatementCatalogue catalogue)
{
    /// <summary>A client may have as many names as this; one more is refused with 53400.</summary>
    public const int Capacity = 16 * 1024;

    private readonly Dictionary<byte[], Statement> _settled = new(ByteStringComparer.Instance);
    private readonly Queue<Change> _waiting = new();

    /// <summary>How many names are settled.</summary>
    public int Count => _settled.Count;

    public bool IsFull => _settled.Count + _waiting.Count >= Capacity;

    /// <summary>What the name stands for once everything sent so far has been carried out.</summary>
    public bool TryFind(ReadOnlySpan<byte> name, out Statement statement)
    {
        if (_waiting.Count > 0)
        {
            Change? newest = null;
            foreach (var change in _waiting)
            {
                if (change.Name is null || name.SequenceEqual(change.Name))
                {
                    newest = change;
                }
            }

            if (newest is { } last)
            {
                statement = last.Statement!;
                return last.Statement is not null;
            }
        }

        return _settled.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(name, out statement!);
    }

    /// <summary>The client's Parse was sent: the name will stand for the statement (whose count of names the caller has raised).</summary>
    public void Define(ReadOnlySpan<byte> name, Statement statement) => _waiting.Enqueue(new Change(name.ToArray(), statement));

    /// <summary>The client's Close (or DEALLOCATE) was sent: the name will stand for nothing.</summary>
    public void Remove(ReadOnlySpan<byte> name) => _waiting.Enqueue(new Change(name.ToArray(), null));

    /// <summary>The oldest waiting change has been answered.</summary>
    public void Settle()
    {
        var change = _waiting.Dequeue();
        if (change.Statement is not null)
        {
            if (_settled.Remove(change.Name!, out var before))
            {
                catalogue.Release(before);
            }

            _settled.Add(change.Name!, change.Statement);
        }
        else if (_settled.Remove(change.Name!, out var gone))
        {
            catalogue.Release(gone);
        }
    }

    /// <summary>The oldest waiting change was skipped or refused by the server: it never happened.</summary>
    public void Undo()
    {
        if (_waiting.Dequeue().Statement is { } statement)
        {
            catalogue.Release(statement);
        }
    }

    /// <summary>The name is gone at once: a DEALLOCATE that the server has confirmed.</summary>
    public bool Forget(ReadOnlySpan<byte> name)
    {
        if (!_settled.GetAlternateLookup<ReadOnlySpan<byte>>().Remove(name, out _, out var statement))
        {
            return false;
        }

        catalogue.Release(statement);
        return true;
    }

    /// <summary>All settled names are gone: DEALLOCATE ALL, DISCARD ALL, or the client has left.</summary>
    public void Clear()
    {
        foreach (var statement in _settled.Values)
        {
            catalogue.Release(statement);
        }

        _settled.Clear();
    }

    /// <summary>The client has left: waiting changes go too.</summary>
    public void Dispose()
    {
        while (_waiting.Count > 0)
        {
            Undo();
        }

        Clear();
    }

    private readonly record struct Change(byte[]? Name, Statement? Statement);
}
