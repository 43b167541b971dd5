namespace PoolProxy.Core.Pooling;

/// <summary>A waiter's place in the queue: embedded in the client, so that waiting allocates nothing.</summary>
internal sealed class WaiterNode(IWaiter waiter)
{
    public IWaiter Waiter { get; } = waiter;

    /// <summary>Waiting, in the queue or for a server under way. Its own loop's.</summary>
    public bool IsQueued { get; internal set; }

    public bool IsNotified { get; internal set; }

    public long SinceMilliseconds { get; internal set; }

    /// <summary>The pool's part on the waiter's loop.</summary>
    internal Pool Home { get; set; } = null!;

    /// <summary>Counts its waits: what was promised to an earlier one does not hold for the next.</summary>
    internal long Ticket { get; set; }

    /// <summary>Written under the gate of the pool's state.</summary>
    internal WaiterPlace Place { get; set; }

    /// <summary>What it waits with goes behind others soon: only their number keeps it. May be a moment old; of use where the pool pipelines.</summary>
    internal volatile bool IsRiderSoon;

    internal WaiterNode? Next { get; set; }

    internal WaiterNode? Previous { get; set; }
}
