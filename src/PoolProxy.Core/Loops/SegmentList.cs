using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PoolProxy.Core.Loops.Native;

namespace PoolProxy.Core.Loops;

/// <summary>
/// What one write is made of: a short list of pieces of memory, gathered and then given to <c>Send</c>, which clears it. Reused for every
/// write of its owner; a loop may have several. Bounds: <see cref="MaxSegments"/> pieces and <see cref="ScratchCapacityBytes"/> of scratch;
/// ask <see cref="HasRoom"/>, and send in between when there is none.
/// </summary>
internal sealed unsafe class SegmentList
{
    /// <summary>The largest number of pieces.</summary>
    public const int MaxSegments = 256;

    /// <summary>The room for made-up bytes between two writes.</summary>
    public const int ScratchCapacityBytes = 16 * 1024;

    private readonly IoVector[] _vectors = GC.AllocateArray<IoVector>(MaxSegments, pinned: true);
    private readonly byte[] _scratch = GC.AllocateUninitializedArray<byte>(ScratchCapacityBytes, pinned: true);
    private readonly SegmentOrigin[] _origins = new SegmentOrigin[MaxSegments];
    private readonly int[] _bufferIds = new int[MaxSegments];
    private int _scratchUsed;

    /// <summary>An empty list for writes on that loop.</summary>
    public SegmentList(Loop loop) => Loop = loop;

    /// <summary>The loop whose thread fills and sends it.</summary>
    public Loop Loop { get; }

    /// <summary>How many pieces (neighbours in memory have become one).</summary>
    public int Count { get; private set; }

    /// <summary>The sum of all pieces.</summary>
    public int LengthBytes { get; private set; }

    internal IoVector* Vectors => (IoVector*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_vectors));

    /// <summary>Adds a slice of what is being received right now.</summary>
    public void AddReceived(in ReceivedBytes bytes, int offset, int length)
    {
        Debug.Assert(offset >= 0 && length >= 0 && offset <= bytes.Length - length, "a slice of the lease");
        Add(bytes.Pointer + offset, length, SegmentOrigin.Received, bytes.BufferId);
    }

    /// <summary>Adds a <c>"…"u8</c> literal (data of the image that no collection moves; nothing else may be passed).</summary>
    public void AddConstant(ReadOnlySpan<byte> literal) =>
        Add((byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(literal)), literal.Length, SegmentOrigin.Constant, ReceivedBytes.NotRetainable);

    /// <summary>Adds pinned memory of the caller's that stays valid until Send returns.</summary>
    public void AddBorrowed(byte* pointer, int length) => Add(pointer, length, SegmentOrigin.Borrowed, ReceivedBytes.NotRetainable);

    /// <summary>Room for made-up bytes, to be filled before Send; at most what <see cref="HasRoom"/> has confirmed.</summary>
    public Span<byte> AddScratch(int length)
    {
        if (length > ScratchCapacityBytes - _scratchUsed)
        {
            throw new InvalidOperationException("The scratch of the segment list is used up: ask HasRoom first.");
        }

        var start = _scratchUsed;
        Add((byte*)Unsafe.AsPointer(ref _scratch[0]) + start, length, SegmentOrigin.Scratch, ReceivedBytes.NotRetainable);
        _scratchUsed += length;
        return _scratch.AsSpan(start, length);
    }

    /// <summary>Whether that many more pieces and scratch bytes fit.</summary>
    public bool HasRoom(int segments, int scratchBytes) =>
        segments <= MaxSegments - Count && scratchBytes <= ScratchCapacityBytes - _scratchUsed;

    /// <summary>Forgets everything in it without sending.</summary>
    public void Clear()
    {
        Count = 0;
        LengthBytes = 0;
        _scratchUsed = 0;
    }

    /// <summary>Copies all of it to where there is room for <see cref="LengthBytes"/>.</summary>
    internal void CopyTo(Span<byte> place)
    {
        for (var i = 0; i < Count; i++)
        {
            var bytes = BytesOf(i);
            bytes.CopyTo(place);
            place = place[bytes.Length..];
        }
    }

    internal ReadOnlySpan<byte> BytesOf(int index) => new(Vectors[index].Base, (int)Vectors[index].Length);

    internal SegmentOrigin OriginOf(int index) => _origins[index];

    internal int BufferIdOf(int index) => _bufferIds[index];

    private void Add(byte* pointer, int length, SegmentOrigin origin, int bufferId)
    {
        if (length == 0)
        {
            return;
        }

        if (Count > 0 && _origins[Count - 1] == origin && _bufferIds[Count - 1] == bufferId)
        {
            ref var last = ref _vectors[Count - 1];
            if (last.Base + last.Length == pointer)
            {
                last.Length += (nuint)length;
                LengthBytes += length;
                return;
            }
        }

        if (Count == MaxSegments)
        {
            throw new InvalidOperationException("The segment list is full: ask HasRoom first.");
        }

        _vectors[Count] = new IoVector { Base = pointer, Length = (nuint)length };
        _origins[Count] = origin;
        _bufferIds[Count] = bufferId;
        Count++;
        LengthBytes += length;
    }
}
