using System.Diagnostics;
using static PoolProxy.Core.Loops.Uring.UringConstants;

namespace PoolProxy.Core.Loops.Uring;

/// <summary>
/// Descriptors registered with one ring. An operation on one of them spares the kernel looking it up and counting its users, two atomic
/// operations in a process of several threads. Only for operations that end while they are submitted: before Linux 6.13 a file that is taken out
/// is let go when everything begun before that has ended, so that one receive which stays armed would keep all sockets open that were closed
/// meanwhile. Where the kernel has no such table, or it is full, operations name descriptors. Touched by its loop only.
/// </summary>
internal sealed unsafe class FixedFiles(Ring ring)
{
    /// <summary>Not in the table.</summary>
    public const int None = -1;

    // The kernel allows no more than the process may open; a table that small is not worth having.
    private const int SmallestCapacity = 16;

    private int[] _free = [];
    private int _freeCount;

    /// <summary>Places in the table; 0 where there is none.</summary>
    public int Capacity { get; private set; }

    /// <summary>Descriptors in it.</summary>
    public int Count => Capacity - _freeCount;

    /// <summary>Makes the table, smaller if the process may not have so many files. Once, on the ring's thread.</summary>
    public void Register(int capacity)
    {
        while (capacity >= SmallestCapacity && !TryRegister(capacity))
        {
            capacity /= 4;
        }

        if (capacity < SmallestCapacity)
        {
            return;
        }

        Capacity = capacity;
        _free = new int[capacity];
        for (var place = capacity - 1; place >= 0; place--)
        {
            _free[_freeCount++] = place;
        }
    }

    /// <summary>The place of a descriptor from now on, or <see cref="None"/>. It keeps what is behind the descriptor open until <see cref="Remove"/>.</summary>
    public int Add(int descriptor)
    {
        if (_freeCount == 0 || Update(_free[_freeCount - 1], descriptor) < 0)
        {
            return None;
        }

        return _free[--_freeCount];
    }

    /// <summary>Takes it out, before the descriptor is closed.</summary>
    public void Remove(int place)
    {
        Debug.Assert(place >= 0 && place < Capacity, "what Add has answered");
        if (Update(place, -1) >= 0)
        {
            _free[_freeCount++] = place;
        }

        // Refused only on a thread that is not the ring's, when everything ends: closing the ring empties the table.
    }

    private bool TryRegister(int capacity)
    {
        // struct io_uring_rsrc_register: count, flags, 8 reserved bytes, data, tags.
        var registration = stackalloc ulong[4] { (uint)capacity | ((ulong)IORING_RSRC_REGISTER_SPARSE << 32), 0, 0, 0 };
        return ring.Register(IORING_REGISTER_FILES2, registration, 4 * sizeof(ulong)) >= 0;
    }

    private int Update(int place, int descriptor)
    {
        // struct io_uring_rsrc_update: offset, 4 reserved bytes, address of the descriptors.
        var update = stackalloc ulong[2] { (uint)place, (ulong)&descriptor };
        return ring.Register(IORING_REGISTER_FILES_UPDATE, update, 1);
    }
}
