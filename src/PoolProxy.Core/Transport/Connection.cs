using System.Net;
using PoolProxy.Core.Loops;

namespace PoolProxy.Core.Transport;

/// <summary>
/// A connected socket on one loop, TLS inside it. Bytes go to its <see cref="Handler"/> as plaintext; what is sent goes out in one write, and
/// what the peer does not take is kept in order (<see cref="BacklogBytes"/>; its owner bounds that by not reading from the source). Only its
/// loop touches it. It begins silent: <see cref="StartReading"/> when the handler is in place.
/// </summary>
internal sealed class Connection : ISocketEvents
{
    private readonly EngineSocket _socket;
    private readonly SocketEndpoint? _target;
    private ConnectionState _state;
    private TlsHandshake? _handshake;
    private CloseDeadline? _closeDeadline;
    private ConnectionEnd? _end;
    private IPEndPoint? _local;
    private bool _isReadingWanted;
    private bool _isResumeScheduled;
    private bool _isEndScheduled;
    private bool _hasEnded;
    private bool _isPlainPending;
    private bool _isEndToRepeat;

    /// <summary>Takes over a connected, non-blocking descriptor.</summary>
    /// <param name="loop">Where it will live.</param>
    /// <param name="descriptor">The descriptor; closed with the connection.</param>
    /// <param name="remote">The peer's address, or null for a Unix socket.</param>
    /// <param name="target">What was listened on or connected to.</param>
    /// <param name="tls">An open channel, when it comes from another loop.</param>
    public Connection(Loop loop, int descriptor, IPEndPoint? remote, SocketEndpoint? target, ITlsChannel? tls = null)
    {
        loop.AssertCurrent();
        Loop = loop;
        RemoteEndPoint = remote;
        _target = target;
        Tls = tls;
        Handler = ClosedHandler.Instance;
        _socket = loop.Engine.Open(descriptor, this);
        Id = new ConnectionId(loop.Index, _socket.Id);
    }

    public Loop Loop { get; }

    public ConnectionId Id { get; }

    /// <summary>Who gets the bytes and the end; to be set before reading starts.</summary>
    public IConnectionHandler Handler { get; set; }

    /// <summary>The peer's address; null for a Unix socket.</summary>
    public IPEndPoint? RemoteEndPoint { get; }

    /// <summary>Our address; null for a Unix socket, and after closing if it was not asked for before.</summary>
    public IPEndPoint? LocalEndPoint => IsUnix ? null : _local ??= SocketOptions.LocalAddressOf(_socket.Descriptor);

    /// <summary>The path of the Unix socket that was listened on or connected to, or null.</summary>
    public string? UnixPath => _target?.Path;

    public bool IsUnix => RemoteEndPoint is null;

    /// <summary>The TLS channel from <see cref="StartTlsAsync"/> on; null without TLS.</summary>
    public ITlsChannel? Tls { get; private set; }

    /// <summary>TLS is in use and its handshake is behind us.</summary>
    public bool IsTls => Tls is not null && _handshake is null;

    /// <summary>The kernel's number, for socket options and SHOW FDS; −1 once closed.</summary>
    internal int Descriptor => _socket.Descriptor;

    /// <summary>Bytes the peer has not taken yet (under TLS counted as cipher).</summary>
    public int BacklogBytes => _socket.BacklogBytes;

    public bool IsReadingPaused => !_isReadingWanted;

    /// <summary>Close or Abort has been called; no callback follows.</summary>
    public bool IsClosed => _state != ConnectionState.Open;

    /// <summary>The live connection of that name on a loop (whose thread asks), or null.</summary>
    public static Connection? Find(Loop loop, ConnectionId id)
    {
        loop.AssertCurrent();
        return id.LoopIndex == loop.Index && loop.Engine.Find(id.Socket) is Connection { IsClosed: false } found ? found : null;
    }

    /// <summary>Who is at the other end of a Unix socket; null for TCP or when the kernel does not say.</summary>
    public PeerCredentials? ReadPeerCredentials() =>
        IsUnix && !_socket.IsClosed ? SocketOptions.CredentialsOf(_socket.Descriptor) : null;

    /// <summary>Begins to deliver bytes. The same as <see cref="ResumeReading"/>.</summary>
    public void StartReading() => ResumeReading();

    /// <summary>
    /// Nothing is delivered after this, the end of the stream included, until reading is resumed. The kernel then holds up the peer. Only an end
    /// that a failed send (or a TLS failure or timeout) brings to light is told all the same: nobody could act on it later.
    /// </summary>
    public void PauseReading()
    {
        Loop.AssertCurrent();
        _isReadingWanted = false;
        if (_handshake is null)
        {
            _socket.StopReceiving();
        }
    }

    /// <summary>Delivers again; what TLS has decrypted already comes first, from a deferred call.</summary>
    public void ResumeReading()
    {
        Loop.AssertCurrent();
        if (_isReadingWanted || IsClosed)
        {
            return;
        }

        _isReadingWanted = true;
        if (_isPlainPending || _isEndToRepeat)
        {
            ScheduleResume();
        }
        else if (_handshake is null && !_hasEnded)
        {
            _socket.StartReceiving();
        }
    }

    /// <summary>
    /// Takes the connection from its handler: nobody gets anything until the next handler is in place and has resumed reading. If the end has
    /// been told to the old one, the new one is told too. Used by <see cref="ColdChannel.Detach"/>.
    /// </summary>
    internal void BeginHandOver()
    {
        PauseReading();
        Handler = ClosedHandler.Instance;
        _isEndToRepeat = _hasEnded;
    }

    /// <summary>One write of all segments; clears the list. Ignored after the connection's end.</summary>
    public void Send(SegmentList segments)
    {
        Loop.AssertCurrent();
        if (IsClosed)
        {
            segments.Clear();
        }
        else if (Tls is null)
        {
            _socket.Send(segments);
        }
        else
        {
            TlsSending.Write(Loop, RequireOpenTls(), segments);
            segments.Clear();
            SendCipher();
        }
    }

    /// <summary>One write of bytes that need not stay. Ignored after the connection's end.</summary>
    public void Send(ReadOnlySpan<byte> bytes)
    {
        Loop.AssertCurrent();
        if (IsClosed || bytes.IsEmpty)
        {
            return;
        }

        if (Tls is null)
        {
            _socket.Send(bytes);
        }
        else
        {
            if (RequireOpenTls() is { } tls)
            {
                tls.Write(bytes);
            }

            SendCipher();
        }
    }

    /// <summary>
    /// Puts TLS between the socket and the handler; the task ends with the handshake, or with <see cref="ConnectionEndedException"/> when the
    /// peer goes, the handshake is refused or takes longer than <paramref name="timeout"/> (the handler is told too: OnEnd). Reading starts if
    /// it had not. For cold code. <paramref name="received"/> is cipher that was read already (direct TLS); where TLS was asked for in plaintext,
    /// bytes that came ahead of it must be refused instead (<see cref="ColdChannel.BufferedBytes"/>).
    /// </summary>
    public Task StartTlsAsync(ITlsChannel channel, TimeSpan timeout, ReadOnlySpan<byte> received = default)
    {
        Loop.AssertCurrent();
        if (Tls is not null)
        {
            throw new InvalidOperationException("TLS has been started before.");
        }

        Tls = channel;
        _handshake = new TlsHandshake(this);
        var task = _handshake.Task;
        if (IsClosed || _hasEnded)
        {
            FailHandshake(_end ?? new ConnectionEnd(ConnectionEndKind.ClosedHere));
            return task;
        }

        _isReadingWanted = true;
        Loop.Timers.Arm(_handshake, Loop.NowMilliseconds + (long)timeout.TotalMilliseconds);
        FeedHandshake(received);
        if (!IsClosed && !_hasEnded)
        {
            _socket.StartReceiving();
        }

        return task;
    }

    /// <summary>
    /// Sends close_notify under TLS and what is in the backlog, for five seconds at most, then closes. No callback after this.
    /// </summary>
    public void Close()
    {
        Loop.AssertCurrent();
        if (IsClosed)
        {
            return;
        }

        _state = ConnectionState.Closing;
        Silence();
        if (Tls is { State: TlsState.Open or TlsState.PeerClosed } tls)
        {
            tls.CloseNotify();
            SendCipher();
        }

        if (_socket.BacklogBytes == 0)
        {
            Finish();
            return;
        }

        _socket.StopReceiving();
        _closeDeadline = new CloseDeadline(this);
        Loop.Timers.Arm(_closeDeadline, Loop.NowMilliseconds + CloseDeadline.PatienceMilliseconds);
    }

    /// <summary>Closes at once; the backlog is lost. No callback after this.</summary>
    public void Abort()
    {
        Loop.AssertCurrent();
        if (_state == ConnectionState.Closed)
        {
            return;
        }

        var wasOpen = _state == ConnectionState.Open;
        _state = ConnectionState.Closed;
        if (wasOpen)
        {
            Silence();
        }

        Finish();
    }

    /// <summary>
    /// Moves the socket and its TLS to another loop: this object is closed without a callback, and <paramref name="onArrived"/> gets the new
    /// one there, silent. Only at rest: no backlog, no handshake, nothing decrypted that waits, not ended. Its owner calls it, never the taker.
    /// </summary>
    public void MoveTo(Loop target, Action<Connection, object?> onArrived, object? state)
    {
        Loop.AssertCurrent();
        if (IsClosed || _hasEnded || BacklogBytes > 0 || _handshake is not null || _isPlainPending)
        {
            throw new InvalidOperationException("Only a connection at rest moves to another loop.");
        }

        _state = ConnectionState.Closed;
        Handler = ClosedHandler.Instance;
        var move = new ConnectionMove(target, _socket.Release(), RemoteEndPoint, _target, Tls, onArrived, state);
        target.Post(static item => ((ConnectionMove)item!).Arrive(), move);
    }

    void ISocketEvents.OnReceived(in ReceivedBytes bytes)
    {
        if (IsClosed)
        {
            return;
        }

        if (Tls is null)
        {
            Deliver(bytes);
        }
        else if (_handshake is not null)
        {
            ReceiveHandshake(bytes);
        }
        else
        {
            Tls.Feed(bytes.Span);
            Pump();
        }
    }

    void ISocketEvents.OnDrained()
    {
        if (_state == ConnectionState.Closing)
        {
            Finish();
        }
        else if (_state == ConnectionState.Open)
        {
            CallHandler(static (connection, handler) => handler.OnDrained(connection));
        }
    }

    void ISocketEvents.OnEnd(int error)
    {
        if (_state == ConnectionState.Closing)
        {
            Finish();
            return;
        }

        var end = ConnectionEnd.FromError(error);
        if (end.Kind == ConnectionEndKind.EndOfStream && Tls is not null and not { State: TlsState.PeerClosed })
        {
            end = end with { Kind = ConnectionEndKind.Truncated };
        }

        EndWith(end);
    }

    internal void OnHandshakeTimeout() =>
        EndWith(new ConnectionEnd(ConnectionEndKind.TlsFailed, 0, "the TLS handshake took too long"));

    // ---- received plaintext

    private void Deliver(in ReceivedBytes bytes)
    {
        try
        {
            Handler.OnReceived(this, bytes);
        }
        catch (Exception exception)
        {
            OnHandlerFault(exception);
        }
    }

    // Gives the handler what the channel has decrypted until there is no more or the handler pauses; then looks whether that was the end.
    private unsafe void Pump()
    {
        var buffer = Loop.WorkBuffers.ReceivedPlain;
        _isPlainPending = false;
        while (!IsClosed && !_hasEnded)
        {
            if (!_isReadingWanted)
            {
                _isPlainPending = true;
                break;
            }

            var length = Tls!.Read(new Span<byte>(buffer.Pointer, buffer.Capacity));
            if (length == 0)
            {
                break;
            }

            Deliver(new ReceivedBytes(buffer.Pointer, length, ReceivedBytes.NotRetainable));
        }

        if (IsClosed)
        {
            return;
        }

        // A read may have produced an answer: to a key update, or an alert.
        SendCipher();
        if (_isPlainPending)
        {
            return;
        }

        if (Tls!.State == TlsState.PeerClosed)
        {
            EndWith(new ConnectionEnd(ConnectionEndKind.EndOfStream));
        }
        else if (Tls.State == TlsState.Failed)
        {
            EndWith(TlsFailure());
        }
    }

    private void ScheduleResume()
    {
        if (!_isResumeScheduled)
        {
            _isResumeScheduled = true;
            Loop.Defer(static connection => ((Connection)connection!).ResumeDeferred(), this);
        }
    }

    private void ResumeDeferred()
    {
        _isResumeScheduled = false;
        if (IsClosed || !_isReadingWanted)
        {
            return;
        }

        if (_isPlainPending)
        {
            Pump();
        }

        if (IsClosed || !_isReadingWanted)
        {
            return;
        }

        if (_isEndToRepeat)
        {
            _isEndToRepeat = false;
            CallHandler(static (connection, handler) => handler.OnEnd(connection, connection._end!.Value));
        }
        else if (!_hasEnded)
        {
            _socket.StartReceiving();
        }
    }

    // ---- the handshake

    private void ReceiveHandshake(in ReceivedBytes bytes)
    {
        if (Loop.Handshakes.TryEnter())
        {
            FeedHandshake(bytes.Span);
            return;
        }

        // Not in this turn. One piece is held back, and reading stands still until it has been fed.
        var held = Loop.Buffers.Rent(bytes.Length);
        held.Append(bytes.Span);
        _handshake!.HeldBack = held;
        _socket.StopReceiving();
        Loop.Handshakes.Enqueue(static connection => ((Connection)connection!).FeedHeldBack(), this);
    }

    private void FeedHeldBack()
    {
        if (IsClosed || _handshake is not { } handshake)
        {
            return;
        }

        var held = handshake.HeldBack!;
        handshake.HeldBack = null;
        FeedHandshake(held.Span);
        held.Return();
        if (!IsClosed && !_hasEnded && (_isReadingWanted || _handshake is not null))
        {
            _socket.StartReceiving();
        }
    }

    private void FeedHandshake(ReadOnlySpan<byte> cipher)
    {
        var tls = Tls!;
        tls.Feed(cipher);
        SendCipher();
        if (tls.State == TlsState.Handshaking)
        {
            return;
        }

        if (tls.State == TlsState.Failed)
        {
            EndWith(TlsFailure());
            return;
        }

        var handshake = _handshake!;
        _handshake = null;
        if (!_isReadingWanted)
        {
            _socket.StopReceiving();
        }

        // Plaintext that came in the same piece: from a deferred call, since this may be inside one of the handler's.
        _isPlainPending = true;
        ScheduleResume();
        handshake.Complete();
    }

    private void FailHandshake(ConnectionEnd end)
    {
        var handshake = _handshake;
        _handshake = null;
        handshake?.Fail(end);
    }

    // ---- sending under TLS

    // Null when the channel can take nothing more: the failure is on its way to the handler.
    private ITlsChannel? RequireOpenTls() => _handshake is not null
        ? throw new InvalidOperationException("Nothing can be sent during the TLS handshake.")
        : Tls!.State is TlsState.Open or TlsState.PeerClosed ? Tls : null;

    private void SendCipher()
    {
        TlsSending.SendPending(Loop, Tls!, _socket);
        if (Tls!.State == TlsState.Failed && _handshake is null && !_hasEnded && _state == ConnectionState.Open && !_isEndScheduled)
        {
            // Possibly inside a call of the handler's: it hears of it later.
            _isEndScheduled = true;
            Loop.Defer(static connection => ((Connection)connection!).EndAfterTlsFailure(), this);
        }
    }

    private void EndAfterTlsFailure()
    {
        if (!IsClosed)
        {
            EndWith(TlsFailure());
        }
    }

    private ConnectionEnd TlsFailure() => new(ConnectionEndKind.TlsFailed, 0, Tls!.Failure ?? "TLS failed");

    // ---- the end

    private void EndWith(ConnectionEnd end)
    {
        if (_hasEnded || IsClosed)
        {
            return;
        }

        _hasEnded = true;
        _end = end;
        _socket.StopReceiving();
        FailHandshake(end);
        CallHandler(static (connection, handler) => handler.OnEnd(connection, connection._end!.Value));
    }

    private void CallHandler(Action<Connection, IConnectionHandler> call)
    {
        try
        {
            call(this, Handler);
        }
        catch (Exception exception)
        {
            OnHandlerFault(exception);
        }
    }

    private void OnHandlerFault(Exception exception)
    {
        Loop.CountFault(exception);
        if (IsClosed)
        {
            return;
        }

        if (_hasEnded)
        {
            Abort();
            return;
        }

        _hasEnded = true;
        _end = new ConnectionEnd(ConnectionEndKind.HandlerFault);
        _socket.StopReceiving();
        Loop.Defer(
            static item =>
            {
                var connection = (Connection)item!;
                if (!connection.IsClosed)
                {
                    connection.CallHandler(static (self, handler) => handler.OnEnd(self, self._end!.Value));
                }
            },
            this);
    }

    // From here on nobody is told anything, but whoever awaits something gets its exception.
    private void Silence()
    {
        _isReadingWanted = false;
        var end = _end ?? new ConnectionEnd(ConnectionEndKind.ClosedHere);
        FailHandshake(end);
        (Handler as ColdChannel)?.OnClosedHere(end);
        Handler = ClosedHandler.Instance;
    }

    private void Finish()
    {
        _state = ConnectionState.Closed;
        if (_closeDeadline is not null)
        {
            Loop.Timers.Disarm(_closeDeadline);
        }

        _ = LocalEndPoint;
        if (!IsUnix && !_socket.IsClosed)
        {
            SocketOptions.DiscardUnread(_socket.Descriptor);
        }

        _socket.Close();
        Tls?.Dispose();
    }
}
