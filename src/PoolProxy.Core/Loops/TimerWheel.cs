using System.Diagnostics;
using System.Numerics;

namespace PoolProxy.Core.Loops;

/// <summary>
/// One loop's deadlines: a hierarchical wheel of four rings with 64 slots each (8 ms, 0.5 s, 33 s, 35 min a slot; farther deadlines wait in the
/// last slot and are sorted in again). Arming and disarming cost a few writes; moving a deadline later writes one field, and the node finds
/// its new place when its old slot comes up. A deadline is never met early, and at most one tick late if the loop is not busy.
/// Touched by its loop only.
/// </summary>
internal sealed class TimerWheel
{
    /// <summary>The resolution, in milliseconds.</summary>
    public const int TickMilliseconds = 8;

    private const int RingBits = 6;
    private const int RingSlots = 1 << RingBits;
    private const int Rings = 4;
    private const long Span = 1L << (RingBits * Rings);

    private readonly TimerNode?[] _slots = new TimerNode?[Rings * RingSlots];
    private readonly ulong[] _occupied = new ulong[Rings];
    private readonly Action<Exception> _onFault;
    private long _tick;

    /// <summary>A wheel whose clock stands at <paramref name="nowMilliseconds"/>; it gives exceptions of nodes to <paramref name="onFault"/>.</summary>
    public TimerWheel(long nowMilliseconds, Action<Exception> onFault)
    {
        _tick = nowMilliseconds / TickMilliseconds;
        _onFault = onFault;
    }

    /// <summary>How many nodes are armed.</summary>
    public int Count { get; private set; }

    /// <summary>
    /// Sets or moves a deadline. A due time that has passed already is met at the next tick, never inside this call.
    /// </summary>
    public void Arm(TimerNode node, long dueMilliseconds)
    {
        Debug.Assert(dueMilliseconds != TimerNode.Never, "disarm instead");
        node.DueMilliseconds = dueMilliseconds;
        if (node.Slot >= 0)
        {
            if (TickOf(dueMilliseconds) >= node.SlotTick)
            {
                return;
            }

            Unlink(node);
        }
        else
        {
            Count++;
        }

        Link(node);
    }

    /// <summary>Takes a deadline back; nothing happens if none was set.</summary>
    public void Disarm(TimerNode node)
    {
        node.DueMilliseconds = TimerNode.Never;
        if (node.Slot >= 0)
        {
            Unlink(node);
            Count--;
        }
    }

    /// <summary>
    /// How long the loop may sleep, in milliseconds: until the next tick at which a node may be due (or must change its ring); −1 when
    /// nothing is armed.
    /// </summary>
    public long MillisecondsToNext(long nowMilliseconds)
    {
        if (Count == 0)
        {
            return -1;
        }

        return Math.Max(0, (NextTick() * TickMilliseconds) - nowMilliseconds);
    }

    /// <summary>Calls <see cref="TimerNode.OnDue"/> of every node whose time has come, earlier ticks first.</summary>
    public void Advance(long nowMilliseconds)
    {
        var target = nowMilliseconds / TickMilliseconds;
        while (_tick < target)
        {
            if (Count == 0)
            {
                _tick = target;
                return;
            }

            _tick = Math.Min(target, NextTick());
            if ((_tick & (RingSlots - 1)) == 0)
            {
                Cascade(1);
            }

            Expire((int)(_tick & (RingSlots - 1)), nowMilliseconds);
        }
    }

    private static long TickOf(long dueMilliseconds) => dueMilliseconds <= 0 ? 0 : ((dueMilliseconds - 1) / TickMilliseconds) + 1;

    // The first tick after the present one at which any ring reaches an occupied slot; those between may be stepped over.
    private long NextTick()
    {
        var next = long.MaxValue;
        for (var ring = 0; ring < Rings; ring++)
        {
            if (_occupied[ring] != 0)
            {
                next = Math.Min(next, NextTickOf(ring));
            }
        }

        return next;
    }

    // The first tick after the present one at which the ring reaches an occupied slot. Its present slot counts as a whole turn away.
    private long NextTickOf(int ring)
    {
        var shift = ring * RingBits;
        var position = _tick >> shift;
        var start = (int)((position + 1) & (RingSlots - 1));
        var distance = BitOperations.TrailingZeroCount(BitOperations.RotateRight(_occupied[ring], start));
        return (position + 1 + distance) << shift;
    }

    // A ring has come to its next slot: what hangs there moves inwards. When that ring has gone round, so has the one outside it, first.
    private void Cascade(int ring)
    {
        if (ring == Rings)
        {
            return;
        }

        var index = (int)((_tick >> (ring * RingBits)) & (RingSlots - 1));
        if (index == 0)
        {
            Cascade(ring + 1);
        }

        var slot = (ring * RingSlots) + index;
        var node = _slots[slot];
        _slots[slot] = null;
        _occupied[ring] &= ~(1UL << index);
        while (node is not null)
        {
            var next = node.Next;
            node.Slot = -1;
            node.Next = node.Previous = null;
            Link(node, earliestTick: _tick);
            node = next;
        }
    }

    private void Expire(int slot, long nowMilliseconds)
    {
        // One at a time from the head: a callback may arm and disarm any node, also one that waits in this slot.
        while (_slots[slot] is { } node)
        {
            Unlink(node);
            if (node.DueMilliseconds > nowMilliseconds)
            {
                Link(node);
                continue;
            }

            Count--;
            node.DueMilliseconds = TimerNode.Never;
            try
            {
                node.OnDue(nowMilliseconds);
            }
            catch (Exception exception)
            {
                // The others in this slot must not wait for the wheel's next turn because of one.
                _onFault(exception);
            }
        }
    }

    private void Link(TimerNode node) => Link(node, earliestTick: _tick + 1);

    private void Link(TimerNode node, long earliestTick)
    {
        var tick = Math.Clamp(TickOf(node.DueMilliseconds), earliestTick, _tick + Span - 1);
        var distance = tick - _tick;
        var ring = 0;
        while (distance >= RingSlots)
        {
            distance >>= RingBits;
            ring++;
        }

        var index = (int)((tick >> (ring * RingBits)) & (RingSlots - 1));
        var slot = (ring * RingSlots) + index;
        node.Slot = slot;
        node.SlotTick = tick;
        node.Previous = null;
        node.Next = _slots[slot];
        if (node.Next is not null)
        {
            node.Next.Previous = node;
        }

        _slots[slot] = node;
        _occupied[ring] |= 1UL << index;
    }

    private void Unlink(TimerNode node)
    {
        if (node.Previous is not null)
        {
            node.Previous.Next = node.Next;
        }
        else
        {
            _slots[node.Slot] = node.Next;
            if (node.Next is null)
            {
                _occupied[node.Slot / RingSlots] &= ~(1UL << (node.Slot % RingSlots));
            }
        }

        if (node.Next is not null)
        {
            node.Next.Previous = node.Previous;
        }

        node.Slot = -1;
        node.Next = node.Previous = null;
    }
}
