namespace PoolProxy.Core.Loops.Uring;

/// <summary>
/// What a socket has received while nobody wanted it: what was on its way when reading was paused, until its receive was cancelled. Made for
/// that case and dropped after it. In order; held in the provided buffers while there are enough of them, copied otherwise.
/// </summary>
internal sealed unsafe class ParkedBytes(UringEngine engine)
{
    private SendPiece? _first;
    private SendPiece? _last;

    public bool IsEmpty => _first is null;

    /// <summary>Keeps the bytes of a buffer that the caller holds, and goes on holding.</summary>
    public void Add(int bufferId, int length)
    {
        var pointer = engine.Buffers.PointerOf(bufferId);
        var piece = engine.Buffers.CanRetain
            ? engine.Pieces.Hold(pointer, length, bufferId)
            : engine.Pieces.Copy(new ReadOnlySpan<byte>(pointer, length), 0);
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

    /// <summary>The oldest piece; the caller returns it.</summary>
    public SendPiece Take()
    {
        var piece = _first!;
        _first = piece.Next;
        if (_first is null)
        {
            _last = null;
        }

        return piece;
    }

    /// <summary>All of it in memory that any loop may read; nothing is left.</summary>
    public byte[] TakeAll()
    {
        var all = new List<byte>();
        while (!IsEmpty)
        {
            var piece = Take();
            all.AddRange(new ReadOnlySpan<byte>(piece.Pointer, piece.Length));
            engine.Pieces.Return(piece);
        }

        return [.. all];
    }

    public void Clear()
    {
        while (!IsEmpty)
        {
            engine.Pieces.Return(Take());
        }
    }
}
