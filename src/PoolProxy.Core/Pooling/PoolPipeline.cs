using PoolProxy.Core.Backend;

namespace PoolProxy.Core.Pooling;

/// <summary>
/// Pipelining across clients (isolation.md §9), on one loop: while no server is free and none is to come, the first waiter's request is sent behind that
/// of another client, if both are independent statements of one identity. The waiter says whether its request is such a one, and whether a server is
/// dressed for it; here is decided who goes where. Nobody overtakes: where the first waiter cannot ride, nobody does.
/// </summary>
internal sealed class PoolPipeline(Pool pool, HashSet<ServerConnection> servers)
{
    /// <summary>Nobody goes behind what a server has not even taken yet.</summary>
    private const int MaxBacklogBytes = 64 * 1024;

    private bool _isBoarding;
    private (WaiterNode? Waiter, long Ticket) _askedFor;
    private long _observedAgainMilliseconds;

    /// <summary>Sends what can be sent behind others. Cheap where pipelining is off or nobody waits.</summary>
    public void Board()
    {
        if (_isBoarding || pool.State.WaiterCount == 0 || !pool.Config.Pipelines)
        {
            return;
        }

        _isBoarding = true;
        var hasBoarded = false;
        try
        {
            while (pool.State.FirstRider() is { } first)
            {
                if (first.Home != pool)
                {
                    if (hasBoarded)
                    {
                        // Its turn has come by what was done here; its own loop does not know.
                        first.Home.Dispatch.RunSoon();
                    }

                    break;
                }

                if (ServerFor(first) is not { } server || !pool.State.TryBoard(first))
                {
                    AskForRoom(first);
                    break;
                }

                hasBoarded = true;
                first.IsQueued = false;
                pool.Stats.ServerAssignmentCount++;
                pool.Stats.PipelinedCount++;
                first.Waiter.Board(server);
            }
        }
        finally
        {
            _isBoarding = false;
        }

        if (pool.Loop.NowMilliseconds >= _observedAgainMilliseconds)
        {
            _observedAgainMilliseconds = pool.State.ObserveWidth(pool.Loop.NowMilliseconds);
        }
    }

    /// <summary>
    /// The server with the most clients ahead, within the bounds: a server that never comes to rest costs the least, and the others come free sooner for who
    /// cannot ride. Null where none will do.
    /// </summary>
    private ServerConnection? ServerFor(WaiterNode node)
    {
        var waiter = node.Waiter;
        if (!waiter.IsReadyToRide)
        {
            node.IsRiderSoon = false;
            return null;
        }

        ServerConnection? best = null;
        var isSoon = false;
        var most = -1;
        var busier = 0;
        var limit = Math.Min(ServerRiders.Capacity, waiter.MaxAhead);
        foreach (var server in servers)
        {
            var count = server.Riders?.Count ?? 0;
            if (count >= limit)
            {
                busier++;
                isSoon = isSoon || (limit > 0 && IsOpen(server) && waiter.MayRide(server));
            }
            else if (count > most && IsOpen(server) && waiter.MayRide(server) && !pool.State.IsOutOfUse(server, pool.Loop))
            {
                best = server;
                most = count;
            }
        }

        if (busier > 0 && servers.Count - pool.State.Surplus <= busier)
        {
            // As many as should be are full. The others come to rest, and are closed.
            best = isSoon ? null : best;
        }

        node.IsRiderSoon = best is null && isSoon;
        return best;
    }

    /// <summary>Whether somebody rides on another server of this loop: then this one's clients need not wait for long without it.</summary>
    public bool IsServed(ServerConnection without)
    {
        foreach (var server in servers)
        {
            if (server != without && server.HasRiders)
            {
                return true;
            }
        }

        return false;
    }

    // Who cannot go behind others gets a server once it has waited a little: at once, or by the clock.
    private void AskForRoom(WaiterNode first)
    {
        if (first.IsRiderSoon)
        {
            return;
        }

        var due = first.SinceMilliseconds + PoolWidth.PatienceMilliseconds;
        if (due > pool.Loop.NowMilliseconds)
        {
            pool.Janitor.WakeBy(due);
        }
        else if (_askedFor != (first, first.Ticket))
        {
            _askedFor = (first, first.Ticket);
            pool.Loop.Defer(static pool => ((Pool)pool!).Dispatch.Run(), pool);
        }
    }

    /// <summary>
    /// Whether somebody may go behind those that it serves: who is last there can be followed, who is first gets on (its text was short so far, but now it may
    /// wait for something), and no cancel is about that might hit another than it is meant for.
    /// </summary>
    private bool IsOpen(ServerConnection server) =>
        server.State == ServerState.Active
        && server.Tail is { IsFollowable: true }
        && server.Conversation.Count > 0
        && server is { Exchange: null, CancelsUnderWay: 0, CancelsWaiting: 0, IsReadingPaused: false, IsCloseNeeded: false }
        && pool.Loop.NowMilliseconds - server.RequestMilliseconds <= 2 * pool.Config.PipeliningMaxMilliseconds
        && server.Connection.BacklogBytes <= MaxBacklogBytes;
}
