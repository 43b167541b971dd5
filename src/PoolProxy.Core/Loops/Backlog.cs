using PoolProxy.Core.Loops.Native;

namespace PoolProxy.Core.Loops;

/// <summary>
/// What a peer has not taken yet: copied into pooled buffers, sent in order. Its owner bounds it by not reading from the source meanwhile.
/// </summary>
internal sealed unsafe class Backlog(BufferPool pool)
{
    /// <summary>Pieces given to the kernel in one write.</summary>
    public const int VectorsPerWrite = 16;

    private LoopBuffer? _first;
    private LoopBuffer? _last;
    private int _taken;

    public int LengthBytes { get; private set; }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        LengthBytes += bytes.Length;
        if (_last is not null)
        {
            bytes = bytes[_last.Append(bytes)..];
        }

        while (!bytes.IsEmpty)
        {
            var buffer = pool.Rent(Math.Min(bytes.Length, BufferPool.LargestBytes));
            bytes = bytes[buffer.Append(bytes)..];
            if (_last is null)
            {
                _first = buffer;
            }
            else
            {
                _last.Next = buffer;
            }

            _last = buffer;
        }
    }

    /// <summary>Fills in what to send next, and says how many pieces that is.</summary>
    public int Fill(IoVector* vectors)
    {
        var count = 0;
        for (var buffer = _first; buffer is not null && count < VectorsPerWrite; buffer = buffer.Next)
        {
            var skip = count == 0 ? _taken : 0;
            vectors[count].Base = buffer.Pointer + skip;
            vectors[count].Length = (nuint)(buffer.Length - skip);
            count++;
        }

        return count;
    }

    /// <summary>The peer took that many bytes.</summary>
    public void Consume(int bytes)
    {
        LengthBytes -= bytes;
        _taken += bytes;
        while (_first is not null && _taken >= _first.Length)
        {
            _taken -= _first.Length;
            RemoveFirst(_first);
        }
    }

    public void Clear()
    {
        while (_first is not null)
        {
            RemoveFirst(_first);
        }

        _taken = 0;
        LengthBytes = 0;
    }

    private void RemoveFirst(LoopBuffer buffer)
    {
        _first = buffer.Next;
        if (_first is null)
        {
            _last = null;
        }

        buffer.Return();
    }
}
