using System.Diagnostics;
using System.Numerics;

namespace PoolProxy.Core.Loops;

/// <summary>
/// One loop's pinned buffers in size classes of powers of two from 4 KiB to 1 MiB; larger ones are made to measure and not kept. What is
/// returned is kept for the next renter, <see cref="CacheBytesPerClass"/> a class at most. Touched by its loop only.
/// </summary>
internal sealed class BufferPool
{
    /// <summary>The smallest size class, in bytes.</summary>
    public const int SmallestBytes = 4 * 1024;

    /// <summary>The largest size class, in bytes.</summary>
    public const int LargestBytes = 1024 * 1024;

    /// <summary>How many bytes of unused buffers are kept in each size class.</summary>
    public const int CacheBytesPerClass = 4 * 1024 * 1024;

    private static readonly int SmallestLog2 = BitOperations.Log2(SmallestBytes);
    private readonly Stack<LoopBuffer>[] _cached;

    public BufferPool()
    {
        _cached = new Stack<LoopBuffer>[BitOperations.Log2(LargestBytes) - SmallestLog2 + 1];
        for (var i = 0; i < _cached.Length; i++)
        {
            _cached[i] = new Stack<LoopBuffer>();
        }
    }

    /// <summary>Bytes in buffers that are rented at present.</summary>
    public long RentedBytes { get; private set; }

    /// <summary>Bytes in buffers that are kept for the next renter.</summary>
    public long CachedBytes { get; private set; }

    /// <summary>An empty buffer with room for at least that many bytes. Whoever ends up with it returns it, once.</summary>
    public LoopBuffer Rent(int capacityBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacityBytes);
        LoopBuffer? buffer;
        if (capacityBytes > LargestBytes)
        {
            buffer = new LoopBuffer(this, capacityBytes);
        }
        else if (_cached[ClassOf(capacityBytes)].TryPop(out buffer))
        {
            CachedBytes -= buffer.Capacity;
        }
        else
        {
            buffer = new LoopBuffer(this, SmallestBytes << ClassOf(capacityBytes));
        }

        buffer.IsRented = true;
        RentedBytes += buffer.Capacity;
        return buffer;
    }

    internal void TakeBack(LoopBuffer buffer)
    {
        Debug.Assert(buffer.IsRented, "a buffer is returned once");
        buffer.IsRented = false;
        buffer.Length = 0;
        buffer.Next = null;
        RentedBytes -= buffer.Capacity;
        if (buffer.Capacity > LargestBytes)
        {
            return;
        }

        var cache = _cached[ClassOf(buffer.Capacity)];
        if ((cache.Count + 1L) * buffer.Capacity <= CacheBytesPerClass)
        {
            cache.Push(buffer);
            CachedBytes += buffer.Capacity;
        }
    }

    private static int ClassOf(int capacityBytes) =>
        capacityBytes <= SmallestBytes ? 0 : BitOperations.Log2((uint)capacityBytes - 1) + 1 - SmallestLog2;
}
