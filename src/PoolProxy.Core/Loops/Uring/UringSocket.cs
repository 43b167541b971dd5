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
    private readonly UringSender _sender;
    private readonly UringReceiver _receiver;
    private SocketReleased? _onReleased;
    private object? _releasedState;
    private int _descriptorInUse;
    private bool _hasEnded;
    private bool _discardsUnread;
    private bool _isReadingLastWords;

    public UringSocket(UringEngine engine, SocketId id, int descriptor, ISocketEvents events)
        : base(id, descriptor, events)
    {
        _engine = engine;
        _descriptorInUse = descriptor;
        _sender = new UringSender(engine, this);
        _receiver = new UringReceiver(engine, this);
    }

    public override int BacklogBytes => _sender.BacklogBytes;

    internal ISocketEvents Owner => Events;

    /// <summary>The kernel's number for operations, also while it is being given up.</summary>
    internal int DescriptorInUse => _descriptorInUse;

    /// <summary>Closed, so that nobody will ever want what comes; not merely on its way to another loop.</summary>
    internal bool IsGone => IsClosed && _onReleased is null;

    internal bool HasSendFailed => _sender.Error != 0;

    private bool CanSend => !IsClosed && !HasSendFailed;

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
            _sender.Send(segments);
        }

        segments.Clear();
    }

    public override void Send(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.IsEmpty && CanSend)
        {
            _sender.Send(bytes);
        }
    }

    public override void Flush() => _sender.Flush();

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
        _sender.SendLast();
        LeaveWhenAtRest();
    }

    public void Close() => Close(discardsUnread: false);

    public void OnCompletion(UringOperation operation, in CompletionEntry completion)
    {
        if (operation == UringOperation.Receive)
        {
            _receiver.OnCompletion(completion);
            LeaveIfClosed();
        }
        else
        {
            _sender.OnCompletion(completion.Result);
        }
    }

    /// <summary>The peer's end of stream (0) or an errno of receiving.</summary>
    internal void EndReceiving(int error) => End(HasSendFailed ? _sender.Error : error);

    /// <summary>Sending has failed, and nothing waits to be sent any more.</summary>
    internal void AfterSendFailed()
    {
        if (IsClosed)
        {
            LeaveWhenAtRest();
        }
        else if (!_receiver.IsWanted)
        {
            End(_sender.Error);
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

    /// <summary>An operation has ended, which may have been the last that kept a closed socket.</summary>
    internal void LeaveIfClosed()
    {
        if (IsClosed)
        {
            LeaveWhenAtRest();
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
            End(_sender.Error);
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
            End(_sender.Error);
        }
    }

    private void End(int error)
    {
        _hasEnded = true;
        _receiver.Stop();
        Events.OnEnd(error);
    }

    // Closed or given away: as soon as no operation refers to it.
    private void LeaveWhenAtRest()
    {
        if (_descriptorInUse < 0)
        {
            return;
        }

        _receiver.Cancel();
        if (_onReleased is null)
        {
            _sender.Cancel();
        }

        if (!_receiver.IsAtRest || !_sender.IsAtRest || (_onReleased is not null && !_sender.IsEmpty))
        {
            return;
        }

        _sender.Leave();
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
