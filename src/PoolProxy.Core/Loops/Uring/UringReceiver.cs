using System.Diagnostics;
using PoolProxy.Core.Loops.Native;

namespace PoolProxy.Core.Loops.Uring;

/// <summary>
/// The receiving half of a socket: one multishot receive that stays armed as long as bytes are wanted. Pausing costs nothing while nothing
/// comes; the first piece that comes unwanted is parked and cancels the receive, so that at most one burst is kept (what the kernel hands over
/// before the cancellation reaches it). Resuming gives out the parked bytes first.
/// </summary>
internal sealed unsafe class UringReceiver(UringEngine engine, UringSocket socket)
{
    private ParkedBytes? _parked;
    private ReceiveState _state;
    private int? _parkedEnd;
    private bool _isResumeScheduled;

    /// <summary>Bytes are wanted.</summary>
    public bool IsWanted { get; private set; }

    /// <summary>No operation of the kernel's refers to the socket for receiving.</summary>
    public bool IsAtRest => _state is ReceiveState.Idle or ReceiveState.Starved;

    public void Start()
    {
        IsWanted = true;
        if (_parked is { IsEmpty: false } || _parkedEnd is not null)
        {
            ScheduleResume();
        }
        else if (_state == ReceiveState.Idle)
        {
            Arm();
        }
    }

    /// <summary>The receive stays armed: most pauses are over before anything comes.</summary>
    public void Stop() => IsWanted = false;

    /// <summary>Ends the receive that is under way, if one is; its last completion says when.</summary>
    public void Cancel()
    {
        if (_state == ReceiveState.Armed)
        {
            _state = ReceiveState.Cancelling;
            engine.Operations.Cancel(socket.Id, UringOperation.Receive);
        }
    }

    /// <summary>Drops what is parked.</summary>
    public void Clear()
    {
        IsWanted = false;
        _parked?.Clear();
        _parked = null;
    }

    /// <summary>What is parked, for another loop; nothing is left.</summary>
    public byte[] TakeParked() => _parked?.TakeAll() ?? [];

    /// <summary>There are buffers again.</summary>
    public void Feed()
    {
        if (_state != ReceiveState.Starved)
        {
            return;
        }

        _state = ReceiveState.Idle;
        if (IsWanted && !socket.IsClosed)
        {
            Arm();
        }
    }

    public void OnCompletion(in CompletionEntry completion)
    {
        Debug.Assert(!IsAtRest, "a receive is under way");
        if (!completion.HasMore)
        {
            _state = ReceiveState.Idle;
        }

        var bufferId = completion.BufferId;
        if (bufferId >= 0)
        {
            engine.Buffers.Take(bufferId);
            try
            {
                OnBytes(bufferId, completion.Result);
            }
            finally
            {
                engine.Buffers.Release(bufferId);
            }
        }
        else
        {
            OnNothing(completion.Result);
        }

        // The kernel ends a multishot receive for reasons of its own, too (a full completion queue): it goes on if bytes are still wanted.
        if (_state == ReceiveState.Idle && IsWanted && !_isResumeScheduled && !socket.IsClosed)
        {
            Arm();
        }
    }

    private bool IsParking => !IsWanted || _isResumeScheduled;

    private void Arm()
    {
        if (socket.HasSendFailed)
        {
            socket.ReadLastWords();
            return;
        }

        _state = ReceiveState.Armed;
        engine.Operations.Receive(socket);
    }

    private void OnBytes(int bufferId, int length)
    {
        if (length <= 0)
        {
            OnNothing(length);
        }
        else if (!socket.IsGone && IsParking)
        {
            (_parked ??= new ParkedBytes(engine)).Add(bufferId, length);
            Cancel();
        }
        else if (!socket.IsClosed)
        {
            socket.Owner.OnReceived(new ReceivedBytes(engine.Buffers.PointerOf(bufferId), length, bufferId));
        }
    }

    private void OnNothing(int result)
    {
        if (socket.IsClosed)
        {
            return;
        }

        switch (result)
        {
            case -Errno.ENOBUFS:
                _state = ReceiveState.Starved;
                engine.WaitForBuffers(this);
                break;
            case -Errno.ECANCELED or -Errno.EINTR or -Errno.EAGAIN:
                break;
            case var _ when IsParking:
                _parkedEnd = -result;
                break;
            default:
                socket.EndReceiving(-result);
                break;
        }
    }

    private void ScheduleResume()
    {
        if (!_isResumeScheduled)
        {
            _isResumeScheduled = true;
            engine.Loop.Defer(static receiver => ((UringReceiver)receiver!).Resume(), this);
        }
    }

    private void Resume()
    {
        _isResumeScheduled = false;
        while (IsWanted && !socket.IsClosed && _parked is { IsEmpty: false } parked)
        {
            var piece = parked.Take();
            try
            {
                socket.Owner.OnReceived(new ReceivedBytes(piece.Pointer, piece.Length, piece.BufferId));
            }
            finally
            {
                engine.Pieces.Return(piece);
            }
        }

        if (!IsWanted || socket.IsClosed)
        {
            return;
        }

        _parked = null;
        if (_parkedEnd is { } end)
        {
            _parkedEnd = null;
            socket.EndReceiving(end);
        }
        else if (_state == ReceiveState.Idle)
        {
            Arm();
        }
    }
}
