using PoolProxy.Core.Backend;
using PoolProxy.Core.Frontend;
using PoolProxy.Core.Loops;
using PoolProxy.Core.Pooling;
using PoolProxy.Core.Telemetry;

namespace PoolProxy.Core.Admin.Statistics;

/// <summary>
/// The numbers of SHOW POOLS, STATS and STATE for the metrics. What is a loop's is asked of it; where it does not answer soon, the collector gets what
/// it got the last time.
/// </summary>
internal sealed class ProxyCounts(SharedServices shared, ProxyLog log) : IProxyCounts
{
    /// <summary>How long a collector's thread waits for a loop.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private IReadOnlyList<PoolCounts> _pools = [];
    private long _isolationFailures;

    /// <inheritdoc/>
    public int ClientsLoggingIn => shared.Census.LoginCount;

    /// <inheritdoc/>
    public long LoginsAccepted => shared.Census.AcceptedCount;

    /// <inheritdoc/>
    public long LoginsRefused => shared.Census.RefusedCount;

    /// <inheritdoc/>
    public long IsolationFailures
    {
        get
        {
            var asked = shared.AskEachAsync(static services => services.Routes.Routes.Sum(route => route.Dresser.Alarms));
            return asked.Wait(Patience) ? _isolationFailures = asked.Result.Sum() : _isolationFailures;
        }
    }

    /// <inheritdoc/>
    public long LogRecordsDropped => log.DroppedCount;

    /// <inheritdoc/>
    public long AuditRecordsDropped => shared.Audit.DroppedCount;

    /// <inheritdoc/>
    public IReadOnlyList<PoolCounts> Pools()
    {
        // A single loop looks after its pools without a lock, so it has to be the one that looks at them.
        var loop = shared.Loops[0].Loop;
        var asked = loop.AskAsync(() => shared.Pools.All.Select(pool => Of(pool, loop.NowMilliseconds)).ToArray());
        return asked.Wait(Patience) ? _pools = asked.Result : _pools;
    }

    private static PoolCounts Of(PoolState pool, long now)
    {
        var stats = new PoolStats();
        foreach (var part in pool.Parts)
        {
            stats.Add(part.Stats);
        }

        return pool.Look((pool, stats, now), static (books, waiters, _, of) =>
        {
            var used = books.Idle.Count(server => ServerFitness.IsStale(server, of.pool.Config, of.now));
            return new PoolCounts
            {
                Pool = of.pool.Key.ToString(),
                ClientsActive = Math.Max(0, of.pool.Parts.Sum(part => part.ClientCount) - waiters.Count),
                ClientsWaiting = waiters.Count,
                ServersActive = books.Count(ServerState.Active) + books.Count(ServerState.Moving),
                ServersIdle = books.Idle.Count - used,
                ServersUsed = used,
                ServersTested = books.Count(ServerState.Tested),
                ServersLogin = books.LoginCount,
                ServersBeingCanceled = books.Count(ServerState.BeingCanceled),
                OldestWaitMicroseconds = waiters.Head is { } head ? Math.Max(0, of.now - head.SinceMilliseconds) * 1000 : 0,
                Transactions = of.stats.XactCount,
                Queries = of.stats.QueryCount,
                ServerAssignments = of.stats.ServerAssignmentCount,
                ReceivedBytes = of.stats.ReceivedBytes,
                SentBytes = of.stats.SentBytes,
                TransactionMicroseconds = of.stats.XactMicroseconds,
                QueryMicroseconds = of.stats.QueryMicroseconds,
                WaitMicroseconds = of.stats.WaitMicroseconds,
            };
        });
    }
}
