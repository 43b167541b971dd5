using PoolProxy.Core.Loops.Native;
using static PoolProxy.Core.Loops.Uring.UringConstants;

namespace PoolProxy.Core.Loops.Uring;

/// <summary>
/// What one socket has still to send, in order. One operation is under way at a time and covers what was there when it began; pieces that come
/// later wait for the next one, so nothing overtakes anything. It begins as an attempt that never waits and completes only if the peer did not
/// take everything: then, or when there is much to send, the rest is a backlog, sent by operations that wait for the peer. Received bytes go from the buffer they came in as long as there are enough of
/// those (<see cref="ProvidedBuffers.CanRetain"/>); what its owner may change again is copied.
/// </summary>
internal sealed unsafe class SendQueue(UringEngine engine)
{
    /// <summary>Pieces given to the kernel in one operation.</summary>
    public const int VectorsPerSend = 64;

    /// <summary>More than this is a backlog before it has been tried.</summary>
    public const int AttemptBytes = 64 * 1024;

    // Several short pieces are cheaper to copy together than to describe to the kernel one by one.
    private const int GatherBytes = 2048;

    private SendPiece? _first;
    private SendPiece? _last;

    // The last piece of the operation under way: nothing may be added to it.
    private SendPiece? _lastUnderWay;
    private int _attemptedBytes;

    /// <summary>The next in the list of those that nobody uses.</summary>
    public SendQueue? NextUnused { get; set; }

    public int LengthBytes { get; private set; }

    public bool IsUnderWay => _lastUnderWay is not null;

    /// <summary>An attempt is under way: in the kernel's hands it is over at once, and has succeeded unless a completion says otherwise.</summary>
    public bool IsAttempting => _attemptedBytes > 0;

    /// <summary>What there is has to wait for the peer, and somebody for it; ends when nothing is left.</summary>
    public bool IsBacklog { get; private set; }

    public void Append(SegmentList segments)
    {
        if (segments.Count > 1 && segments.LengthBytes <= GatherBytes)
        {
            for (var i = 0; i < segments.Count; i++)
            {
                AppendCopy(segments.BytesOf(i), segments.LengthBytes);
            }

            return;
        }

        for (var i = 0; i < segments.Count; i++)
        {
            var vector = segments.Vectors[i];
            switch (segments.OriginOf(i))
            {
                case SegmentOrigin.Received when segments.BufferIdOf(i) >= 0 && engine.Buffers.CanRetain:
                    Add(engine.Pieces.Hold(vector.Base, (int)vector.Length, segments.BufferIdOf(i)));
                    break;
                case SegmentOrigin.Constant:
                    Add(engine.Pieces.Constant(vector.Base, (int)vector.Length));
                    break;
                default:
                    AppendCopy(segments.BytesOf(i), 0);
                    break;
            }
        }
    }

    /// <summary>Adds a copy; a piece that has room and is not under way takes it, else one of the given capacity at least is made.</summary>
    public void AppendCopy(ReadOnlySpan<byte> bytes, int capacityBytes)
    {
        if (_last is { Copy: { } open } && _last != _lastUnderWay)
        {
            var taken = open.Append(bytes);
            _last.Length += taken;
            Count(taken);
            bytes = bytes[taken..];
        }

        while (!bytes.IsEmpty)
        {
            var piece = engine.Pieces.Copy(bytes, capacityBytes);
            bytes = bytes[piece.Length..];
            Add(piece);
        }
    }

    /// <summary>Fills in an operation that sends what is there, or as much as goes into one. Not while one is under way, nor when empty.</summary>
    public void Begin(SubmissionEntry* entry)
    {
        // With MSG_WAITALL the kernel goes on by itself after a short send, and if it must not wait, a short send counts as failed.
        entry->OperationFlags = Libc.MSG_NOSIGNAL | Libc.MSG_WAITALL;
        int bytes;
        if (_first == _last)
        {
            _lastUnderWay = _first;
            bytes = _first!.Length;
            entry->Operation = IORING_OP_SEND;
            entry->Address = _first.Pointer;
            entry->Length = (uint)bytes;
        }
        else
        {
            var header = engine.Operations.Vectors.Take(out var vectors);
            header->Vectors = vectors;
            header->VectorCount = (nuint)Fill(vectors, out _lastUnderWay, out bytes);
            entry->Operation = IORING_OP_SENDMSG;
            entry->Address = header;
            entry->Length = 1;
        }

        if (!IsBacklog)
        {
            // MSG_DONTWAIT: over when the kernel has taken the entry. Completions of sends that went well would only wake the loop.
            entry->OperationFlags |= Libc.MSG_DONTWAIT;
            entry->Flags = IOSQE_CQE_SKIP_SUCCESS;
            _attemptedBytes = bytes;
        }
    }

    /// <summary>The operation has ended, and the peer's side has taken that many bytes. True: that was the end of a backlog.</summary>
    public bool End(int sentBytes)
    {
        _lastUnderWay = null;
        _attemptedBytes = 0;
        Consume(sentBytes);
        return EndBacklogIfEmpty();
    }

    /// <summary>The attempt has succeeded. True: that was the end of a backlog.</summary>
    public bool EndAttempt() => End(_attemptedBytes);

    /// <summary>Makes what there is a backlog, if there is anything: somebody wants to be told when it has gone.</summary>
    public void BecomeBacklog() => IsBacklog = LengthBytes > 0;

    /// <summary>Sends now, by a call of its own, what the kernel takes at once: for a socket that is about to be closed.</summary>
    public void SendDirectly(int descriptor)
    {
        var vectors = stackalloc IoVector[VectorsPerSend];
        while (LengthBytes > 0)
        {
            var header = new MessageHeader { Vectors = vectors, VectorCount = (nuint)Fill(vectors, out _, out _) };
            var sent = Libc.sendmsg(descriptor, &header, Libc.MSG_NOSIGNAL | Libc.MSG_DONTWAIT);
            if (sent <= 0)
            {
                return;
            }

            Consume((int)sent);
        }
    }

    /// <summary>Drops everything; not while an operation is under way, which reads from it.</summary>
    public void Clear()
    {
        Consume(LengthBytes);
        IsBacklog = false;
    }

    private void Add(SendPiece piece)
    {
        Count(piece.Length);
        if (_last is null)
        {
            _first = piece;
        }
        else
        {
            _last.Next = piece;
        }

        _last = piece;
    }

    private void Count(int addedBytes)
    {
        LengthBytes += addedBytes;
        IsBacklog |= LengthBytes > AttemptBytes;
    }

    private bool EndBacklogIfEmpty()
    {
        if (!IsBacklog || LengthBytes > 0)
        {
            return false;
        }

        IsBacklog = false;
        return true;
    }

    private int Fill(IoVector* vectors, out SendPiece? last, out int bytes)
    {
        var count = 0;
        bytes = 0;
        last = null;
        for (var piece = _first; piece is not null && count < VectorsPerSend; piece = piece.Next)
        {
            vectors[count].Base = piece.Pointer;
            vectors[count].Length = (nuint)piece.Length;
            last = piece;
            bytes += piece.Length;
            count++;
        }

        return count;
    }

    private void Consume(int bytes)
    {
        LengthBytes -= bytes;
        while (_first is { } piece && bytes >= piece.Length)
        {
            bytes -= piece.Length;
            _first = piece.Next;
            if (_first is null)
            {
                _last = null;
            }

            engine.Pieces.Return(piece);
        }

        if (bytes > 0)
        {
            _first!.Pointer += bytes;
            _first.Length -= bytes;
        }
    }
}
