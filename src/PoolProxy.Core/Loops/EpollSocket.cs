using System.Diagnostics;
using PoolProxy.Core.Loops.Native;

namespace PoolProxy.Core.Loops;

/// <summary>A connected socket in the epoll set of its loop.</summary>
internal sealed unsafe class EpollSocket : EngineSocket, IEpollEntry
{
    private readonly EpollEngine _engine;
    private readonly EpollSender _sender;
    private EpollMembership _membership;
    private bool _isReceiving;
    private bool _hasEnded;
    private SocketReleased? _onReleased;
    private object? _releasedState;

    public EpollSocket(EpollEngine engine, SocketId id, int descriptor, ISocketEvents events)
        : base(id, descriptor, events)
    {
        _engine = engine;
        _sender = new EpollSender(engine, this);
    }

    public override int BacklogBytes => _sender.BacklogBytes;

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
        _sender.Send(segments);
        segments.Clear();
    }

    public override void Send(ReadOnlySpan<byte> bytes) => _sender.Send(bytes);

    public override void Flush() => _sender.Flush();

    public override void Release(SocketReleased onReleased, object? state)
    {
        Debug.Assert(BacklogBytes == 0, "only a socket at rest moves");
        Flush();
        (_onReleased, _releasedState) = (onReleased, state);
        _isReceiving = false;
        if (BacklogBytes == 0)
        {
            LetGo();
        }
    }

    public void Close() => Close(discardsUnread: false);

    public override void Close(bool discardsUnread)
    {
        if (IsClosed)
        {
            return;
        }

        // As if it had been tried when it was sent. Closing takes it out of the epoll set too: nobody else holds the descriptor.
        _sender.SendLast();
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

    /// <summary>
    /// Sending has failed. The peer may have said why before it went (a FATAL ErrorResponse): what it sent is delivered first, then the end, from a deferred call.
    /// </summary>
    internal void SendFailed()
    {
        _engine.SendFailed();
        _engine.Loop.Defer(static socket => ((EpollSocket)socket!).DrainAfterFailure(), this);
    }

    /// <summary>What the epoll set is to report has changed.</summary>
    internal void UpdateInterest() =>
        _membership.Want((_isReceiving ? Libc.EPOLLIN : 0) | (BacklogBytes > 0 ? Libc.EPOLLOUT : 0), _engine, Descriptor, Id);

    private void WriteBacklog()
    {
        if (!_sender.WriteBacklog())
        {
            return;
        }

        if (_onReleased is not null)
        {
            LetGo();
            return;
        }

        UpdateInterest();
        Events.OnDrained();
    }

    private void DrainAfterFailure()
    {
        if (IsClosed)
        {
            return;
        }

        if (_onReleased is not null)
        {
            // Its next owner will find out.
            LetGo();
            return;
        }

        if (!_isReceiving)
        {
            End(_sender.Error);
            return;
        }

        if (ReceiveOnce())
        {
            _engine.Loop.Defer(static socket => ((EpollSocket)socket!).DrainAfterFailure(), this);
        }
        else if (!IsClosed && !_hasEnded)
        {
            // Nothing left to read, and the engine has not seen the end that the failed write announced.
            End(_sender.Error);
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
                End(_sender.Error);
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
                    End(_sender.Error != 0 ? _sender.Error : error);
                    return false;
            }
        }
    }

    // Given up for a move, and everything was taken, or will never be.
    private void LetGo()
    {
        var (descriptor, onReleased) = (Descriptor, _onReleased!);
        _membership.Leave(_engine, descriptor);
        Forget();
        onReleased(descriptor, [], _releasedState);
    }

    private void End(int error)
    {
        _hasEnded = true;
        _isReceiving = false;
        Events.OnEnd(error);
    }

    private void Forget()
    {
        _engine.Remove(Id);
        _sender.Clear();
        Descriptor = -1;
        _membership = default;
        _isReceiving = false;
    }
}
