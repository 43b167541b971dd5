using System.Diagnostics;

namespace PoolProxy.Core.Telemetry;

/// <summary>
/// A bounded queue and the one thread that empties it. Whoever has something hands it over and goes on; what finds no room is lost and counted, and the
/// count is written when there is room again.
/// </summary>
/// <remarks>
/// Any thread may call any method. The lock is held for moments only (put one in, take all); nothing is written or called under it.
/// </remarks>
internal sealed class WriterQueue<T>(string name, IQueueWriter<T> writer) : IDisposable
{
    private const int FirstCapacity = 64;

    private static readonly TimeSpan DisposeDeadline = TimeSpan.FromSeconds(5);

    private readonly object _gate = new();
    private Thread? _thread;
    private T[] _filling = new T[FirstCapacity];
    private T[] _writing = new T[FirstCapacity];
    private int _count;
    private long _unreported;
    private long _dropped;

    // Items and openings, asked for and carried out: what Flush waits for. The first opening is asked for from the start.
    private long _asked = 1;
    private long _done;
    private int _openings = 1;
    private bool _isStopping;

    /// <summary>Items that wait now.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Items lost since the start: the queue was full, or the target failed.</summary>
    public long DroppedCount => Interlocked.Read(ref _dropped);

    /// <summary>It is ending: nothing is taken any more.</summary>
    public bool IsStopping => Volatile.Read(ref _isStopping);

    /// <summary>Starts the thread; once, when the writer is ready for it.</summary>
    public void Start()
    {
        _thread = new Thread(Run) { IsBackground = true, Name = name };
        _thread.Start();
    }

    /// <summary>Hands an item over. False where fewer than <paramref name="bound"/> may wait already, or the queue is ending: then it is lost, and counted.</summary>
    public bool TryAdd(T item, int bound)
    {
        lock (_gate)
        {
            if (_isStopping || _count >= bound)
            {
                CountLost(1);
                return false;
            }

            if (_count == _filling.Length)
            {
                Array.Resize(ref _filling, 2 * _count);
            }

            _filling[_count++] = item;
            _asked++;
            if (_count == 1)
            {
                Monitor.PulseAll(_gate);
            }

            return true;
        }
    }

    /// <summary>Has the target opened again before the next item.</summary>
    public void Reopen()
    {
        lock (_gate)
        {
            _openings++;
            _asked++;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>
    /// For the writer, in the middle of a batch: waits until the target is to be opened again, which counts as done then, for
    /// <paramref name="longest"/> or until the end begins. True where it is to be opened.
    /// </summary>
    public bool WaitForOpening(TimeSpan longest)
    {
        lock (_gate)
        {
            if (_openings == 0 && !_isStopping)
            {
                Monitor.Wait(_gate, longest);
            }

            var isAsked = _openings > 0;
            _done += _openings;
            _openings = 0;
            return isAsked;
        }
    }

    /// <summary>Waits until what was asked for so far, openings too, is carried out; false where that took longer than <paramref name="deadline"/>.</summary>
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
                {
                    return _done >= goal;
                }
            }

            return true;
        }
    }

    /// <summary>Nothing is taken any more; what waits is still written.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            _isStopping = true;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Counts what was lost elsewhere than here.</summary>
    public void CountLost(long count)
    {
        Interlocked.Add(ref _dropped, count);
        Interlocked.Add(ref _unreported, count);
    }

    /// <summary>Writes what is queued and ends the thread. A target that hangs is left behind after 5 seconds.</summary>
    public void Dispose()
    {
        Stop();
        _thread?.Join(DisposeDeadline);
    }

    // One turn a batch: the whole queue at once, so that one lock serves many items. What was lost to a full queue came after all of the batch: so does
    // its count.
    private void Run()
    {
        while (TryTake(out var count, out var lost, out var openings))
        {
            writer.BatchTaken();
            if (openings > 0)
            {
                writer.Open();
            }

            var failed = writer.Write(_writing.AsSpan(0, count));
            if (lost > 0 && !writer.WriteLoss(lost))
            {
                Interlocked.Add(ref _unreported, lost);
            }

            lock (_gate)
            {
                CountLost(failed);
                _done += count + openings;
                Monitor.PulseAll(_gate);
            }
        }

        writer.Close();
    }

    private bool TryTake(out int count, out long lost, out int openings)
    {
        lock (_gate)
        {
            while (_count == 0 && _openings == 0 && !_isStopping)
            {
                Monitor.Wait(_gate);
            }

            (_filling, _writing) = (_writing, _filling);
            (count, lost, openings) = (_count, Interlocked.Exchange(ref _unreported, 0), _openings);
            _count = 0;
            _openings = 0;
            return !_isStopping || count > 0 || openings > 0;
        }
    }
}
