using Microsoft.Extensions.Logging;
using PoolProxy.Core.Backend;
using PoolProxy.Core.Pooling;
using PoolProxy.Core.Telemetry;

namespace PoolProxy.Core.Frontend;

/// <summary>
/// Carries a client's cancel to the server it is linked to at that moment. From then until PostgreSQL has closed the cancel's own
/// connection the server counts as aimed at, and the pool gives it to nobody else: a cancel must never hit the next client's statement.
/// </summary>
internal sealed class CancelRouter(ClientRegistry clients, ServerOpener opener, ILogger log)
{
    /// <summary>Cancels under way for one pool: twice its size, as in PgBouncer; more wait for cancel_wait_timeout.</summary>
    private readonly Dictionary<Pool, SemaphoreSlim> _slots = [];

    public long RequestCount { get; private set; }

    public async Task RouteAsync(int processId, byte[] secret, TimeSpan waitTimeout)
    {
        RequestCount++;
        if (!clients.TryFindByKey(processId, secret, out var session) || session.Relay is not { IsEnded: false, IsLinked: true, IsRequestOpen: true } relay)
        {
            return;
        }

        var pool = relay.Route.Pool;
        if (!_slots.TryGetValue(pool, out var slots))
        {
            _slots.Add(pool, slots = new SemaphoreSlim(Math.Max(2, pool.Config.PoolSize * 2)));
        }

        var server = relay.Server;
        server.CancelsUnderWay++;
        var entered = false;
        try
        {
            entered = await slots.WaitAsync(waitTimeout > TimeSpan.Zero ? waitTimeout : Timeout.InfiniteTimeSpan);

            // The statement may have ended meanwhile; the server is still this client's or nobody's, because it is aimed at.
            if (entered && !server.IsClosed && !server.IsSettled)
            {
                await opener.CancelAsync(pool.Config.Target, server.Facts.ProcessId, server.Facts.CancelKey);
            }
        }
        catch (ServerLoginException failure)
        {
            log.ServerQueryFailed(pool.Key.ToString(), server.Facts.ProcessId, "CancelRequest", failure.Message);
        }
        finally
        {
            if (entered)
            {
                slots.Release();
            }

            server.CancelsUnderWay--;
            if (!server.IsClosed && server.CancelsUnderWay == 0)
            {
                server.Owner.ServerSettled(server);
            }
        }
    }
}
