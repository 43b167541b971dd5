namespace PoolProxy.Core.Pooling;

/// <summary>A waiter's place in the queue: embedded in the client, so that waiting allocates nothing.</summary>
internal sealed class WaiterNode(IWaiter waiter)
{
    public IWaiter Waiter { get; } = waiter;

    public bool IsQueued { get; internal set; }

    public bool IsNotified { get; internal set; }

    public long SinceMilliseconds { get; internal set; }

    internal WaiterNode? Next { get; set; }

    internal WaiterNode? Previous { get; set; }
}
