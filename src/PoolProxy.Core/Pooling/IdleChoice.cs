using PoolProxy.Configuration.Model;
using PoolProxy.Core.Backend;
using PoolProxy.Core.Loops;

namespace PoolProxy.Core.Pooling;

/// <summary>
/// Which free server a client gets. One of its own loop before any other, since moving a server costs more than dressing it. Among those the
/// one last dressed for the same wearer costs no prelude, so it comes first. Without one: under <c>isolation = "none"</c> the one used last
/// (the others may grow idle and be closed); with identities the one idle for longest, because the others are more likely to be wanted by
/// their own. With server_round_robin and without identities it is the one idle for longest, wherever it is: in turn is what was asked for.
/// </summary>
internal static class IdleChoice
{
    /// <summary>A scan stops here: beyond it affinity is not worth the search.</summary>
    private const int MaxScanned = 64;

    /// <summary>The index of the server, or −1.</summary>
    public static int For(List<ServerConnection> idle, PoolConfig config, object wearer, Loop home)
    {
        if (idle.Count == 0)
        {
            return -1;
        }

        return config.Isolation != IsolationLevel.None ? ByWearer(idle, config, wearer, home) : config.ServerRoundRobin ? 0 : Newest(idle, home);
    }

    private static int Newest(List<ServerConnection> idle, Loop home)
    {
        var end = Math.Max(0, idle.Count - MaxScanned);
        for (var i = idle.Count - 1; i >= end; i--)
        {
            if (idle[i].Loop == home)
            {
                return i;
            }
        }

        return idle.Count - 1;
    }

    private static int ByWearer(List<ServerConnection> idle, PoolConfig config, object wearer, Loop home)
    {
        var (oldestHere, freshHere, wornAway, freshAway) = (-1, -1, -1, -1);
        var end = Math.Max(0, idle.Count - MaxScanned);
        for (var i = idle.Count - 1; i >= end; i--)
        {
            var isHere = idle[i].Loop == home;
            var worn = idle[i].DressedFor;
            if (ReferenceEquals(worn, wearer))
            {
                if (isHere)
                {
                    return i;
                }

                wornAway = wornAway < 0 ? i : wornAway;
            }
            else if (worn is null)
            {
                (freshHere, freshAway) = isHere ? (i, freshAway) : (freshHere, i);
            }

            oldestHere = isHere ? i : oldestHere;
        }

        // exclusive: a server that has served somebody never serves another.
        var mayChange = config.Isolation != IsolationLevel.Exclusive;
        return freshHere >= 0 ? freshHere
            : mayChange && oldestHere >= 0 ? (idle[0].Loop == home ? 0 : oldestHere)
            : wornAway >= 0 ? wornAway
            : freshAway >= 0 ? freshAway
            : mayChange ? 0 : -1;
    }
}
