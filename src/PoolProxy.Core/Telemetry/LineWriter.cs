namespace PoolProxy.Core.Telemetry;

/// <summary>
/// Writes lines to a target by a <see cref="WriterQueue{T}"/>: whoever has a line hands it over and goes on, and lines that find no room, or a target that
/// fails, are lost and counted.
/// </summary>
/// <remarks>Any thread may call any method. Lines are whole, with their line feed, and must not be changed after they were handed over.</remarks>
internal sealed class LineWriter : IQueueWriter<byte[]>, IDisposable
{
    private readonly WriterQueue<byte[]> _queue;
    private readonly int _capacity;
    private readonly Func<long, byte[]> _lossNotice;
    private readonly Action<string, Exception> _onFault;
    private volatile LineTarget _target;

    // The queue's thread's.
    private Stream? _stream;
    private bool _isFaulted;

    /// <summary>Starts the thread.</summary>
    /// <param name="target">Where lines go.</param>
    /// <param name="capacity">How many lines may wait; at least 1.</param>
    /// <param name="lossNotice">Makes the line that says how many were lost.</param>
    /// <param name="onFault">Told on the writer's thread of the first fault in a row of faults, with the target's name. Must not call back into this writer.</param>
    public LineWriter(LineTarget target, int capacity, Func<long, byte[]> lossNotice, Action<string, Exception> onFault)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _target = target;
        _capacity = capacity;
        _lossNotice = lossNotice;
        _onFault = onFault;
        _queue = new WriterQueue<byte[]>($"lines {target.Name}", this);
        _queue.Start();
    }

    /// <inheritdoc cref="WriterQueue{T}.DroppedCount"/>
    public long DroppedCount => _queue.DroppedCount;

    /// <summary>Hands a line over; false where it was dropped. Never waits for the target.</summary>
    public bool TryWrite(byte[] line) => _queue.TryAdd(line, _capacity);

    /// <summary>
    /// Opens the target again before the next line, at SIGHUP: the same, or <paramref name="target"/>. Where the new one
    /// cannot be opened the old one stays in use, and the fault is told.
    /// </summary>
    public void Reopen(LineTarget? target = null)
    {
        _target = target ?? _target;
        _queue.Reopen();
    }

    /// <inheritdoc cref="WriterQueue{T}.Flush"/>
    public bool Flush(TimeSpan deadline) => _queue.Flush(deadline);

    /// <inheritdoc cref="WriterQueue{T}.Dispose"/>
    public void Dispose() => _queue.Dispose();

    void IQueueWriter<byte[]>.BatchTaken()
    {
    }

    void IQueueWriter<byte[]>.Open()
    {
        var target = _target;
        try
        {
            var opened = target.Open();
            _stream?.Dispose();
            _stream = opened;
            _isFaulted = false;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            Tell(target, exception);
        }
    }

    int IQueueWriter<byte[]>.Write(ReadOnlySpan<byte[]> batch)
    {
        var lost = 0;
        foreach (var line in batch)
        {
            lost += TryWriteNow(line) ? 0 : 1;
        }

        return lost;
    }

    bool IQueueWriter<byte[]>.WriteLoss(long count) => TryWriteNow(_lossNotice(count));

    void IQueueWriter<byte[]>.Close() => _stream?.Dispose();

    private bool TryWriteNow(byte[] line)
    {
        if (_stream is null)
        {
            return false;
        }

        try
        {
            _stream.Write(line);
            _isFaulted = false;
            return true;
        }
        catch (IOException exception)
        {
            Tell(_target, exception);
            return false;
        }
    }

    private void Tell(LineTarget target, Exception exception)
    {
        if (!_isFaulted)
        {
            _onFault(target.Name, exception);
        }

        _isFaulted = true;
    }
}
