using System.Diagnostics;
using PoolProxy.Core.Loops.Native;

namespace PoolProxy.Core.Loops.Uring;

/// <summary>
/// A connected socket on io_uring. The kernel's operations hold on to the socket, not to its number: closing the number alone would leave the
/// peer without an end, and a later operation would meet whoever has the number next. So the descriptor is closed, or given away, when the last
/// operation has completed, and the socket keeps its slot until then.
/// </summary>
internal sealed unsafe class UringSocket : EngineSocket, IUringEntry
{
    // Read at once of what a peer said before it went.
    private const int LastWordsBytes = 32 * 1024;

    private readonly UringEngine _engine;
    private readonly SendQueue _sends;
    private readonly UringReceiver _receiver;
    private SocketReleased? _onReleased;
    private object? _releasedState;
    private int _descriptorInUse;
    private int _sendError;
    private bool _hasEnded;
    private bool _isInSendList;
    private bool _discardsUnread;
    private bool _isReadingLastWords;
    private bool _isSendCancelled;

    public UringSocket(UringEngine engine, SocketId id, int descriptor, ISocketEvents events)
        : base(id, descriptor, events)
    {
        _engine = engine;
        _descriptorInUse = descriptor;
        _sends = new SendQueue(engine);
        _receiver = new UringReceiver(engine, this);
    }

    public override int BacklogBytes => _sends.IsBacklog ? _sends.LengthBytes : 0;

    internal ISocketEvents Owner => Events;

    /// <summary>The kernel's number for operations, also while it is being given up.</summary>
    internal int DescriptorInUse => _descriptorInUse;

    /// <summary>Closed, so that nobody will ever want what comes; not merely on its way to another loop.</summary>
    internal bool IsGone => IsClosed && _onReleased is null;

    internal bool HasSendFailed => _sendError != 0;

    private bool CanSend => !IsClosed && _sendError == 0;

    public override void StartReceiving()
    {
        if (!_receiver.IsWanted && !IsClosed && !_hasEnded)
        {
            _receiver.Start();
        }
    }

    public override void StopReceiving() => _receiver.Stop();

    public override void Send(SegmentList segments)
    {
        if (segments.LengthBytes > 0 && CanSend)
        {
            _sends.Append(segments);
            ScheduleSend();
        }

        segments.Clear();
    }

    public override void Send(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.IsEmpty && CanSend)
        {
            _sends.AppendCopy(bytes, 0);
            ScheduleSend();
        }
    }

    public override void Flush()
    {
        if (CanSend && !_sends.IsUnderWay && !_sends.IsBacklog)
        {
            _sends.SendDirectly(_descriptorInUse);
        }

        _sends.BecomeBacklog();
    }

    public override void Release(SocketReleased onReleased, object? state)
    {
        Debug.Assert(BacklogBytes == 0, "only a socket at rest moves");

        // Now or with a completion: an attempt would be known to have ended only when something else happens on the loop.
        Flush();
        _onReleased = onReleased;
        _releasedState = state;
        Descriptor = -1;
        _receiver.Stop();
        LeaveWhenAtRest();
    }

    public override void Close(bool discardsUnread)
    {
        if (IsClosed)
        {
            return;
        }

        Descriptor = -1;
        _discardsUnread = discardsUnread;
        _receiver.Clear();
        if (!_sends.IsUnderWay)
        {
            // What was sent in this very turn has not been given to the kernel yet, and a closed socket has no next turn.
            _sends.SendDirectly(_descriptorInUse);
            _sends.Clear();
        }

        LeaveWhenAtRest();
    }

    public void Close() => Close(discardsUnread: false);

    public void OnCompletion(UringOperation operation, in CompletionEntry completion)
    {
        if (operation == UringOperation.Receive)
        {
            _receiver.OnCompletion(completion);
            if (IsClosed)
            {
                LeaveWhenAtRest();
            }
        }
        else
        {
            OnSent(completion.Result);
        }
    }

    /// <summary>Begins the next send, at the end of a turn.</summary>
    internal void BeginSend()
    {
        _isInSendList = false;
        if (!_sends.IsUnderWay && _sends.LengthBytes > 0 && !IsGone && _sendError == 0)
        {
            _engine.Prepare(this, UringOperation.Send, out var entry);
            _sends.Begin(entry);
            if (_sends.IsAttempting)
            {
                _engine.ExpectAttempt(this);
            }
        }
    }

    /// <summary>The kernel has taken this turn's entries and complains of none of the attempts that are left.</summary>
    internal void EndAttempt()
    {
        if (_sends.IsAttempting)
        {
            AfterSend(_sends.EndAttempt());
        }
    }

    /// <summary>The peer's end of stream (0) or an errno of receiving.</summary>
    internal void EndReceiving(int error) => End(_sendError != 0 ? _sendError : error);

    /// <summary>
    /// After a failed send: the peer may have said why before it went (a FATAL ErrorResponse). What it sent is delivered first, a piece at a time
    /// from deferred calls, then the end.
    /// </summary>
    internal void ReadLastWords()
    {
        if (!_isReadingLastWords)
        {
            _isReadingLastWords = true;
            _engine.Loop.Defer(static socket => ((UringSocket)socket!).ReadLastWordsOnce(), this);
        }
    }

    private void OnSent(int result)
    {
        var hasDrained = _sends.End(Math.Max(result, 0));
        if (result < 0 && result is not (-Errno.EAGAIN or -Errno.EINTR or -Errno.ENOMEM) && !IsGone)
        {
            FailSending(-result);
        }
        else
        {
            // An attempt that completes was cut short: from here on it is a backlog.
            _sends.BecomeBacklog();
            AfterSend(hasDrained);
        }
    }

    private void AfterSend(bool hasDrained)
    {
        if (IsGone)
        {
            _sends.Clear();
        }
        else if (_sends.LengthBytes > 0)
        {
            ScheduleSend();
        }
        else if (hasDrained && !IsClosed)
        {
            Events.OnDrained();
        }

        if (IsClosed)
        {
            LeaveWhenAtRest();
        }
    }

    private void FailSending(int error)
    {
        _sendError = error;
        _sends.Clear();
        if (IsClosed)
        {
            LeaveWhenAtRest();
        }
        else if (!_receiver.IsWanted)
        {
            End(error);
        }
        else if (_receiver.IsAtRest)
        {
            ReadLastWords();
        }
        else
        {
            _receiver.Cancel();
        }
    }

    private void ReadLastWordsOnce()
    {
        _isReadingLastWords = false;
        if (IsClosed || _hasEnded)
        {
            return;
        }

        if (!_receiver.IsWanted)
        {
            End(_sendError);
            return;
        }

        var buffer = _engine.Loop.Buffers.Rent(LastWordsBytes);
        var length = Libc.recv(_descriptorInUse, buffer.Pointer, (nuint)buffer.Capacity, Libc.MSG_DONTWAIT);
        if (length > 0)
        {
            Events.OnReceived(new ReceivedBytes(buffer.Pointer, (int)length, ReceivedBytes.NotRetainable));
        }

        buffer.Return();
        if (length > 0)
        {
            ReadLastWords();
        }
        else
        {
            End(_sendError);
        }
    }

    private void End(int error)
    {
        _hasEnded = true;
        _receiver.Stop();
        Events.OnEnd(error);
    }

    private void ScheduleSend()
    {
        if (!_isInSendList && !_sends.IsUnderWay)
        {
            _isInSendList = true;
            _engine.ScheduleSend(this);
        }
    }

    // Closed or given away: as soon as no operation refers to it.
    private void LeaveWhenAtRest()
    {
        if (_descriptorInUse < 0)
        {
            return;
        }

        _receiver.Cancel();
        if (_sends.IsUnderWay && !_sends.IsAttempting && !_isSendCancelled && _onReleased is null)
        {
            _isSendCancelled = true;
            _engine.Cancel(Id, UringOperation.Send);
        }

        if (!_receiver.IsAtRest || _sends.IsUnderWay || (_onReleased is not null && _sends.LengthBytes > 0))
        {
            return;
        }

        var descriptor = _descriptorInUse;
        _descriptorInUse = -1;
        _engine.Remove(Id);
        if (_onReleased is not null)
        {
            _onReleased(descriptor, _receiver.TakeParked(), _releasedState);
            return;
        }

        if (_discardsUnread)
        {
            UnreadBytes.Discard(descriptor);
        }

        _ = Libc.close(descriptor);
    }
}
