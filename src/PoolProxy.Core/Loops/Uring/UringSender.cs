using PoolProxy.Core.Loops.Native;
using static PoolProxy.Core.Loops.Uring.UringConstants;

namespace PoolProxy.Core.Loops.Uring;

/// <summary>
/// The sending half of a socket. What its owner sends in a turn goes out in one operation at the end of that, together with those of all other
/// sockets; while one is under way nothing else is begun, so nothing overtakes anything.
/// </summary>
internal sealed unsafe class UringSender(UringEngine engine, UringSocket socket)
{
    // A socket that has sent so often is busy enough to be registered with the ring; most connections that come and go never are.
    private const int SendsBeforeRegistration = 32;

    // Only while there is something to send: most sockets rest.
    private SendQueue? _queue;
    private int _sendsToRegistration = SendsBeforeRegistration;
    private int _fixedFile = FixedFiles.None;
    private bool _isScheduled;
    private bool _isCancelled;

    /// <summary>The errno that ended sending; 0 while all is well.</summary>
    public int Error { get; private set; }

    /// <summary>Bytes that have been tried and wait for the peer.</summary>
    public int BacklogBytes => _queue is { IsBacklog: true } queue ? queue.LengthBytes : 0;

    /// <summary>No operation refers to the socket for sending.</summary>
    public bool IsAtRest => _queue is not { IsUnderWay: true };

    /// <summary>Nothing waits to be sent.</summary>
    public bool IsEmpty => _queue is not { LengthBytes: > 0 };

    public void Send(SegmentList segments)
    {
        (_queue ??= engine.Queues.Take()).Append(segments);
        Schedule();
    }

    public void Send(ReadOnlySpan<byte> bytes)
    {
        (_queue ??= engine.Queues.Take()).AppendCopy(bytes, 0);
        Schedule();
    }

    /// <summary>Tries now what would be tried at the end of the turn; what the peer does not take is a backlog.</summary>
    public void Flush()
    {
        if (_queue is not { } queue)
        {
            return;
        }

        if (Error == 0 && !socket.IsClosed && !queue.IsUnderWay && !queue.IsBacklog)
        {
            queue.SendDirectly(socket.DescriptorInUse);
        }

        queue.BecomeBacklog();
        ReturnIfDone();
    }

    /// <summary>
    /// The socket is closed: what was sent in this very turn has not been given to the kernel yet, and there is no next turn for it. The rest is
    /// dropped, at once or with the operation that reads from it.
    /// </summary>
    public void SendLast()
    {
        if (_queue is { IsUnderWay: false } queue)
        {
            queue.SendDirectly(socket.DescriptorInUse);
            queue.Clear();
            ReturnIfDone();
        }
    }

    /// <summary>Ends the operation that waits for the peer, if one does; its completion says when.</summary>
    public void Cancel()
    {
        if (_queue is { IsUnderWay: true, IsAttempting: false } && !_isCancelled)
        {
            _isCancelled = true;
            engine.Operations.Cancel(socket.Id, UringOperation.Send);
        }
    }

    /// <summary>Nothing will be sent any more, and the descriptor is about to be closed or given away.</summary>
    public void Leave()
    {
        _sendsToRegistration = 0;
        if (_fixedFile != FixedFiles.None)
        {
            engine.Files.Remove(_fixedFile);
            _fixedFile = FixedFiles.None;
        }
    }

    /// <summary>Begins the next operation, at the end of a turn. True: it is an attempt, to be ended when the entries have been submitted.</summary>
    public bool Begin()
    {
        _isScheduled = false;
        if (_queue is not { IsUnderWay: false, LengthBytes: > 0 } queue || socket.IsGone || Error != 0)
        {
            return false;
        }

        engine.Operations.Prepare(socket, UringOperation.Send, out var entry);
        queue.Begin(entry);
        if (!queue.IsAttempting)
        {
            return false;
        }

        if (_sendsToRegistration > 0 && --_sendsToRegistration == 0)
        {
            _fixedFile = engine.Files.Add(socket.DescriptorInUse);
        }

        if (_fixedFile != FixedFiles.None)
        {
            entry->Descriptor = _fixedFile;
            entry->Flags |= IOSQE_FIXED_FILE;
        }

        return true;
    }

    /// <summary>The kernel has taken this turn's entries and complains of none of the attempts that are left.</summary>
    public void EndAttempt()
    {
        if (_queue is { IsAttempting: true } queue)
        {
            AfterSend(queue, queue.EndAttempt());
        }
    }

    /// <summary>An operation has completed: a backlog's, or an attempt that did not go well.</summary>
    public void OnCompletion(int result)
    {
        // Kept as long as an operation is under way, which this was.
        var queue = _queue!;
        var hasDrained = queue.End(Math.Max(result, 0));
        if (result < 0 && result is not (-Errno.EAGAIN or -Errno.EINTR or -Errno.ENOMEM) && !socket.IsGone)
        {
            Error = -result;
            queue.Clear();
            ReturnIfDone();
            socket.AfterSendFailed();
        }
        else
        {
            // An attempt that completes was cut short: from here on it is a backlog.
            queue.BecomeBacklog();
            AfterSend(queue, hasDrained);
        }
    }

    private void AfterSend(SendQueue queue, bool hasDrained)
    {
        if (socket.IsGone)
        {
            queue.Clear();
        }

        if (queue.LengthBytes > 0)
        {
            Schedule();
        }
        else
        {
            // Before its owner is told, who may send again at once.
            ReturnIfDone();
            if (hasDrained && !socket.IsClosed)
            {
                socket.Owner.OnDrained();
            }
        }

        socket.LeaveIfClosed();
    }

    private void ReturnIfDone()
    {
        if (_queue is { IsUnderWay: false, LengthBytes: 0 } queue)
        {
            _queue = null;
            engine.Queues.Return(queue);
        }
    }

    private void Schedule()
    {
        if (!_isScheduled && _queue is { IsUnderWay: false })
        {
            _isScheduled = true;
            engine.Sends.Schedule(this);
        }
    }
}
