using System.Diagnostics;

namespace PoolProxy.Core.Pooling;

/// <summary>First come, first served; leaving from the middle costs nothing either.</summary>
internal sealed class WaiterQueue
{
    public int Count { get; private set; }

    public WaiterNode? Head { get; private set; }

    private WaiterNode? Tail { get; set; }

    public void Enqueue(WaiterNode node, long nowMilliseconds)
    {
        Debug.Assert(!node.IsQueued, "a client waits once");
        node.IsQueued = true;
        node.IsNotified = false;
        node.SinceMilliseconds = nowMilliseconds;
        node.Previous = Tail;
        node.Next = null;
        if (Tail is null)
        {
            Head = node;
        }
        else
        {
            Tail.Next = node;
        }

        Tail = node;
        Count++;
    }

    public bool Remove(WaiterNode node)
    {
        if (!node.IsQueued)
        {
            return false;
        }

        if (node.Previous is null)
        {
            Head = node.Next;
        }
        else
        {
            node.Previous.Next = node.Next;
        }

        if (node.Next is null)
        {
            Tail = node.Previous;
        }
        else
        {
            node.Next.Previous = node.Previous;
        }

        node.IsQueued = false;
        node.Next = node.Previous = null;
        Count--;
        return true;
    }
}
