using System.Diagnostics;

namespace PoolProxy.Core.Pooling;

/// <summary>
/// First come, first served, whatever loop they are on; leaving from the middle costs nothing either. Under the gate of the pool's state.
/// </summary>
internal sealed class WaiterQueue
{
    private WaiterNode? _tail;

    public int Count { get; private set; }

    public WaiterNode? Head { get; private set; }

    public void Enqueue(WaiterNode node)
    {
        Debug.Assert(node.Place == WaiterPlace.Out, "a client waits once");
        node.Place = WaiterPlace.Queued;
        node.Previous = _tail;
        node.Next = null;
        if (_tail is null)
        {
            Head = node;
        }
        else
        {
            _tail.Next = node;
        }

        _tail = node;
        Count++;
    }

    /// <summary>Back to where it came from: its server was lost on the way.</summary>
    public void PutFirst(WaiterNode node)
    {
        Debug.Assert(node.Place == WaiterPlace.Promised, "only who had been promised something comes back");
        node.Place = WaiterPlace.Queued;
        node.Previous = null;
        node.Next = Head;
        if (Head is null)
        {
            _tail = node;
        }
        else
        {
            Head.Previous = node;
        }

        Head = node;
        Count++;
    }

    /// <summary>Takes it out, wherever it stands.</summary>
    public void Remove(WaiterNode node, WaiterPlace place)
    {
        Debug.Assert(node.Place == WaiterPlace.Queued, "it is in this queue");
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
            _tail = node.Previous;
        }
        else
        {
            node.Next.Previous = node.Previous;
        }

        node.Place = place;
        node.Next = node.Previous = null;
        Count--;
    }
}
