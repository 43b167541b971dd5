using PoolProxy.Core.Loops.Native;

namespace PoolProxy.Core.Loops;

/// <summary>
/// The sending half of an <see cref="EpollSocket"/>: short sends wait for the end of the turn (<see cref="EpollTurn"/>), longer ones are tried at once, and
/// what the peer does not take is a backlog. Nothing overtakes anything.
/// </summary>
internal sealed unsafe class EpollSender(EpollEngine engine, EpollSocket socket)
{
    private Backlog? _backlog;
    private byte* _held;
    private int _heldBytes;

    /// <summary>The errno that ended sending; 0 while all is well.</summary>
    public int Error { get; private set; }

    /// <summary>Bytes that have been tried and wait for the peer.</summary>
    public int BacklogBytes => _backlog?.LengthBytes ?? 0;

    private bool CanSend => Error == 0 && !socket.IsClosed;

    public void Send(SegmentList segments)
    {
        if (segments.LengthBytes == 0 || !CanSend)
        {
            return;
        }

        if (TryHold(segments.LengthBytes, out var place))
        {
            segments.CopyTo(place);
        }
        else if (CanSend)
        {
            var taken = BacklogBytes > 0 ? 0 : Write(segments.Vectors, segments.Count);
            if (taken >= 0 && taken < segments.LengthBytes)
            {
                Keep(segments, taken);
            }
        }
    }

    public void Send(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty || !CanSend)
        {
            return;
        }

        if (TryHold(bytes.Length, out var place))
        {
            bytes.CopyTo(place);
        }
        else if (CanSend)
        {
            WriteOrKeep(bytes);
        }
    }

    /// <summary>Tries what waits for the end of the turn.</summary>
    public void Flush()
    {
        var length = _heldBytes;
        _heldBytes = 0;
        if (length > 0 && CanSend)
        {
            WriteOrKeep(new ReadOnlySpan<byte>(_held, length));
        }
    }

    /// <summary>The socket is being closed: tries once what waits for the end of the turn, and drops the rest.</summary>
    public void SendLast()
    {
        var length = _heldBytes;
        _heldBytes = 0;
        if (length > 0 && CanSend && BacklogBytes == 0)
        {
            var vector = new IoVector { Base = _held, Length = (nuint)length };
            _ = SocketCalls.Send(socket.Descriptor, &vector, 1);
        }
    }

    /// <summary>Bytes were lost on the way: nothing may follow them, and the socket ends.</summary>
    public void Abandon() => Fail(Errno.ENOBUFS);

    /// <summary>The peer takes bytes again. True when that was all of the backlog.</summary>
    public bool WriteBacklog()
    {
        var vectors = stackalloc IoVector[Backlog.VectorsPerWrite];
        var taken = Write(vectors, _backlog!.Fill(vectors));
        if (taken > 0)
        {
            _backlog.Consume(taken);
        }

        return taken > 0 && _backlog.LengthBytes == 0;
    }

    /// <summary>Drops what is left.</summary>
    public void Clear()
    {
        _heldBytes = 0;
        _backlog?.Clear();
    }

    // Where so many bytes go that are sent at the end of the turn, behind what is there already; false where they have to be tried now.
    private bool TryHold(int length, out Span<byte> place)
    {
        place = default;
        if (length > EpollTurn.LongestBytes || BacklogBytes > 0)
        {
            Flush();
            return false;
        }

        var turn = engine.Turn;
        if (_heldBytes > 0 && !turn.IsEnd(_held + _heldBytes, length))
        {
            Flush();
            if (BacklogBytes > 0 || !CanSend)
            {
                return false;
            }
        }

        var start = turn.Reserve(length);
        if (_heldBytes == 0)
        {
            _held = start;
            turn.Add(this);
        }

        _heldBytes += length;
        place = new Span<byte>(start, length);
        return true;
    }

    private void WriteOrKeep(ReadOnlySpan<byte> bytes)
    {
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

    // The bytes taken, or −1 after a failure.
    private int Write(IoVector* vectors, int count)
    {
        while (true)
        {
            engine.CountCall();
            var sent = SocketCalls.Send(socket.Descriptor, vectors, count);
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
                    Fail(error);
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
        _backlog ??= new Backlog(engine.Loop.Buffers);
        _backlog.Append(bytes);
        socket.UpdateInterest();
    }

    private void Fail(int error)
    {
        Error = error;
        _heldBytes = 0;
        _backlog?.Clear();
        socket.SendFailed();
    }
}
