using System.ComponentModel;
using System.Diagnostics;
using PoolProxy.Core.Loops.Native;
using static PoolProxy.Core.Loops.Uring.UringConstants;

namespace PoolProxy.Core.Loops.Uring;

/// <summary>
/// The buffers that one ring's receives fill: the kernel picks one when bytes are there, so a connection that waits has none. A buffer comes
/// back here with its completion and returns to the kernel when everybody who held it has let go: the callback it is delivered in, and a send
/// that goes straight from it. <see cref="CanRetain"/> keeps half of them out of the reach of slow peers, so that receiving goes on whatever
/// they do. The kernel uses buffers in the order they were given, so it is given few at a time, those used last first: they are still in the
/// caches of the processor. It is given more when it runs out.
/// </summary>
internal sealed unsafe class ProvidedBuffers
{
    /// <summary>The group's number on its ring.</summary>
    public const ushort Group = 0;

    /// <summary>After so many buffers that it took without running out, the kernel is given half as many at a time.</summary>
    public const int TakesBetweenWants = 16 * 1024;

    // struct io_uring_buf: address, length, id; the tail of the ring lies in the first one's last field.
    private const int EntryBytes = 16;
    private const int TailOffset = 14;

    // Buffers begin at different places within a page: most messages are short, and their first lines would all meet in one set of the caches.
    private const int StaggerBytes = 320;


    private readonly int _count;
    private readonly int _sizeBytes;
    private readonly int _smallestWindow;
    private readonly nuint _strideBytes;
    private readonly nuint _ringBytes;
    private readonly byte* _ring;
    private readonly byte* _memory;
    private readonly int[] _holders;
    private readonly ushort[] _spare;
    private int _spareCount;
    private int _offered;
    private int _window;
    private int _takesSinceWant;
    private ushort _tail;
    private bool _isTailBehind;

    /// <param name="count">A power of two.</param>
    /// <param name="sizeBytes">Of each buffer.</param>
    /// <param name="smallestWindow">How many the kernel is given at the least.</param>
    public ProvidedBuffers(int count, int sizeBytes, int smallestWindow)
    {
        Debug.Assert(int.IsPow2(count) && count is > 1 and <= 32768, "what the kernel takes");
        _count = count;
        _sizeBytes = sizeBytes;
        _strideBytes = (nuint)(sizeBytes + StaggerBytes);
        _ringBytes = (nuint)(count * EntryBytes);
        _holders = new int[count];
        _spare = new ushort[count];
        _smallestWindow = Math.Min(smallestWindow, count);
        _window = _smallestWindow;
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

    /// <summary>Buffers that the kernel has, those included whose completions have not been taken.</summary>
    public int OfferedCount => _offered;

    /// <summary>Whether one may be kept beyond the callback it is delivered in; otherwise its bytes are to be copied.</summary>
    public bool CanRetain => HeldCount <= _count / 2;

    private nuint MemoryBytes => (nuint)_count * _strideBytes;

    /// <summary>Makes them known to the kernel and gives it the first. 0, or an errno below zero.</summary>
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

        for (var id = _count - 1; id >= 0; id--)
        {
            _spare[_spareCount++] = (ushort)id;
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
        _offered--;
        if (++_takesSinceWant == TakesBetweenWants)
        {
            _takesSinceWant = 0;
            _window = Math.Max(_window / 2, _smallestWindow);
        }
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
            _spare[_spareCount++] = (ushort)id;
        }
    }

    /// <summary>A receive ended for want of a buffer: from here on the kernel has more of them at a time.</summary>
    public void Widen()
    {
        _takesSinceWant = 0;
        _window = Math.Min(_window * 2, _count);
    }

    /// <summary>Gives the kernel what it lacks, from what has come back.</summary>
    public void Publish()
    {
        while (_offered < _window && _spareCount > 0)
        {
            Offer(_spare[--_spareCount]);
        }

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
        _offered++;
        _isTailBehind = true;
    }
}
