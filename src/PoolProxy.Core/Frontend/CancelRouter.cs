using PoolProxy.Core.Backend;
using PoolProxy.Core.Loops;
using PoolProxy.Core.Relay;
using PoolProxy.Core.Relay.Replication;
using PoolProxy.Core.Telemetry;

namespace PoolProxy.Core.Frontend;

/// <summary>
/// Carries a client's cancel to the server it is linked to at that moment, on the client's loop. From then until PostgreSQL has closed the
/// cancel's own connection the server counts as aimed at, and the pool gives it to nobody else: a cancel must never hit the next client's
/// statement. Owned by one loop.
/// </summary>
internal sealed class CancelRouter(SharedServices shared, ClientRegistry clients, IServerOpener opener)
{
    /// <summary>Requests whose number belongs to this loop, those among them for nobody too.</summary>
    public long RequestCount { get; private set; }

    /// <summary>A CancelRequest that came in on <paramref name="loop"/>, this router's own; ends when the cancel has reached its server.</summary>
    public Task RouteAsync(Loop loop, int processId, byte[] secret, TimeSpan waitTimeout)
    {
        var home = shared.Loops[CancelKeys.LoopOf(processId, shared.Loops.Count, shared.PeerId)];
        return home.Loop == loop
            ? CancelAsync(processId, secret, waitTimeout)
            : home.Loop.RunAsync(() => home.Cancels.CancelAsync(processId, secret, waitTimeout));
    }

    /// <summary>
    /// Waits until what the server runs is this client's and nobody's request is behind it (isolation.md §9); nobody comes behind it meanwhile. False
    /// where its request has ended by then: there is nothing left to cancel.
    /// </summary>
    private static async Task<bool> IsAloneAsync(RelayClient relay, ServerConnection server, TimeSpan waitTimeout)
    {
        var number = relay.Link.Ride.Number;
        server.CancelsWaiting++;
        try
        {
            await relay.Link.Ride.AloneAsync().WaitAsync(waitTimeout > TimeSpan.Zero ? waitTimeout : Timeout.InfiniteTimeSpan, relay.Shared.Loop.Time);
        }
        catch (TimeoutException)
        {
            return false;
        }
        finally
        {
            server.CancelsWaiting--;
        }

        return relay is { IsEnded: false, IsLinked: true, IsRequestOpen: true } && relay.Link.Ride.Number == number && !MayHitOthers(relay, server);
    }

    /// <summary>
    /// Waits until the prelude ahead of the request is confirmed: a cancel would end that, and the server with it, in place of the request
    /// (isolation.md §3). False where the request has ended by then.
    /// </summary>
    private static async Task<bool> IsDressedAsync(RelayClient relay, ServerConnection server, TimeSpan waitTimeout)
    {
        var number = relay.Link.Ride.Number;
        while (relay is { IsEnded: false, IsLinked: true } && relay.Link.Ride.Number == number && relay.Link.IsBeingDressed)
        {
            server.CancelsWaiting++;
            try
            {
                await relay.Link.DressedAsync().WaitAsync(waitTimeout > TimeSpan.Zero ? waitTimeout : Timeout.InfiniteTimeSpan, relay.Shared.Loop.Time);
            }
            catch (TimeoutException)
            {
                return false;
            }
            finally
            {
                server.CancelsWaiting--;
            }
        }

        return relay is { IsEnded: false, IsLinked: true, IsRequestOpen: true } && relay.Link.Ride.Number == number;
    }

    /// <summary>Somebody else is being answered, or behind it; whoever has left his place there loses nothing by a cancel.</summary>
    private static bool MayHitOthers(RelayClient relay, ServerConnection server) => relay.Link.Ride.IsBehind || server.Riders is { AnyWaits: true };

    /// <summary>Its server is nobody else's: there is nobody whom a cancel could hit by mistake.</summary>
    private async Task CancelReplicationAsync(ReplicationTunnel tunnel)
    {
        try
        {
            await opener.CancelAsync(tunnel.Server.Aim);
        }
        catch (ServerLoginException failure)
        {
            shared.Log.ServerQueryFailed(tunnel.Server.Target.ToString(), tunnel.Server.Facts.ProcessId, "CancelRequest", failure.Message);
        }
    }

    private async Task CancelAsync(int processId, byte[] secret, TimeSpan waitTimeout)
    {
        RequestCount++;
        var session = clients.FindByKey(processId, secret);
        if (session is { Replication: { } tunnel })
        {
            if (tunnel.Cancel is not { IsCompleted: false })
            {
                tunnel.Cancel = CancelReplicationAsync(tunnel);
            }

            await tunnel.Cancel;
            return;
        }

        if (session is not { Relay: { IsEnded: false, IsLinked: true } relay } || !(relay.IsRequestOpen || relay.Link.IsBeingDressed))
        {
            return;
        }

        var pool = relay.Route.Pool;
        var slots = shared.CancelSlots.Of(pool.State);
        var server = relay.Server;
        if (!await IsDressedAsync(relay, server, waitTimeout) || (MayHitOthers(relay, server) && !await IsAloneAsync(relay, server, waitTimeout)))
        {
            return;
        }

        server.CancelsUnderWay++;
        pool.CancelsUnderWay++;
        var entered = false;
        try
        {
            entered = await slots.WaitAsync(waitTimeout > TimeSpan.Zero ? waitTimeout : Timeout.InfiniteTimeSpan);

            // The statement may have ended meanwhile; the server is still this client's or nobody's, because it is aimed at. For the same
            // reason nothing of the proxy's own is said to it now.
            if (entered && !server.IsClosed && !server.IsSettled)
            {
                await opener.CancelAsync(server.Aim);
            }
        }
        catch (ServerLoginException failure)
        {
            // A request that lies in the host's queue may hit whatever the backend does by then.
            server.IsCloseNeeded |= failure.MayStillArrive;
            shared.Log.ServerQueryFailed(pool.Key.ToString(), server.Facts.ProcessId, "CancelRequest", failure.Message);
        }
        finally
        {
            if (entered)
            {
                slots.Release();
            }

            server.CancelsUnderWay--;
            pool.CancelsUnderWay--;
            if (!server.IsClosed && server.CancelsUnderWay == 0)
            {
                server.Owner.ServerSettled(server);

                // What has to be said ahead of its next request was held back.
                server.Link?.ServerDrained();
            }
        }
    }
}
