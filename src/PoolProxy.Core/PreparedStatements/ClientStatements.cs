using System.Runtime.InteropServices;

namespace PoolProxy.Core.PreparedStatements;

/// <summary>
/// A client's own names for statements. A Parse or Close counts from the moment it is sent (a Bind may follow in the same batch),
/// but is settled only when its answer has passed to the client; if the batch fails before it, PostgreSQL has skipped it and so do
/// we. So changes wait in order until they are settled or undone, and a lookup reads the newest waiting one first.
/// Statements are not transactional: a settled change outlives a ROLLBACK, as in PostgreSQL.
/// </summary>
internal sealed class ClientStatements(StatementCatalogue catalogue, IdentityStatements identity)
{
    /// <summary>A client may have as many names as this; one more is refused with 54000.</summary>
    public const int Capacity = 16 * 1024;

    /// <summary>Once its statements and their names are as long as this together, one more is refused with 53200.</summary>
    public const int CapacityBytes = 16 * 1024 * 1024;

    private readonly Dictionary<byte[], Statement> _settled = new(ByteStringComparer.Instance);
    private readonly Queue<Change> _waiting = new();
    private readonly Dictionary<byte[], Newest> _newest = new(ByteStringComparer.Instance);
    private long _lengthBytes;

    /// <summary>How many names are settled.</summary>
    public int Count => _settled.Count;

    /// <summary>How many stand for a statement that is on one server only (<see cref="Statement.Unshared"/>), settled or not.</summary>
    public int UnsharedCount { get; private set; }

    /// <summary>Nothing waits for an answer, and every statement may be prepared on any server.</summary>
    public bool IsAtRest => _waiting.Count == 0 && UnsharedCount == 0;

    public bool IsFull => _settled.Count + _waiting.Count >= Capacity;

    /// <summary>The texts behind all names, settled or waiting, leave no room for another.</summary>
    public bool IsFullOfBytes => _lengthBytes >= CapacityBytes;

    /// <summary>What the name stands for once everything sent so far has been carried out.</summary>
    public bool TryFind(ReadOnlySpan<byte> name, out Statement statement)
    {
        if (_waiting.Count > 0 && _newest.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(name, out var newest))
        {
            statement = newest.Statement!;
            return newest.Statement is not null;
        }

        return _settled.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(name, out statement!);
    }

    /// <summary>
    /// What the name stands for depends on an answer to an earlier batch than this: if that fails before it, its Parse or Close never happened.
    /// </summary>
    public bool IsUnsure(ReadOnlySpan<byte> name, long batch) =>
        _waiting.Count > 0 && _newest.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(name, out var newest) && newest.Batch != batch;

    /// <summary>The client's Parse was sent, in this batch: the name will stand for the statement (whose count of names the caller has raised).</summary>
    public void Define(ReadOnlySpan<byte> name, Statement statement, long batch = 0)
    {
        if (ReferenceEquals(statement, Statement.Unshared))
        {
            UnsharedCount++;
        }
        else
        {
            _lengthBytes += statement.DefinitionLength + name.Length;
            identity.Add(statement, name.Length);
        }

        Wait(name, statement, batch);
    }

    /// <summary>The client's Close was sent, in this batch: the name will stand for nothing.</summary>
    public void Remove(ReadOnlySpan<byte> name, long batch = 0) => Wait(name, null, batch);

    /// <summary>The oldest waiting change has been answered.</summary>
    public void Settle()
    {
        var change = Next();
        if (_settled.Remove(change.Name, out var before))
        {
            Release(change.Name, before);
        }

        if (change.Statement is not null)
        {
            _settled.Add(change.Name, change.Statement);
        }
    }

    /// <summary>The oldest waiting change was skipped or refused by the server: it never happened.</summary>
    public void Undo()
    {
        if (Next() is { Statement: { } statement } change)
        {
            Release(change.Name, statement);
        }
    }

    /// <summary>The name is gone at once: a DEALLOCATE that the server has confirmed.</summary>
    public bool Forget(ReadOnlySpan<byte> name)
    {
        if (!_settled.GetAlternateLookup<ReadOnlySpan<byte>>().Remove(name, out _, out var statement))
        {
            return false;
        }

        Release(name, statement);
        return true;
    }

    /// <summary>All settled names are gone: DEALLOCATE ALL, DISCARD ALL, or the client has left.</summary>
    public void Clear()
    {
        foreach (var (name, statement) in _settled)
        {
            Release(name, statement);
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

    private void Wait(ReadOnlySpan<byte> name, Statement? statement, long batch)
    {
        var stored = name.ToArray();
        _waiting.Enqueue(new Change(stored, statement));
        ref var newest = ref CollectionsMarshal.GetValueRefOrAddDefault(_newest, stored, out _);
        newest = new Newest(statement, newest.WaitingCount + 1, batch);
    }

    private Change Next()
    {
        var change = _waiting.Dequeue();
        ref var newest = ref CollectionsMarshal.GetValueRefOrNullRef(_newest, change.Name);
        if (newest.WaitingCount == 1)
        {
            _newest.Remove(change.Name);
        }
        else
        {
            newest = newest with { WaitingCount = newest.WaitingCount - 1 };
        }

        return change;
    }

    private void Release(ReadOnlySpan<byte> name, Statement statement)
    {
        if (ReferenceEquals(statement, Statement.Unshared))
        {
            UnsharedCount--;
        }
        else
        {
            _lengthBytes -= statement.DefinitionLength + name.Length;
            identity.Remove(statement, name.Length);
            catalogue.Release(statement);
        }
    }

    private readonly record struct Change(byte[] Name, Statement? Statement);

    /// <summary>What the last of a name's waiting changes makes of it (null: nothing), how many wait, and the batch that the last was sent in.</summary>
    private readonly record struct Newest(Statement? Statement, int WaitingCount, long Batch);
}
