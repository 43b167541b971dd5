using PoolProxy.Configuration.Model;
using PoolProxy.Core.Backend;

namespace PoolProxy.Core.Pooling;

/// <summary>
/// Which free server a client gets. The one last dressed for the same wearer costs no prelude, so it comes first. Without one: under
/// <c>isolation = "none"</c> the one used last (the others may grow idle and be closed), or the one idle for longest with
/// server_round_robin; with identities the one idle for longest, because the others are more likely to be wanted by their own.
/// </summary>
internal static class IdleChoice
{
    /// <summary>A scan stops here: beyond it affinity is not worth the search.</summary>
    private const int MaxScanned = 64;

    /// <summary>The index of the server, or −1. <paramref name="needsCheck"/>: it must answer server_check_query first.</summary>
    public static int For(List<ServerConnection> idle, PoolConfig config, object wearer, Func<ServerConnection, bool> isStale, out bool needsCheck)
    {
        needsCheck = false;
        if (idle.Count == 0)
        {
            return -1;
        }

        var choice = config.Isolation == IsolationLevel.None ? (config.ServerRoundRobin ? 0 : idle.Count - 1) : ByWearer(idle, config, wearer);
        if (choice >= 0)
        {
            needsCheck = isStale(idle[choice]);
        }

        return choice;
    }

    private static int ByWearer(List<ServerConnection> idle, PoolConfig config, object wearer)
    {
        var fresh = -1;
        var end = Math.Max(0, idle.Count - MaxScanned);
        for (var i = idle.Count - 1; i >= end; i--)
        {
            var worn = idle[i].DressedFor;
            if (ReferenceEquals(worn, wearer))
            {
                return i;
            }

            if (worn is null)
            {
                fresh = i;
            }
        }

        // exclusive: a server that has served somebody never serves another.
        return fresh >= 0 || config.Isolation == IsolationLevel.Exclusive ? fresh : 0;
    }
}
