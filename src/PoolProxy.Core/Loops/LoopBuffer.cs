using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PoolProxy.Core.Loops;

/// <summary>
/// A pinned piece of memory rented from a loop's <see cref="BufferPool"/> and given back with <see cref="Return"/>, exactly once, on that loop.
/// </summary>
internal sealed unsafe class LoopBuffer
{
    private readonly BufferPool _pool;
    private readonly byte[] _bytes;

    internal LoopBuffer(BufferPool pool, int capacity)
    {
        _pool = pool;
        _bytes = GC.AllocateUninitializedArray<byte>(capacity, pinned: true);
        Pointer = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_bytes));
    }

    /// <summary>The first byte; it stays there for the buffer's life.</summary>
    public byte* Pointer { get; }

    /// <summary>Room in bytes.</summary>
    public int Capacity => _bytes.Length;

    /// <summary>Bytes filled, counted from the start. The renter keeps it.</summary>
    public int Length { get; set; }

    /// <summary>The bytes filled.</summary>
    public Span<byte> Span => _bytes.AsSpan(0, Length);

    /// <summary>The room behind the bytes filled.</summary>
    public Span<byte> Free => _bytes.AsSpan(Length);

    /// <summary>The bytes filled, for asynchronous code.</summary>
    public Memory<byte> Memory => _bytes.AsMemory(0, Length);

    /// <summary>A link for whoever has rented it and keeps several in a row.</summary>
    internal LoopBuffer? Next { get; set; }

    internal bool IsRented { get; set; }

    /// <summary>Appends as much as there is room for, and says how much that was.</summary>
    public int Append(ReadOnlySpan<byte> bytes)
    {
        Debug.Assert(IsRented, "used after its return");
        var length = Math.Min(bytes.Length, Capacity - Length);
        bytes[..length].CopyTo(Free);
        Length += length;
        return length;
    }

    /// <summary>Gives it back to the pool; the memory belongs to the next renter from here on.</summary>
    public void Return() => _pool.TakeBack(this);
}
