namespace PoolProxy.Core.PreparedStatements;

/// <summary>
/// Which statements one server holds a copy of, by id, in order of last use. At most <c>capacity</c> (max_prepared_statements) are
/// kept; the one unused for longest is closed for a newcomer, but never one that the batch under way has used: its Bind may already
/// have been sent. So a single batch may go beyond the capacity; the next one brings it back.
/// </summary>
internal sealed class ServerStatements
{
    private readonly Dictionary<int, Copy> _copies = [];
    private readonly List<Statement> _closing = [];
    private Copy? _newest;
    private Copy? _oldest;
    private long _batch;

    public int Count => _copies.Count;

    /// <summary>A batch of the client ends here (ReadyForQuery): what it used may be closed again.</summary>
    public void EndBatch() => _batch++;

    /// <summary>Whether the server holds a usable copy; if so it counts as used by the batch under way.</summary>
    public bool Touch(int id)
    {
        if (_newest is { } newest && newest.Id == id && !newest.IsStale)
        {
            newest.LastBatch = _batch;
            return true;
        }

        if (!_copies.TryGetValue(id, out var copy))
        {
            return false;
        }

        if (copy.IsStale)
        {
            return false;
        }

        copy.LastBatch = _batch;
        Unlink(copy);
        LinkNewest(copy);
        return true;
    }

    /// <summary>The copy's plan no longer fits the tables: it has to be closed and prepared again.</summary>
    public void MarkStale(int id)
    {
        if (_copies.TryGetValue(id, out var copy))
        {
            copy.IsStale = true;
        }
    }

    /// <summary>A stale copy stands in the way of a new Parse under the same name: true when it is to be closed first; it is gone from here.</summary>
    public bool TakeStale(Statement statement)
    {
        if (!_copies.ContainsKey(statement.Id))
        {
            return false;
        }

        Remove(statement.Id);
        _closing.Add(statement);
        return true;
    }

    /// <summary>A Parse for it is being sent. It counts as held until its answer says otherwise.</summary>
    public void Add(Statement statement)
    {
        var copy = new Copy(statement) { LastBatch = _batch };
        _copies.Add(statement.Id, copy);
        LinkNewest(copy);
    }

    /// <summary>The copy to close so that another fits, if the server holds <paramref name="capacity"/> or more; it is gone from here at once.</summary>
    public bool TryEvict(int capacity, out Statement evicted)
    {
        if (_copies.Count >= capacity && _oldest is { } oldest && oldest.LastBatch != _batch)
        {
            evicted = oldest.Statement;
            Remove(oldest.Id);
            _closing.Add(evicted);
            return true;
        }

        evicted = null!;
        return false;
    }

    /// <summary>The Close of an evicted copy was carried out.</summary>
    public void Closed(int id) => _closing.RemoveAll(s => s.Id == id);

    /// <summary>The Close of an evicted copy was skipped: the server holds it still.</summary>
    public void Restore(int id)
    {
        if (_closing.Find(s => s.Id == id) is { } statement)
        {
            Closed(id);
            // A Parse sent behind the Close is skipped with it; its failure must not take the old copy off the books.
            if (_copies.TryGetValue(id, out var copy))
            {
                copy.OutlivesParse = true;
            }
            else
            {
                Add(statement);
            }

            MarkStale(id);
        }
    }

    /// <summary>Its Parse failed, or the server says that it does not know it.</summary>
    public void Remove(int id)
    {
        if (_copies.TryGetValue(id, out var held) && held.OutlivesParse)
        {
            held.OutlivesParse = false;
            return;
        }

        if (_copies.Remove(id, out var copy))
        {
            Unlink(copy);
        }
    }

    /// <summary>The server dropped them all: DISCARD ALL, DEALLOCATE ALL.</summary>
    public void Clear()
    {
        _copies.Clear();
        _closing.Clear();
        _newest = _oldest = null;
    }

    private void LinkNewest(Copy copy)
    {
        copy.Older = _newest;
        copy.Newer = null;
        if (_newest is not null)
        {
            _newest.Newer = copy;
        }

        _newest = copy;
        _oldest ??= copy;
    }

    private void Unlink(Copy copy)
    {
        if (copy.Newer is null)
        {
            _newest = copy.Older;
        }
        else
        {
            copy.Newer.Older = copy.Older;
        }

        if (copy.Older is null)
        {
            _oldest = copy.Newer;
        }
        else
        {
            copy.Older.Newer = copy.Newer;
        }

        copy.Newer = copy.Older = null;
    }

    private sealed class Copy(Statement statement)
    {
        public readonly Statement Statement = statement;
        public long LastBatch;
        public bool IsStale;
        public bool OutlivesParse;
        public Copy? Newer;
        public Copy? Older;

        public int Id => Statement.Id;
    }
}
