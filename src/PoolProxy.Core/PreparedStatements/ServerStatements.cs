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
    private int _settings;
    private int _settingsAtReset;

    public int Count => _copies.Count;

    /// <summary>How many batches were sent: a Parse of an earlier one may still fail with its batch.</summary>
    public long SentBatches { get; private set; }

    /// <summary>A batch of the client was sent to its end (Sync or Query).</summary>
    public void BatchSent() => SentBatches++;

    /// <summary>A batch of the client ends here (ReadyForQuery): what it used may be closed again.</summary>
    public void EndBatch() => _batch++;

    /// <summary>
    /// Whether the server holds a copy that serves a client whose folded parameters are these; if so it counts as used by the batch under
    /// way. A copy prepared under other parameters than the statement's key says (isolation.md §6) serves only who has those.
    /// </summary>
    public CopyUse Touch(Statement statement, object folded)
    {
        if (_newest is { IsPlain: true } newest && ReferenceEquals(newest.Statement, statement))
        {
            newest.LastBatch = _batch;
            return CopyUse.Usable;
        }

        // Ids begin anew some day: one that a forgotten statement had may be another's by then.
        if (!_copies.TryGetValue(statement.Id, out var copy) || !ReferenceEquals(copy.Statement, statement) || copy.IsStale || !Fits(copy, folded))
        {
            return CopyUse.Missing;
        }

        if (!copy.IsParsed && copy.SentBatch != SentBatches)
        {
            return CopyUse.Unsettled;
        }

        copy.LastBatch = _batch;
        Unlink(copy);
        LinkNewest(copy);
        return CopyUse.Usable;
    }

    /// <summary>Whether <see cref="Touch"/> would find a copy that is usable and sure. Changes nothing.</summary>
    public bool Holds(Statement statement, object folded) =>
        _copies.TryGetValue(statement.Id, out var copy) && ReferenceEquals(copy.Statement, statement) && copy is { IsParsed: true, IsStale: false } && Fits(copy, folded);

    /// <summary>
    /// As <see cref="Touch"/>, but a copy is usable only if a Parse of today would make the same: nothing has changed since it was made that
    /// PostgreSQL does not look after itself.
    /// </summary>
    /// <param name="statement">The statement.</param>
    /// <param name="folded">The client's folded parameters.</param>
    /// <param name="schema">The time of the database's <see cref="SchemaClock"/>.</param>
    public CopyUse TouchCurrent(Statement statement, object folded, long schema)
    {
        var use = Touch(statement, folded);
        return use == CopyUse.Usable && (_newest!.Schema != schema || _newest.Settings != _settings) ? CopyUse.Missing : use;
    }

    /// <summary>Settings may have changed that a Parse depends on, in this session alone: no copy from before is current.</summary>
    public void SettingsChanged() => _settings++;

    /// <summary>Settings are as after the login again: what was made since they were changed is no more current than what was made before, if that was so.</summary>
    public void SettingsReset()
    {
        if (_settings != _settingsAtReset)
        {
            _settingsAtReset = ++_settings;
        }
    }

    /// <summary>Its Parse was answered: the server holds it.</summary>
    public void Parsed(int id)
    {
        if (_copies.TryGetValue(id, out var copy))
        {
            copy.IsParsed = true;
        }
    }

    /// <summary>The copy's plan no longer fits the tables: it has to be closed and prepared again.</summary>
    public void MarkStale(int id)
    {
        if (_copies.TryGetValue(id, out var copy))
        {
            copy.IsStale = true;
        }
    }

    /// <summary>The server says that it holds one after all, which is not the one that was to be prepared.</summary>
    public void MarkHeld(int id)
    {
        if (_copies.TryGetValue(id, out var copy))
        {
            copy.OutlivesParse = false;
            copy.IsStale = true;
        }
    }

    /// <summary>A copy that cannot be used stands in the way of a new Parse under the same name: true when it is to be closed first; it is gone from here.</summary>
    public bool TakeUnusable(Statement statement)
    {
        if (!_copies.Remove(statement.Id, out var copy))
        {
            return false;
        }

        Unlink(copy);
        _closing.Add(copy.Statement);
        return true;
    }

    /// <summary>
    /// A Parse for it is being sent at a time of the <see cref="SchemaClock"/>, while these folded parameters are in force; null where the batch may just have changed them. It counts
    /// as held until its answer says otherwise, but only for the batch under way.
    /// </summary>
    public void Add(Statement statement, object? folded, long schema)
    {
        var copy = new Copy(statement, folded, schema, _settings) { LastBatch = _batch, SentBatch = SentBatches };
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
                Add(statement, folded: null, schema: -1);
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

    /// <summary>
    /// A client's DISCARD ALL or DEALLOCATE ALL was answered: the server has dropped them all. Answers come in the order of the requests, so that what is not parsed yet stands behind it
    /// and stays.
    /// </summary>
    public void Dropped()
    {
        foreach (var copy in _copies.Values.Where(static copy => copy.IsParsed).ToArray())
        {
            _ = _copies.Remove(copy.Id);
            Unlink(copy);
        }

        _closing.Clear();
    }

    /// <summary>The server has dropped them all, or will have before it sees another: DISCARD ALL, DEALLOCATE ALL of the proxy's own.</summary>
    public void Clear()
    {
        _copies.Clear();
        _closing.Clear();
        _newest = _oldest = null;
    }

    private bool Fits(Copy copy, object folded) =>
        copy.Folded is { } under ? ReferenceEquals(under, copy.Statement.Folded) || ReferenceEquals(under, folded) : copy.SentBatch == SentBatches;

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

    private sealed class Copy(Statement statement, object? folded, long schema, int settings)
    {
        public readonly Statement Statement = statement;
        public readonly object? Folded = folded;
        public readonly long Schema = schema;
        public readonly int Settings = settings;
        public long LastBatch;
        public long SentBatch;
        public bool OutlivesParse;
        public Copy? Newer;
        public Copy? Older;
        private readonly bool _isUnderItsKey = ReferenceEquals(folded, statement.Folded);

        public int Id => Statement.Id;

        /// <summary>Anybody may use it, now.</summary>
        public bool IsPlain { get; private set; }

        public bool IsParsed
        {
            get;
            set
            {
                field = value;
                IsPlain = field && !IsStale && _isUnderItsKey;
            }
        }

        public bool IsStale
        {
            get;
            set
            {
                field = value;
                IsPlain = !field && IsParsed && _isUnderItsKey;
            }
        }
    }
}
