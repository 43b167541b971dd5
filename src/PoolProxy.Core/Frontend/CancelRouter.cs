using PoolProxy.Core.Backend;
using PoolProxy.Core.Loops;
using PoolProxy.Core.Telemetry;

namespace PoolProxy.Core.Frontend;

/// <summary>
/// Carries a client's cancel to the server it is linked to at that moment, on the client's loop. From then until PostgreSQL has closed the
/// cancel's own connection the server counts as aimed at, and the pool gives it to nobody else: a cancel must never hit the next client's
/// statement. Owned by one loop.
/// </summary>
internal sealed class CancelRouter(SharedServices shared, ClientRegistry clients, ServerOpener opener)
{
    /// <summary>Requests for clients of this loop, and those that belonged to nobody.</summary>
    public long RequestCount { get; private set; }

    /// <summary>A CancelRequest that came in on <paramref name="loop"/>, this router's own; ends when the cancel has reached its server.</summary>
    public Task RouteAsync(Loop loop, int processId, byte[] secret, TimeSpan waitTimeout)
    {
        if (!shared.CancelKeys.TryFind(processId, secret, out var loopIndex, out var clientId))
        {
            RequestCount++;
            return Task.CompletedTask;
        }

        var home = shared.Loops[loopIndex];
        return home.Loop == loop ? CancelAsync(clientId, waitTimeout) : home.Loop.RunAsync(() => home.Cancels.CancelAsync(clientId, waitTimeout));
    }

    private async Task CancelAsync(long clientId, TimeSpan waitTimeout)
    {
        RequestCount++;
        if (!clients.TryFind(clientId, out var session) || session.Relay is not { IsEnded: false, IsLinked: true, IsRequestOpen: true } relay)
        {
            return;
        }

        var pool = relay.Route.Pool;
        var slots = shared.CancelSlots.Of(pool.State);
        var server = relay.Server;
        server.CancelsUnderWay++;
        pool.CancelsUnderWay++;
        var entered = false;
        try
        {
            entered = await slots.WaitAsync(waitTimeout > TimeSpan.Zero ? waitTimeout : Timeout.InfiniteTimeSpan);

            // The statement may have ended meanwhile; the server is still this client's or nobody's, because it is aimed at.
            if (entered && !server.IsClosed && !server.IsSettled)
            {
                await opener.CancelAsync(server);
            }
        }
        catch (ServerLoginException failure)
        {
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
            }
        }
    }
}
