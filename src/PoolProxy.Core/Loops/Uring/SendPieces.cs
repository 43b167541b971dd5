namespace PoolProxy.Core.Loops.Uring;

/// <summary>Makes pieces to be sent and takes them back with what they held. One for an engine; in the steady state it allocates nothing.</summary>
internal sealed unsafe class SendPieces(BufferPool pool, ProvidedBuffers provided)
{
    private SendPiece? _unused;

    /// <summary>A piece of a provided buffer that is being delivered: held until the piece is returned.</summary>
    public SendPiece Hold(byte* pointer, int length, int bufferId)
    {
        provided.Retain(bufferId);
        return Make(pointer, length, bufferId, null);
    }

    /// <summary>A piece of memory that never goes.</summary>
    public SendPiece Constant(byte* pointer, int length) => Make(pointer, length, ReceivedBytes.NotRetainable, null);

    /// <summary>A piece with a copy of the first of the bytes, as many as the largest pooled buffer takes.</summary>
    public SendPiece Copy(ReadOnlySpan<byte> bytes, int capacityBytes)
    {
        var copy = pool.Rent(Math.Min(Math.Max(bytes.Length, capacityBytes), BufferPool.LargestBytes));
        var length = copy.Append(bytes);
        return Make(copy.Pointer, length, ReceivedBytes.NotRetainable, copy);
    }

    /// <summary>Lets go of what it held, and keeps the piece itself for later.</summary>
    public void Return(SendPiece piece)
    {
        piece.Copy?.Return();
        piece.Copy = null;
        if (piece.BufferId >= 0)
        {
            provided.Release(piece.BufferId);
        }

        piece.Next = _unused;
        _unused = piece;
    }

    private SendPiece Make(byte* pointer, int length, int bufferId, LoopBuffer? copy)
    {
        var piece = _unused ?? new SendPiece();
        _unused = piece.Next;
        piece.Pointer = pointer;
        piece.Length = length;
        piece.BufferId = bufferId;
        piece.Copy = copy;
        piece.Next = null;
        return piece;
    }
}
