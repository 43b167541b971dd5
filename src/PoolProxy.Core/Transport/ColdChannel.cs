using System.Diagnostics;
using System.Threading.Tasks.Sources;
using PoolProxy.Core.Loops;

namespace PoolProxy.Core.Transport;

/// <summary>
/// A connection as asynchronous code sees it, during startup, login and on the console: messages are read whole, one awaited read at a time.
/// It makes itself the connection's handler and starts reading; <see cref="Detach"/> ends that and gives out what was not read. Awaited reads
/// throw <see cref="ConnectionEndedException"/> when the connection has ended (what had come whole before is still read) or is closed by
/// anyone, and <see cref="ProtocolViolationException"/> for a length out of bounds, before anything is allocated for it.
/// Bound: reading from the socket stops while <see cref="HighWaterBytes"/> are unread and nobody waits for more.
/// </summary>
internal sealed class ColdChannel
    : IConnectionHandler, IDisposable, IValueTaskSource<ColdMessage>, IValueTaskSource<ReadOnlyMemory<byte>>, IValueTaskSource<byte>, IValueTaskSource
{
    /// <summary>Unread bytes at which the peer is held up.</summary>
    public const int HighWaterBytes = 16 * 1024;

    private readonly ColdInput _input;
    private ManualResetValueTaskSourceCore<ColdMessage> _read = new() { RunContinuationsAsynchronously = true };
    private ManualResetValueTaskSourceCore<bool> _flush = new() { RunContinuationsAsynchronously = true };
    private ColdRead _wanted;
    private bool _isFlushing;
    private bool _isDetached;
    private ConnectionEnd? _end;

    /// <param name="connection">Its connection, from here on.</param>
    /// <param name="received">What has been read of it already.</param>
    public ColdChannel(Connection connection, ReadOnlySpan<byte> received = default)
    {
        Connection = connection;
        _input = new ColdInput(connection.Loop.Buffers);
        if (!received.IsEmpty)
        {
            _input.Append(received);
        }

        connection.Handler = this;
        connection.StartReading();
    }

    public Connection Connection { get; }

    /// <summary>Bytes that have come and were not read: none may be there when TLS begins by agreement (CVE-2021-23214, CVE-2021-3935).</summary>
    public int BufferedBytes => _input.Count;

    /// <summary>How the connection ended, from either side; null while it lives. To be asked after each await of something else.</summary>
    public ConnectionEnd? End => _end ?? (Connection.IsClosed ? new ConnectionEnd(ConnectionEndKind.ClosedHere) : null);

    /// <summary>Told once when the peer has ended the connection and nothing of the channel is awaited, which would say so by itself.</summary>
    public Action? Left { get; set; }

    private bool IsWanted => _wanted.Kind != ColdReadKind.None;

    /// <summary>The next byte, which stays unread: tells direct TLS (0x16) from a startup packet.</summary>
    public ValueTask<byte> PeekByteAsync() =>
        Begin(new ColdRead(ColdReadKind.Peek), out var message, out var failure) ? new(message.Type)
        : failure is not null ? ValueTask.FromException<byte>(failure)
        : new((IValueTaskSource<byte>)this, _read.Version);

    /// <summary>The next byte alone: the answer to SSLRequest and GSSENCRequest has no length.</summary>
    public ValueTask<byte> ReadByteAsync() =>
        Begin(new ColdRead(ColdReadKind.Byte), out var message, out var failure) ? new(message.Type)
        : failure is not null ? ValueTask.FromException<byte>(failure)
        : new((IValueTaskSource<byte>)this, _read.Version);

    /// <summary>
    /// A packet of the startup (no type byte): what follows its length, at least four bytes and at most <paramref name="maxLengthBytes"/>.
    /// Valid until the next read.
    /// </summary>
    public ValueTask<ReadOnlyMemory<byte>> ReadStartupAsync(int maxLengthBytes) =>
        Begin(new ColdRead(ColdReadKind.Startup, maxLengthBytes), out var message, out var failure) ? new(message.Body)
        : failure is not null ? ValueTask.FromException<ReadOnlyMemory<byte>>(failure)
        : new((IValueTaskSource<ReadOnlyMemory<byte>>)this, _read.Version);

    /// <summary>A message with a body of at most <paramref name="maxLengthBytes"/>; valid until the next read.</summary>
    public ValueTask<ColdMessage> ReadMessageAsync(int maxLengthBytes) =>
        Begin(new ColdRead(ColdReadKind.Message, maxLengthBytes), out var message, out var failure) ? new(message)
        : failure is not null ? ValueTask.FromException<ColdMessage>(failure)
        : new((IValueTaskSource<ColdMessage>)this, _read.Version);

    /// <summary>One write. After the connection's end it does nothing; the next read says so.</summary>
    public void Write(ReadOnlySpan<byte> bytes) => Connection.Send(bytes);

    /// <summary>Waits until the peer has taken everything written; whoever writes much awaits it in between. Throws as a read does.</summary>
    public ValueTask FlushAsync()
    {
        Connection.Loop.AssertCurrent();
        if (_isFlushing)
        {
            throw new InvalidOperationException("A flush is under way already.");
        }

        if (End is { } end)
        {
            return ValueTask.FromException(new ConnectionEndedException(end));
        }

        Connection.Flush();
        if (Connection.BacklogBytes == 0)
        {
            return default;
        }

        _flush.Reset();
        _isFlushing = true;
        return new ValueTask(this, _flush.Version);
    }

    /// <summary>
    /// Puts TLS under the channel: what is read afterwards is plaintext. With <paramref name="isDirect"/> the unread bytes are the peer's first
    /// flight; otherwise there must be none, which the caller has checked. Throws <see cref="ConnectionEndedException"/>.
    /// </summary>
    public Task StartTlsAsync(ITlsChannel channel, TimeSpan timeout, bool isDirect)
    {
        if (!isDirect && BufferedBytes > 0)
        {
            throw new InvalidOperationException("Bytes sent ahead of the TLS handshake must be refused.");
        }

        _input.TakeBack();
        if (BufferedBytes == 0)
        {
            return Connection.StartTlsAsync(channel, timeout);
        }

        // Copied first: plaintext of the same flight may come to this channel's buffer while the cipher is being fed.
        var received = _input.Unread.ToArray();
        _input.Clear();
        return Connection.StartTlsAsync(channel, timeout, received);
    }

    /// <summary>
    /// Ends the cold part of the connection's life: returns what was not read, and leaves the connection paused and without a handler. The next
    /// one is set, given these bytes, and then resumes reading; if the peer has ended the connection meanwhile, it is told so after that.
    /// </summary>
    public ReadOnlyMemory<byte> Detach()
    {
        Connection.Loop.AssertCurrent();
        Debug.Assert(!IsWanted && !_isFlushing, "nothing is awaited any more");
        var leftover = BufferedBytes == 0 ? [] : _input.Unread.ToArray();
        _isDetached = true;
        _input.Clear();
        if (!Connection.IsClosed)
        {
            Connection.BeginHandOver();
        }

        return leftover;
    }

    /// <summary>Gives the buffers back; the connection is not closed. After it and after <see cref="Detach"/> nothing more is read.</summary>
    public void Dispose()
    {
        _isDetached = true;
        _input.Clear();
    }

    void IConnectionHandler.OnReceived(Connection connection, in ReceivedBytes bytes)
    {
        if (_isDetached)
        {
            return;
        }

        _input.Append(bytes.Span);
        if (IsWanted)
        {
            CompleteIfPossible();
        }

        if (!IsWanted && _input.Count >= HighWaterBytes)
        {
            connection.PauseReading();
        }
    }

    void IConnectionHandler.OnDrained(Connection connection)
    {
        if (_isFlushing)
        {
            _isFlushing = false;
            _flush.SetResult(true);
        }
    }

    void IConnectionHandler.OnEnd(Connection connection, ConnectionEnd end)
    {
        var isAwaited = IsWanted || _isFlushing;
        EndWith(end);
        if (!isAwaited && !_isDetached)
        {
            Left?.Invoke();
        }
    }

    ColdMessage IValueTaskSource<ColdMessage>.GetResult(short token) => _read.GetResult(token);

    ReadOnlyMemory<byte> IValueTaskSource<ReadOnlyMemory<byte>>.GetResult(short token) => _read.GetResult(token).Body;

    byte IValueTaskSource<byte>.GetResult(short token) => _read.GetResult(token).Type;

    void IValueTaskSource.GetResult(short token) => _flush.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<ColdMessage>.GetStatus(short token) => _read.GetStatus(token);

    ValueTaskSourceStatus IValueTaskSource<ReadOnlyMemory<byte>>.GetStatus(short token) => _read.GetStatus(token);

    ValueTaskSourceStatus IValueTaskSource<byte>.GetStatus(short token) => _read.GetStatus(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _flush.GetStatus(token);

    void IValueTaskSource<ColdMessage>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _read.OnCompleted(continuation, state, token, flags);

    void IValueTaskSource<ReadOnlyMemory<byte>>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _read.OnCompleted(continuation, state, token, flags);

    void IValueTaskSource<byte>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _read.OnCompleted(continuation, state, token, flags);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _flush.OnCompleted(continuation, state, token, flags);

    /// <summary>The connection was closed or aborted by our own side: whoever awaits something must not wait for ever.</summary>
    internal void OnClosedHere(ConnectionEnd end)
    {
        EndWith(end);
        if (!_input.IsLent)
        {
            _input.Clear();
        }
    }

    // True: here it is. False without a failure: it must be awaited.
    private bool Begin(ColdRead wanted, out ColdMessage message, out Exception? failure)
    {
        Connection.Loop.AssertCurrent();
        if (IsWanted || _isDetached)
        {
            throw new InvalidOperationException("One read at a time, and none after the channel's end.");
        }

        _input.TakeBack();
        _wanted = wanted;
        if (_wanted.TryTake(_input, out message, out failure) || failure is not null)
        {
            _wanted = default;
            return failure is null;
        }

        if (End is { } end)
        {
            _wanted = default;
            failure = new ConnectionEndedException(end);
            return false;
        }

        _read.Reset();
        Connection.ResumeReading();
        return false;
    }

    private void CompleteIfPossible()
    {
        if (_wanted.TryTake(_input, out var message, out var failure))
        {
            _wanted = default;
            _read.SetResult(message);
        }
        else if (failure is not null)
        {
            _wanted = default;
            _read.SetException(failure);
        }
    }

    private void EndWith(ConnectionEnd end)
    {
        _end ??= end;
        if (IsWanted)
        {
            _wanted = default;
            _read.SetException(new ConnectionEndedException(end));
        }

        if (_isFlushing)
        {
            _isFlushing = false;
            _flush.SetException(new ConnectionEndedException(end));
        }
    }
}
