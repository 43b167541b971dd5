using System.Diagnostics;

namespace PoolProxy.Core.Loops.Uring;

/// <summary>
/// Queues that nobody has anything in. A socket has one only while it sends, so thousands of idle sockets cost none, and busy ones share a few that
/// stay in the caches of the processor. In the steady state it allocates nothing.
/// </summary>
internal sealed class SendQueues(UringEngine engine)
{
    private SendQueue? _unused;

    /// <summary>An empty queue, the taker's until <see cref="Return"/>.</summary>
    public SendQueue Take()
    {
        var queue = _unused ?? new SendQueue(engine);
        _unused = queue.NextUnused;
        queue.NextUnused = null;
        return queue;
    }

    /// <summary>Takes back an empty queue.</summary>
    public void Return(SendQueue queue)
    {
        Debug.Assert(queue is { LengthBytes: 0, IsUnderWay: false, IsBacklog: false }, "nothing is left in it");
        queue.NextUnused = _unused;
        _unused = queue;
    }
}
