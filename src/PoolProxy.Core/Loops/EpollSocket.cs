using System.Diagnostics;
using PoolProxy.Core.Loops.Native;

namespace PoolProxy.Core.Loops;

/// <summary>A connected socket in the epoll set of its loop.</summary>
internal sealed unsafe class EpollSocket : EngineSocket, IEpollEntry
{
    private readonly EpollEngine _engine;
    private Backlog? _backlog;
    private EpollMembership _membership;
    private bool _isReceiving;
    private bool _hasEnded;
    private int _sendError;

    public EpollSocket(EpollEngine engine, SocketId id, int descriptor, ISocketEvents events)
        : base(id, descriptor, events) => _engine = engine;

    public override int BacklogBytes => _backlog?.LengthBytes ?? 0;

    internal ISocketEvents Owner => Events;

    public override void StartReceiving()
    {
        if (_isReceiving || IsClosed || _hasEnded)
        {
            return;
        }

        _isReceiving = true;
        UpdateInterest();
    }

    /// <summary>The kernel is told when something comes that nobody wants: most pauses are over before, and cost no call.</summary>
    public override void StopReceiving() => _isReceiving = false;

    public override void Send(SegmentList segments)
    {
        if (segments.LengthBytes > 0 && CanSend)
        {
            var taken = BacklogBytes > 0 ? 0 : Write(segments.Vectors, segments.Count);
            if (taken >= 0 && taken < segments.LengthBytes)
            {
                Keep(segments, taken);
            }
        }

        segments.Clear();
    }

    public override void Send(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty || !CanSend)
        {
            return;
        }

        fixed (byte* pointer = bytes)
        {
            var vector = new IoVector { Base = pointer, Length = (nuint)bytes.Length };
            var taken = BacklogBytes > 0 ? 0 : Write(&vector, 1);
            if (taken >= 0 && taken < bytes.Length)
            {
                Keep(bytes[taken..]);
            }
        }
    }

    public override void Flush()
    {
        // Every send is tried at once.
    }

    public override void Release(SocketReleased onReleased, object? state)
    {
        Debug.Assert(BacklogBytes == 0, "only a socket at rest moves");
        var descriptor = Descriptor;
        _membership.Leave(_engine, descriptor);
        Forget();
        onReleased(descriptor, [], state);
    }

    public void Close() => Close(discardsUnread: false);

    public override void Close(bool discardsUnread)
    {
        if (IsClosed)
        {
            return;
        }

        // Closing takes it out of the epoll set too: nobody else holds the descriptor.
        var descriptor = Descriptor;
        Forget();
        if (discardsUnread)
        {
            UnreadBytes.Discard(descriptor);
        }

        _ = Libc.close(descriptor);
    }

    public void OnReady(uint events)
    {
        const uint Broken = Libc.EPOLLERR | Libc.EPOLLHUP;
        if ((events & (Libc.EPOLLOUT | Broken)) != 0 && BacklogBytes > 0)
        {
            WriteBacklog();
        }

        if (IsClosed)
        {
            return;
        }

        if (_isReceiving && (events & (Libc.EPOLLIN | Broken)) != 0)
        {
            ReceiveOnce();
        }
        else if ((events & Broken) != 0 && BacklogBytes == 0)
        {
            // Nobody reads, so this would be reported in every turn. It goes back into the set when reading or writing is wanted.
            _membership.Leave(_engine, Descriptor);
        }
        else if (!_isReceiving)
        {
            // Level-triggered: this would be reported in every turn while reading is paused.
            UpdateInterest();
        }
    }

    private bool CanSend => !IsClosed && _sendError == 0;

    // The bytes taken, or −1 after a failure.
    private int Write(IoVector* vectors, int count)
    {
        while (true)
        {
            _engine.CountCall();
            var sent = SocketCalls.Send(Descriptor, vectors, count);
            if (sent >= 0)
            {
                return (int)sent;
            }

            var error = SocketCalls.LastError;
            switch (error)
            {
                case Errno.EINTR:
                    continue;
                case Errno.EAGAIN:
                    return 0;
                default:
                    FailSending(error);
                    return -1;
            }
        }
    }

    private void Keep(SegmentList segments, int taken)
    {
        for (var i = 0; i < segments.Count; i++)
        {
            var bytes = segments.BytesOf(i);
            if (taken >= bytes.Length)
            {
                taken -= bytes.Length;
                continue;
            }

            Keep(bytes[taken..]);
            taken = 0;
        }
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        _backlog ??= new Backlog(_engine.Loop.Buffers);
        _backlog.Append(bytes);
        UpdateInterest();
    }

    private void WriteBacklog()
    {
        var vectors = stackalloc IoVector[Backlog.VectorsPerWrite];
        var taken = Write(vectors, _backlog!.Fill(vectors));
        if (taken <= 0)
        {
            return;
        }

        _backlog.Consume(taken);
        if (_backlog.LengthBytes == 0)
        {
            UpdateInterest();
            Events.OnDrained();
        }
    }

    // The peer may have said why before it went (a FATAL ErrorResponse): what it sent is delivered first, then the end, from a deferred call.
    private void FailSending(int error)
    {
        _sendError = error;
        _backlog?.Clear();
        _engine.Loop.Defer(static socket => ((EpollSocket)socket!).DrainAfterFailure(), this);
    }

    private void DrainAfterFailure()
    {
        if (IsClosed)
        {
            return;
        }

        if (!_isReceiving)
        {
            End(_sendError);
            return;
        }

        if (ReceiveOnce())
        {
            _engine.Loop.Defer(static socket => ((EpollSocket)socket!).DrainAfterFailure(), this);
        }
        else if (!IsClosed && !_hasEnded)
        {
            // Nothing left to read, and the engine has not seen the end that the failed write announced.
            End(_sendError);
        }
    }

    // True when something was delivered.
    private bool ReceiveOnce()
    {
        while (true)
        {
            var buffer = _engine.ReceiveBuffer;
            _engine.CountCall();
            var received = SocketCalls.Receive(Descriptor, buffer, EpollEngine.ReceiveBufferBytes);
            if (received > 0)
            {
                Events.OnReceived(new ReceivedBytes(buffer, (int)received, ReceivedBytes.NotRetainable));
                return true;
            }

            if (received == 0)
            {
                End(_sendError);
                return false;
            }

            var error = SocketCalls.LastError;
            switch (error)
            {
                case Errno.EINTR:
                    continue;
                case Errno.EAGAIN:
                    return false;
                default:
                    End(_sendError != 0 ? _sendError : error);
                    return false;
            }
        }
    }

    private void End(int error)
    {
        _hasEnded = true;
        _isReceiving = false;
        Events.OnEnd(error);
    }

    private void UpdateInterest() =>
        _membership.Want((_isReceiving ? Libc.EPOLLIN : 0) | (BacklogBytes > 0 ? Libc.EPOLLOUT : 0), _engine, Descriptor, Id);

    private void Forget()
    {
        _engine.Remove(Id);
        _backlog?.Clear();
        Descriptor = -1;
        _membership = default;
        _isReceiving = false;
    }
}
