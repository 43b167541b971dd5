using System.Diagnostics;

namespace PoolProxy.Core.Telemetry;

/// <summary>
/// A bounded queue of lines and the one thread that writes them. Whoever has a line hands it over and goes on: where the
/// queue is full the line is dropped and counted, and the count is written as a line of its own when there is room again.
/// </summary>
/// <remarks>
/// Any thread may call any method. The lock is held for moments only (put a line, take them all); no I/O happens
/// under it. Lines are whole, with their line feed, and must not be changed after they were handed over.
/// </remarks>
internal sealed class LineWriter : IDisposable
{
    private static readonly TimeSpan DisposeDeadline = TimeSpan.FromSeconds(5);

    private readonly object _gate = new();
    private readonly Func<long, byte[]> _lossNotice;
    private readonly Action<string, Exception> _onFault;
    private readonly Thread _thread;
    private byte[][] _filling;
    private byte[][] _writing;
    private LineTarget _target;
    private int _count;
    private long _unreported;
    private long _dropped;
    // Lines and reopenings, asked for and carried out: what Flush waits for. The first opening is asked for from the start.
    private long _asked = 1;
    private long _done;
    private int _reopenings = 1;
    private bool _isStopping;

    /// <summary>Starts the thread.</summary>
    /// <param name="target">Where lines go.</param>
    /// <param name="capacity">How many lines may wait; at least 1.</param>
    /// <param name="lossNotice">Makes the line that says how many were lost.</param>
    /// <param name="onFault">Told on the writer's thread of the first fault in a row of faults, with the target's name. Must not call back into this writer.</param>
    public LineWriter(LineTarget target, int capacity, Func<long, byte[]> lossNotice, Action<string, Exception> onFault)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _target = target;
        _lossNotice = lossNotice;
        _onFault = onFault;
        _filling = new byte[capacity][];
        _writing = new byte[capacity][];
        _thread = new Thread(Run) { IsBackground = true, Name = $"lines {target.Name}" };
        _thread.Start();
    }

    /// <summary>Lines lost since the start: the queue was full, or the target failed.</summary>
    public long DroppedCount => Interlocked.Read(ref _dropped);

    /// <summary>Hands a line over; false where it was dropped. Never waits for the target.</summary>
    public bool TryWrite(byte[] line)
    {
        lock (_gate)
        {
            if (_isStopping || _count == _filling.Length)
            {
                CountLost(1);
                return false;
            }

            _filling[_count++] = line;
            _asked++;
            if (_count == 1)
                Monitor.PulseAll(_gate);
            return true;
        }
    }

    /// <summary>
    /// Opens the target again before the next line, at SIGHUP: the same, or <paramref name="target"/>. Where the new one
    /// cannot be opened the old one stays in use, and the fault is told.
    /// </summary>
    public void Reopen(LineTarget? target = null)
    {
        lock (_gate)
        {
            _target = target ?? _target;
            _reopenings++;
            _asked++;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Waits until what was asked for so far, reopenings too, is carried out; false where that took longer than <paramref name="deadline"/>.</summary>
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
        lock (_gate)
        {
            _isStopping = true;
            Monitor.PulseAll(_gate);
        }

        _thread.Join(DisposeDeadline);
    }

    // The writer's thread: one turn a batch. It takes the whole queue at once, so that one lock serves many lines, and
    // writes them without the lock. Lines lost to a full queue came after all lines of the batch: so does their count.
    private void Run()
    {
        Stream? stream = null;
        var isFaulted = false;
        while (TakeBatch(out var batch))
        {
            if (batch.Target is not null)
                OpenAgain(batch.Target, ref stream, ref isFaulted);
            var failed = WriteAll(stream, _writing.AsSpan(0, batch.LineCount), ref isFaulted);
            if (batch.LostCount > 0 && WriteAll(stream, [_lossNotice(batch.LostCount)], ref isFaulted) > 0)
                Interlocked.Add(ref _unreported, batch.LostCount);
            lock (_gate)
            {
                CountLost(failed);
                _done += batch.LineCount + batch.Reopenings;
                Monitor.PulseAll(_gate);
            }
        }

        stream?.Dispose();
    }

    private bool TakeBatch(out Batch batch)
    {
        lock (_gate)
        {
            while (_count == 0 && _reopenings == 0 && !_isStopping)
                Monitor.Wait(_gate);

            (_filling, _writing) = (_writing, _filling);
            batch = new(_count, Interlocked.Exchange(ref _unreported, 0), _reopenings, _reopenings > 0 ? _target : null);
            _count = 0;
            _reopenings = 0;
            return !_isStopping || batch.LineCount > 0 || batch.Reopenings > 0;
        }
    }

    private void OpenAgain(LineTarget target, ref Stream? stream, ref bool isFaulted)
    {
        try
        {
            var opened = target.Open();
            stream?.Dispose();
            stream = opened;
            isFaulted = false;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            Tell(target, exception, ref isFaulted);
        }
    }

    // Answers how many lines were lost.
    private int WriteAll(Stream? stream, ReadOnlySpan<byte[]> lines, ref bool isFaulted)
    {
        var lost = 0;
        foreach (var line in lines)
        {
            if (stream is null)
            {
                lost++;
                continue;
            }

            try
            {
                stream.Write(line);
                isFaulted = false;
            }
            catch (IOException exception)
            {
                lost++;
                Tell(_target, exception, ref isFaulted);
            }
        }

        return lost;
    }

    private void Tell(LineTarget target, Exception exception, ref bool isFaulted)
    {
        if (!isFaulted)
            _onFault(target.Name, exception);
        isFaulted = true;
    }

    private void CountLost(long count)
    {
        if (count == 0)
            return;
        Interlocked.Add(ref _dropped, count);
        Interlocked.Add(ref _unreported, count);
    }

    // What one turn takes: the first LineCount of _writing, the losses that came after them, and the target where it is to be opened first.
    private readonly record struct Batch(int LineCount, long LostCount, int Reopenings, LineTarget? Target);
}
