using System.Diagnostics;
using System.Runtime.InteropServices;

namespace PoolProxy.Core.Transport.Tls;

/// <summary>
/// Bytes in order, in one native block that grows by doubling and is given back as soon as it is empty: an idle channel
/// owns none. (The C library's allocator hands a block of this size out again in some 20 ns, against microseconds for the
/// record in it.) Lives in native memory, as OpenSSL's callbacks reach it, and must be freed by <see cref="Free"/>. One
/// thread at a time.
/// </summary>
internal unsafe struct ByteQueue
{
    // Holds the records of a short query, so that those are one block.
    private const int FirstCapacity = 512;

    private byte* _block;
    private int _capacity;
    private int _start;
    private int _end;

    /// <summary>Bytes waiting.</summary>
    public readonly int Length => _end - _start;

    /// <summary>Adds <paramref name="length"/> bytes; false, with nothing added, when more than <paramref name="maxLength"/> would wait.</summary>
    /// <exception cref="OutOfMemoryException">The block cannot grow.</exception>
    public bool TryAppend(byte* source, int length, int maxLength)
    {
        Debug.Assert(length >= 0);
        if (length > maxLength - Length)
            return false;
        if (length > _capacity - _end)
            MakeRoom(length);
        Buffer.MemoryCopy(source, _block + _end, _capacity - _end, length);
        _end += length;
        return true;
    }

    /// <summary>Moves up to <paramref name="length"/> bytes out; answers how many, 0 when nothing waits.</summary>
    public int Take(byte* destination, int length)
    {
        int taken = Math.Min(length, Length);
        if (taken == 0)
            return 0;
        Buffer.MemoryCopy(_block + _start, destination, length, taken);
        _start += taken;
        if (_start == _end)
            Free();
        return taken;
    }

    /// <summary>Drops what waits and gives the block back.</summary>
    public void Free()
    {
        NativeMemory.Free(_block);
        this = default;
    }

    private void MakeRoom(int length)
    {
        if (_start > 0)
        {
            Buffer.MemoryCopy(_block + _start, _block, _capacity, Length);
            _end -= _start;
            _start = 0;
        }
        int needed = checked(_end + length);
        if (needed <= _capacity)
            return;
        long doubled = Math.Max(FirstCapacity, 2L * _capacity);
        int capacity = (int)Math.Min(Math.Max(needed, doubled), Array.MaxLength);
        _block = (byte*)NativeMemory.Realloc(_block, (nuint)capacity);
        _capacity = capacity;
    }
}
