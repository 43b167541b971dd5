using System.Net;
using PoolProxy.Core.Loops;
using PoolProxy.Core.Loops.Native;

namespace PoolProxy.Core.Transport;

/// <summary>
/// A connected socket on one loop, TLS inside it. Bytes go to its handler as plaintext; what is sent goes out in one write, and what the peer
/// does not take is kept in order (<see cref="BacklogBytes"/>; its owner bounds that by not reading from the source). Only its loop touches
/// it. It begins silent: <see cref="StartReading"/> when the handler is in place.
/// </summary>
internal sealed class Connection : ConnectionLife, ISocketEvents
{
    private readonly SocketEndpoint? _target;
    private byte[] _carried;
    private bool _isResumeScheduled;
    private bool _isEndToRepeat;
    private bool _isSuspended;

    /// <summary>Takes over a connected, non-blocking descriptor.</summary>
    /// <param name="loop">Where it will live.</param>
    /// <param name="descriptor">The descriptor; closed with the connection.</param>
    /// <param name="remote">The peer's address, or null for a Unix socket.</param>
    /// <param name="target">What was listened on or connected to.</param>
    /// <param name="tls">An open channel, when it comes from another loop.</param>
    /// <param name="received">What the other loop's engine had received for it and delivered to nobody.</param>
    public Connection(
        Loop loop, int descriptor, IPEndPoint? remote, SocketEndpoint? target, ITlsChannel? tls = null, byte[]? received = null)
        : base(loop, descriptor, remote, tls)
    {
        _target = target;
        _carried = received ?? [];
    }

    /// <summary>The path of the Unix socket that was listened on or connected to, or null.</summary>
    public string? UnixPath => _target?.Path;

    /// <summary>The TLS channel from <see cref="StartTlsAsync"/> on; null without TLS.</summary>
    public ITlsChannel? Tls => TlsLayer?.Channel;

    /// <summary>TLS is in use and its handshake is behind us.</summary>
    public bool IsTls => TlsLayer is { IsHandshaking: false };

    /// <summary>The kernel's number, for socket options and SHOW FDS; −1 once closed.</summary>
    internal int Descriptor => Socket.Descriptor;

    /// <summary>Bytes the peer has not taken yet (under TLS counted as cipher).</summary>
    public int BacklogBytes => Socket.BacklogBytes;

    public bool IsReadingPaused => !IsReadingWanted;

    /// <summary>The live connection of that name on a loop (whose thread asks), or null.</summary>
    public static Connection? Find(Loop loop, ConnectionId id)
    {
        loop.AssertCurrent();
        return id.LoopIndex == loop.Index && loop.Engine.Find(id.Socket) is Connection { IsClosed: false } found ? found : null;
    }

    /// <summary>Who is at the other end of a Unix socket; null for TCP or when the kernel does not say.</summary>
    public PeerCredentials? ReadPeerCredentials() =>
        IsUnix && !Socket.IsClosed ? SocketOptions.CredentialsOf(Socket.Descriptor) : null;

    /// <summary>Begins to deliver bytes. The same as <see cref="ResumeReading"/>.</summary>
    public void StartReading() => ResumeReading();

    /// <summary>
    /// Nothing is delivered after this, the end of the stream included, until reading is resumed. The kernel then holds up the peer. Only an end
    /// that a failed send (or a TLS failure or timeout) brings to light is told all the same: nobody could act on it later.
    /// </summary>
    public void PauseReading()
    {
        Loop.AssertCurrent();
        IsReadingWanted = false;
        if (TlsLayer is not { IsHandshaking: true })
        {
            Socket.StopReceiving();
        }
    }

    /// <summary>Delivers again; what TLS has decrypted already comes first, from a deferred call.</summary>
    public void ResumeReading()
    {
        Loop.AssertCurrent();
        if (IsReadingWanted || IsClosed)
        {
            return;
        }

        IsReadingWanted = true;
        if (_isSuspended)
        {
            return;
        }

        if (TlsLayer is { IsPlainPending: true } || _isEndToRepeat || _carried.Length > 0)
        {
            ScheduleResume();
        }
        else if (TlsLayer is not { IsHandshaking: true } && End is null)
        {
            Socket.StartReceiving();
        }
    }

    /// <summary>Nothing more is received or delivered, whoever wants to read, until <see cref="Unsuspend"/> (SUSPEND). Not for a connection in a TLS handshake.</summary>
    public void Suspend()
    {
        Loop.AssertCurrent();
        if (!_isSuspended && !IsClosed)
        {
            _isSuspended = true;
            Socket.StopReceiving();
        }
    }

    /// <summary>Takes <see cref="Suspend"/> back.</summary>
    public void Unsuspend()
    {
        Loop.AssertCurrent();
        if (_isSuspended)
        {
            _isSuspended = false;
            if (IsReadingWanted && !IsClosed)
            {
                ScheduleResume();
            }
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
        _isEndToRepeat = End is not null;
    }

    /// <summary>One write of all segments; clears the list. Ignored after the connection's end.</summary>
    public void Send(SegmentList segments)
    {
        Loop.AssertCurrent();
        if (IsClosed)
        {
            segments.Clear();
        }
        else if (TlsLayer is null)
        {
            Socket.Send(segments);
        }
        else
        {
            TlsLayer.Send(segments);
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

        if (TlsLayer is null)
        {
            Socket.Send(bytes);
        }
        else
        {
            TlsLayer.Send(bytes);
        }
    }

    /// <summary>
    /// Sends bytes and, with the first of them, a descriptor, at once: over a Unix socket without TLS whose peer has taken everything else. False where that
    /// cannot be; the connection is of no use any more then, because a part may have gone.
    /// </summary>
    public bool TrySendWith(int descriptor, ReadOnlySpan<byte> bytes)
    {
        Flush();
        return IsUnix && TlsLayer is null && !IsClosed && BacklogBytes == 0 && DescriptorCalls.Send(Socket.Descriptor, bytes, descriptor) == bytes.Length;
    }

    /// <summary>Tries to send what has not been tried yet: afterwards <see cref="BacklogBytes"/> is all that is left.</summary>
    public void Flush()
    {
        Loop.AssertCurrent();
        if (!IsClosed)
        {
            Socket.Flush();
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
        if (TlsLayer is not null)
        {
            throw new InvalidOperationException("TLS has been started before.");
        }

        TlsLayer = new TlsLayer(this, channel);
        return TlsLayer.BeginAsync(timeout, received);
    }

    /// <summary>No backlog, no handshake, nothing decrypted that waits, not ended: it could move to another loop.</summary>
    public bool IsAtRest => !IsClosed && End is null && BacklogBytes == 0 && _carried.Length == 0
        && TlsLayer is not ({ IsHandshaking: true } or { IsPlainPending: true });

    /// <summary>
    /// Moves the socket and its TLS to another loop: this object is closed without a callback, and <paramref name="onArrived"/> gets the new
    /// one there, silent. Only at rest (<see cref="IsAtRest"/>). Its owner calls it, never the taker.
    /// </summary>
    public void MoveTo(Loop target, Action<Connection, object?> onArrived, object? state)
    {
        Loop.AssertCurrent();
        if (!IsAtRest)
        {
            throw new InvalidOperationException("Only a connection at rest moves to another loop.");
        }

        Leave();
        var move = new ConnectionMove(target, RemoteEndPoint, _target, Tls, onArrived, state);
        Socket.Release(static (descriptor, received, item) => ((ConnectionMove)item!).Begin(descriptor, received), move);
    }

    void ISocketEvents.OnReceived(in ReceivedBytes bytes)
    {
        if (IsClosed)
        {
            return;
        }

        if (TlsLayer is null)
        {
            Deliver(bytes);
        }
        else
        {
            TlsLayer.Receive(bytes);
        }
    }

    void ISocketEvents.OnDrained()
    {
        if (!FinishIfClosing() && !IsClosed)
        {
            CallHandler(static (connection, handler) => handler.OnDrained(connection));
        }
    }

    void ISocketEvents.OnEnd(int error)
    {
        if (FinishIfClosing())
        {
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

    /// <summary>Gives the handler plaintext.</summary>
    internal void Deliver(in ReceivedBytes bytes)
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

    /// <summary>Goes on with what waits for the handler (plaintext, the end) at the end of this turn.</summary>
    internal void ScheduleResume()
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
        if (IsClosed || !IsReadingWanted || _isSuspended)
        {
            return;
        }

        DeliverCarried();
        if (TlsLayer is { IsPlainPending: true } layer)
        {
            layer.Pump();
        }

        if (IsClosed || !IsReadingWanted || _isSuspended)
        {
            return;
        }

        if (_isEndToRepeat)
        {
            _isEndToRepeat = false;
            TellEnd();
        }
        else if (End is null)
        {
            Socket.StartReceiving();
        }
    }

    private unsafe void DeliverCarried()
    {
        if (_carried.Length == 0)
        {
            return;
        }

        var carried = _carried;
        _carried = [];
        fixed (byte* pointer = carried)
        {
            ((ISocketEvents)this).OnReceived(new ReceivedBytes(pointer, carried.Length, ReceivedBytes.NotRetainable));
        }
    }
}
