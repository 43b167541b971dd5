namespace PoolProxy.Core.Loops;

/// <summary>
/// Something with a deadline on one loop's <see cref="TimerWheel"/>. A session derives from it (or owns one) once, so that arming and
/// moving a deadline allocates nothing. Touched by its loop only.
/// </summary>
internal abstract class TimerNode
{
    /// <summary>The value of <see cref="DueMilliseconds"/> while disarmed.</summary>
    public const long Never = long.MaxValue;

    /// <summary>When it is due on the loop's clock (<see cref="Loop.NowMilliseconds"/>), or <see cref="Never"/>.</summary>
    public long DueMilliseconds { get; internal set; } = Never;

    /// <summary>True between <see cref="TimerWheel.Arm"/> and the call of <see cref="OnDue"/> or <see cref="TimerWheel.Disarm"/>.</summary>
    public bool IsArmed => DueMilliseconds != Never;

    internal TimerNode? Next { get; set; }

    internal TimerNode? Previous { get; set; }

    /// <summary>The wheel's slot the node hangs in, or −1. It may be earlier than the due time: a deadline moved later stays put.</summary>
    internal int Slot { get; set; } = -1;

    /// <summary>The tick at which <see cref="Slot"/> comes up.</summary>
    internal long SlotTick { get; set; }

    /// <summary>
    /// The deadline has passed, by at most a tick and what the loop was busy with; never early. The node is disarmed already and may arm
    /// itself again. Runs on the loop; must not block.
    /// </summary>
    protected internal abstract void OnDue(long nowMilliseconds);
}
