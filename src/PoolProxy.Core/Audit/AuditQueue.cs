using System.Diagnostics;

namespace PoolProxy.Core.Audit;

/// <summary>
/// A bounded queue of records and the one thread that writes them. Recording never waits. Where the queue is full, or the target takes nothing, records
/// are lost and counted (<c>drop</c>), or kept until they can be written (<c>block</c>): then whoever would cause more has to look at
/// <see cref="IsFull"/> first, and records of what is under way already are taken beyond the bound.
/// </summary>
/// <remarks>Any thread may call any method. The lock is held for moments; no I/O happens under it.</remarks>
internal sealed class AuditQueue : IDisposable
{
    private static readonly TimeSpan DisposeDeadline = TimeSpan.FromSeconds(5);

    /// <summary>How long a target that takes nothing is left alone, under <c>block</c>.</summary>
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);

    private readonly object _gate = new();
    private readonly Func<long, byte[]> _lossNotice;
    private readonly ChainFile _file;
    private readonly Thread _thread;
    private AuditEntry[] _filling = new AuditEntry[64];
    private AuditEntry[] _writing = new AuditEntry[64];
    private List<Action> _waiters = [];
    private AuditQueueSettings _settings;
    private int _count;
    private long _unreported;
    private long _dropped;

    // Records and openings, asked for and carried out: what Flush waits for.
    private long _asked = 1;
    private long _done;
    private int _openings = 1;
    private bool _isStopping;

    /// <summary>Starts the thread.</summary>
    /// <param name="file">The writer's thread's from here on.</param>
    /// <param name="settings">Where to, and how much may wait.</param>
    /// <param name="lossNotice">Makes the line that says how many were lost.</param>
    public AuditQueue(ChainFile file, AuditQueueSettings settings, Func<long, byte[]> lossNotice)
    {
        _file = file;
        _settings = settings;
        _lossNotice = lossNotice;
        _thread = new Thread(Run) { IsBackground = true, Name = "audit" };
        _thread.Start();
    }

    /// <summary>Records lost since the start: the queue was full, or the target failed.</summary>
    public long DroppedCount => Interlocked.Read(ref _dropped);

    /// <summary>Records that wait now.</summary>
    public int WaitingCount => Volatile.Read(ref _count);

    /// <summary>Under <c>block</c>: nothing may begin now that will leave a record.</summary>
    public bool IsFull
    {
        get
        {
            var settings = Volatile.Read(ref _settings);
            return settings.Blocks && Volatile.Read(ref _count) >= settings.Capacity;
        }
    }

    /// <summary>
    /// Hands a record over; its array is this queue's from here on. Under <c>block</c> one <paramref name="isOwed"/>, of something that was let begin, is
    /// taken beyond the bound, and others up to twice the bound. False where it was lost.
    /// </summary>
    public bool Add(AuditEntry entry, bool isOwed)
    {
        lock (_gate)
        {
            var bound = !_settings.Blocks ? _settings.Capacity : isOwed ? int.MaxValue : 2 * _settings.Capacity;
            if (_isStopping || _settings.Target is null || _count >= bound)
            {
                CountLost(1);
                entry.Release();
                return false;
            }

            if (_count == _filling.Length)
                Array.Resize(ref _filling, 2 * _count);
            _filling[_count++] = entry;
            _asked++;
            if (_count == 1)
                Monitor.PulseAll(_gate);
            return true;
        }
    }

    /// <summary>
    /// Has <paramref name="action"/> called once there is room, on whichever thread makes it, without the lock. False where there is room now.
    /// </summary>
    public bool WhenRoom(Action action)
    {
        lock (_gate)
        {
            if (!IsFull || _isStopping)
                return false;
            _waiters.Add(action);
            return true;
        }
    }

    /// <summary>New settings; the target is opened again before the next record even if it is the same, so that a rotated file is let go.</summary>
    public void Apply(AuditQueueSettings settings)
    {
        List<Action>? waiters;
        lock (_gate)
        {
            Volatile.Write(ref _settings, settings);
            _openings++;
            _asked++;
            waiters = TakeWaiters();
            Monitor.PulseAll(_gate);
        }

        waiters?.ForEach(waiter => waiter());
    }

    /// <summary>Waits until what was asked for so far is carried out; false where that took longer than <paramref name="deadline"/>.</summary>
    public bool Flush(TimeSpan deadline)
    {
        var start = Stopwatch.GetTimestamp();
        lock (_gate)
        {
            var goal = _asked;
            while (_done < goal)
            {
                var left = deadline - Stopwatch.GetElapsedTime(start);
                if (left <= TimeSpan.Zero || !Monitor.Wait(_gate, left))
                    return _done >= goal;
            }

            return true;
        }
    }

    /// <summary>Writes what is queued and ends the thread. A target that hangs is left behind after 5 seconds.</summary>
    public void Dispose()
    {
        List<Action>? waiters;
        lock (_gate)
        {
            _isStopping = true;
            waiters = TakeWaiters();
            Monitor.PulseAll(_gate);
        }

        waiters?.ForEach(waiter => waiter());
        _thread.Join(DisposeDeadline);
    }

    // The writer's thread: one turn a batch, written without the lock. Records lost to a full queue came after all of the batch: so does their count.
    private void Run()
    {
        while (Take(out var count, out var lost, out var openings))
        {
            if (openings > 0)
                Open();
            Write(_writing.AsSpan(0, count), isKept: true);
            if (lost > 0 && !Write([AuditEntry.Of(_lossNotice(lost))], isKept: false))
                Interlocked.Add(ref _unreported, lost);
            lock (_gate)
            {
                _done += count + openings;
                Monitor.PulseAll(_gate);
            }
        }

        _file.Dispose();
    }

    private bool Take(out int count, out long lost, out int openings)
    {
        List<Action>? waiters;
        bool goesOn;
        lock (_gate)
        {
            while (_count == 0 && _openings == 0 && !_isStopping)
                Monitor.Wait(_gate);

            (_filling, _writing) = (_writing, _filling);
            (count, lost, openings) = (_count, Interlocked.Exchange(ref _unreported, 0), _openings);
            _count = 0;
            _openings = 0;
            waiters = TakeWaiters();
            goesOn = !_isStopping || count > 0 || openings > 0;
        }

        waiters?.ForEach(waiter => waiter());
        return goesOn;
    }

    private void Open()
    {
        var settings = Volatile.Read(ref _settings);
        _file.Use(settings.Target, settings.Key);
    }

    /// <summary>Writes all, or loses and counts what cannot be; under <c>block</c> tries again for as long as it takes. False where something was lost.</summary>
    private bool Write(ReadOnlySpan<AuditEntry> entries, bool isKept)
    {
        while (!entries.IsEmpty)
        {
            var written = _file.Write(entries);
            Release(entries[..written]);
            entries = entries[written..];
            if (!entries.IsEmpty && !(isKept && WaitToTryAgain()))
            {
                if (isKept)
                    CountLost(entries.Length);
                Release(entries);
                return false;
            }
        }

        return true;
    }

    private static void Release(ReadOnlySpan<AuditEntry> entries)
    {
        foreach (var entry in entries)
            entry.Release();
    }

    private bool WaitToTryAgain()
    {
        bool isReopened;
        lock (_gate)
        {
            if (_isStopping || !_settings.Blocks || _settings.Target is null)
                return false;
            if (_openings == 0)
                Monitor.Wait(_gate, RetryInterval);
            isReopened = _openings > 0;
            _done += _openings;
            _openings = 0;
        }

        if (isReopened)
            Open();
        return true;
    }

    private List<Action>? TakeWaiters()
    {
        if (_waiters.Count == 0)
            return null;
        var waiters = _waiters;
        _waiters = [];
        return waiters;
    }

    private void CountLost(long count)
    {
        Interlocked.Add(ref _dropped, count);
        Interlocked.Add(ref _unreported, count);
    }
}
