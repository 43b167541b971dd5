using System.ComponentModel;
using System.Diagnostics;
using PoolProxy.Core.Loops.Native;
using static PoolProxy.Core.Loops.Uring.UringConstants;

namespace PoolProxy.Core.Loops.Uring;

/// <summary>
/// The buffers that one ring's receives fill: the kernel picks one when bytes are there, so a connection that waits has none. A buffer comes
/// back here with its completion and returns to the kernel when everybody who held it has let go: the callback it is delivered in, and a send
/// that goes straight from it. <see cref="CanRetain"/> keeps half of them out of the reach of slow peers, so that receiving goes on whatever
/// they do.
/// </summary>
internal sealed unsafe class ProvidedBuffers
{
    /// <summary>The group's number on its ring.</summary>
    public const ushort Group = 0;

    // struct io_uring_buf: address, length, id; the tail of the ring lies in the first one's last field.
    private const int EntryBytes = 16;
    private const int TailOffset = 14;

    // Buffers begin at different places within a page: most messages are short, and their first lines would all meet in one set of the caches.
    private const int StaggerBytes = 320;

    private readonly int _count;
    private readonly int _sizeBytes;
    private readonly nuint _strideBytes;
    private readonly nuint _ringBytes;
    private readonly byte* _ring;
    private readonly byte* _memory;
    private readonly int[] _holders;
    private ushort _tail;
    private bool _isTailBehind;

    /// <param name="count">A power of two.</param>
    /// <param name="sizeBytes">Of each buffer.</param>
    public ProvidedBuffers(int count, int sizeBytes)
    {
        Debug.Assert(int.IsPow2(count) && count is > 1 and <= 32768, "what the kernel takes");
        _count = count;
        _sizeBytes = sizeBytes;
        _strideBytes = (nuint)(sizeBytes + StaggerBytes);
        _ringBytes = (nuint)(count * EntryBytes);
        _holders = new int[count];
        _ring = UringCalls.Allocate(_ringBytes);
        _memory = UringCalls.Allocate(MemoryBytes);
        if (_ring is null || _memory is null)
        {
            var error = Libc.LastError;
            Free();
            throw new Win32Exception(error, "no memory for the receive buffers");
        }
    }

    /// <summary>Buffers that are not the kernel's at present.</summary>
    public int HeldCount { get; private set; }

    /// <summary>Buffers that the kernel has or is about to get.</summary>
    public int FreeCount => _count - HeldCount;

    /// <summary>Whether one may be kept beyond the callback it is delivered in; otherwise its bytes are to be copied.</summary>
    public bool CanRetain => HeldCount <= _count / 2;

    private nuint MemoryBytes => (nuint)_count * _strideBytes;

    /// <summary>Gives all of them to the kernel. 0, or an errno below zero.</summary>
    public int Register(Ring ring)
    {
        // struct io_uring_buf_reg: address, entries, group, flags, three reserved words.
        var registration = stackalloc ulong[5];
        new Span<ulong>(registration, 5).Clear();
        registration[0] = (ulong)_ring;
        registration[1] = (uint)_count | ((ulong)Group << 32);
        var result = ring.Register(IORING_REGISTER_PBUF_RING, registration, 1);
        if (result < 0)
        {
            return result;
        }

        for (var id = 0; id < _count; id++)
        {
            Offer(id);
        }

        Publish();
        return 0;
    }

    /// <summary>The memory of a buffer.</summary>
    public byte* PointerOf(int id) => _memory + ((nuint)id * _strideBytes);

    /// <summary>A completion has brought a buffer; the caller holds it.</summary>
    public void Take(int id)
    {
        Debug.Assert(_holders[id] == 0, "the kernel gives a buffer out once");
        _holders[id] = 1;
        HeldCount++;
    }

    /// <summary>One more holder.</summary>
    public void Retain(int id)
    {
        Debug.Assert(_holders[id] > 0, "held by someone");
        _holders[id]++;
    }

    /// <summary>One holder less; the last one gives it back to the kernel.</summary>
    public void Release(int id)
    {
        Debug.Assert(_holders[id] > 0, "released once by each holder");
        if (--_holders[id] == 0)
        {
            HeldCount--;
            Offer(id);
        }
    }

    /// <summary>Shows the kernel what has been given back since the last time.</summary>
    public void Publish()
    {
        if (_isTailBehind)
        {
            _isTailBehind = false;
            Volatile.Write(ref *(ushort*)(_ring + TailOffset), _tail);
        }
    }

    /// <summary>Gives the memory back; the ring must be gone.</summary>
    public void Free()
    {
        UringCalls.Unmap(_memory, MemoryBytes);
        UringCalls.Unmap(_ring, _ringBytes);
    }

    private void Offer(int id)
    {
        var entry = _ring + ((nuint)(_tail & (_count - 1)) * EntryBytes);
        *(ulong*)entry = (ulong)PointerOf(id);
        *(uint*)(entry + 8) = (uint)_sizeBytes;
        *(ushort*)(entry + 12) = (ushort)id;
        _tail++;
        _isTailBehind = true;
    }
}
