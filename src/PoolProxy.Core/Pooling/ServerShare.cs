using System.Diagnostics;

namespace PoolProxy.Core.Pooling;

/// <summary>
/// How many of a pool's servers one person's clients hold or wait for, over all loops: whoever would be one too many waits here, in order of arrival, and only then in
/// the pool's own queue, so that it keeps nobody else waiting. Its gate is held for moments; clients are told on their own loops. Any thread.
/// </summary>
internal sealed class ServerShare
{
    private readonly Lock _gate = new();
    private ShareNode? _first;
    private ShareNode? _last;

    /// <summary>Servers held, and waited for in the pool's queue.</summary>
    public int HeldCount { get; private set; }

    /// <summary>How many clients refer to it; the directory's, under its gate.</summary>
    internal int ClientCount { get; set; }

    /// <summary>Whether the client may have a server, or queue for one. If not, it is told when it may. Asking again changes nothing.</summary>
    public bool TryHold(ShareNode node, int most)
    {
        lock (_gate)
        {
            node.Most = most;
            if (node.Place == SharePlace.Out)
            {
                if (_first is null && HeldCount < most)
                {
                    HeldCount++;
                    node.Place = SharePlace.Holding;
                }
                else
                {
                    Enqueue(node);
                }
            }

            return node.Place == SharePlace.Holding;
        }
    }

    /// <summary>The client has no server any more, nor waits for one: who is next goes on.</summary>
    public void Leave(ShareNode node)
    {
        ShareNode? next;
        lock (_gate)
        {
            switch (node.Place)
            {
                case SharePlace.Queued:
                    Remove(node);
                    break;
                case SharePlace.Holding:
                    HeldCount--;
                    break;
            }

            node.Place = SharePlace.Out;
            next = Grant();
        }

        while (next is not null)
        {
            next.Loop.Post(static state => ((ShareNode)state!).Tell(), next);
            lock (_gate)
            {
                next = Grant();
            }
        }
    }

    // The first, where there is room for it.
    private ShareNode? Grant()
    {
        if (_first is not { } first || HeldCount >= first.Most)
        {
            return null;
        }

        Remove(first);
        HeldCount++;
        first.Place = SharePlace.Holding;
        return first;
    }

    private void Enqueue(ShareNode node)
    {
        node.Place = SharePlace.Queued;
        node.Previous = _last;
        if (_last is null)
        {
            _first = node;
        }
        else
        {
            _last.Next = node;
        }

        _last = node;
    }

    private void Remove(ShareNode node)
    {
        Debug.Assert(node.Place == SharePlace.Queued, "it is in this queue");
        if (node.Previous is null)
        {
            _first = node.Next;
        }
        else
        {
            node.Previous.Next = node.Next;
        }

        if (node.Next is null)
        {
            _last = node.Previous;
        }
        else
        {
            node.Next.Previous = node.Previous;
        }

        node.Next = node.Previous = null;
    }
}
