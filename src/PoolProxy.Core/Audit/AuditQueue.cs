using PoolProxy.Core.Telemetry;

namespace PoolProxy.Core.Audit;

/// <summary>
/// Records on their way to the trail, by a <see cref="WriterQueue{T}"/>. Recording never waits. Where the queue is full, or the target takes nothing, records
/// are lost and counted (<c>drop</c>), or kept until they can be written (<c>block</c>): then whoever would cause more has to look at
/// <see cref="IsFull"/> first, and records of what is under way already are taken beyond the bound.
/// </summary>
/// <remarks>Any thread may call any method.</remarks>
internal sealed class AuditQueue : IQueueWriter<AuditEntry>, IDisposable
{
    /// <summary>How long a target that takes nothing is left alone, under <c>block</c>.</summary>
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);

    private readonly WriterQueue<AuditEntry> _queue;
    private readonly Func<long, byte[]> _lossNotice;
    private readonly ChainFile _file;
    private readonly Lock _waitersGate = new();
    private List<Action> _waiters = [];
    private volatile AuditQueueSettings _settings;

    /// <summary>Starts the thread.</summary>
    /// <param name="file">The writer's thread's from here on.</param>
    /// <param name="settings">Where to, and how much may wait.</param>
    /// <param name="lossNotice">Makes the line that says how many were lost.</param>
    public AuditQueue(ChainFile file, AuditQueueSettings settings, Func<long, byte[]> lossNotice)
    {
        _file = file;
        _settings = settings;
        _lossNotice = lossNotice;
        _queue = new WriterQueue<AuditEntry>("audit", this);
        _queue.Start();
    }

    /// <summary>Records lost since the start: the queue was full, or the target failed.</summary>
    public long DroppedCount => _queue.DroppedCount;

    /// <summary>Records that wait now.</summary>
    public int WaitingCount => _queue.Count;

    /// <summary>Under <c>block</c>: nothing may begin now that will leave a record.</summary>
    public bool IsFull => _settings is { Blocks: true } settings && _queue.Count >= settings.Capacity;

    /// <summary>
    /// Hands a record over; its array is this queue's from here on. Under <c>block</c> one <paramref name="isOwed"/>, of something that was let begin, is
    /// taken beyond the bound, and others up to twice the bound. False where it was lost.
    /// </summary>
    public bool Add(AuditEntry entry, bool isOwed)
    {
        var settings = _settings;
        var bound = settings.Target is null ? 0 : !settings.Blocks ? settings.Capacity : isOwed ? int.MaxValue : 2 * settings.Capacity;
        if (_queue.TryAdd(entry, bound))
        {
            return true;
        }

        entry.Release();
        return false;
    }

    /// <summary>
    /// Has <paramref name="action"/> called once there is room, on whichever thread makes it, without a lock. False where there is room now.
    /// </summary>
    public bool WhenRoom(Action action)
    {
        // Room is made first and told afterwards, under this lock: who sees none here is told.
        lock (_waitersGate)
        {
            if (!IsFull || _queue.IsStopping)
            {
                return false;
            }

            _waiters.Add(action);
            return true;
        }
    }

    /// <summary>New settings; the target is opened again before the next record even if it is the same, so that a rotated file is let go.</summary>
    public void Apply(AuditQueueSettings settings)
    {
        _settings = settings;
        _queue.Reopen();
        TellRoom();
    }

    /// <inheritdoc cref="WriterQueue{T}.Flush"/>
    public bool Flush(TimeSpan deadline) => _queue.Flush(deadline);

    /// <inheritdoc cref="WriterQueue{T}.Dispose"/>
    public void Dispose()
    {
        _queue.Stop();
        TellRoom();
        _queue.Dispose();
    }

    void IQueueWriter<AuditEntry>.BatchTaken() => TellRoom();

    void IQueueWriter<AuditEntry>.Open() => Open();

    /// <summary>Writes all, or loses what cannot be; under <c>block</c> tries again for as long as it takes.</summary>
    int IQueueWriter<AuditEntry>.Write(ReadOnlySpan<AuditEntry> batch)
    {
        batch = WriteOnce(batch);
        while (!batch.IsEmpty && WaitToTryAgain())
        {
            batch = WriteOnce(batch);
        }

        Release(batch);
        return batch.Length;
    }

    bool IQueueWriter<AuditEntry>.WriteLoss(long count)
    {
        var left = WriteOnce([AuditEntry.Of(_lossNotice(count))]);
        Release(left);
        return left.IsEmpty;
    }

    void IQueueWriter<AuditEntry>.Close() => _file.Dispose();

    private static void Release(ReadOnlySpan<AuditEntry> entries)
    {
        foreach (var entry in entries)
        {
            entry.Release();
        }
    }

    private void Open()
    {
        var settings = _settings;
        _file.Use(settings.Target, settings.Key);
    }

    /// <summary>What could not be written.</summary>
    private ReadOnlySpan<AuditEntry> WriteOnce(ReadOnlySpan<AuditEntry> entries)
    {
        var written = _file.Write(entries);
        Release(entries[..written]);
        return entries[written..];
    }

    private bool WaitToTryAgain()
    {
        if (_queue.IsStopping || _settings is not { Blocks: true, Target: not null })
        {
            return false;
        }

        if (_queue.WaitForOpening(RetryInterval))
        {
            Open();
        }

        return true;
    }

    private void TellRoom()
    {
        List<Action> waiters;
        lock (_waitersGate)
        {
            if (_waiters.Count == 0)
            {
                return;
            }

            waiters = _waiters;
            _waiters = [];
        }

        waiters.ForEach(waiter => waiter());
    }
}
