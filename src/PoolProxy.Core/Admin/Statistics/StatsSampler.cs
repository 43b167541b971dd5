using Microsoft.Extensions.Logging;
using PoolProxy.Core.Frontend;
using PoolProxy.Core.Loops;
using PoolProxy.Core.Pooling;
using PoolProxy.Core.Telemetry;

namespace PoolProxy.Core.Admin.Statistics;

/// <summary>
/// Notes every pool's totals at each end of stats_period, so that averages reach back over the last whole period and what there is of the
/// present one, as PgBouncer's do; logs them where log_stats is on. Owned by one loop.
/// </summary>
internal sealed class StatsSampler : TimerNode
{
    /// <summary>Before the first period has ended averages are taken over no less than this.</summary>
    private const int MinSpanMilliseconds = 1000;

    private readonly Loop _loop;
    private readonly RouteDirectory _routes;
    private readonly ILogger _log;
    private Dictionary<PoolStats, PoolStats> _older = [];
    private Dictionary<PoolStats, PoolStats> _newer = [];
    private long _olderMilliseconds;
    private long _newerMilliseconds;

    /// <summary>Starts nothing: <see cref="Start"/> does.</summary>
    public StatsSampler(Loop loop, RouteDirectory routes, ILogger log)
    {
        _loop = loop;
        _routes = routes;
        _log = log;
        _newerMilliseconds = _loop.NowMilliseconds;
        _olderMilliseconds = _newerMilliseconds - MinSpanMilliseconds;
    }

    /// <summary>What the console itself has done: its row in SHOW STATS.</summary>
    public PoolStats Console { get; } = new();

    /// <summary>Begins the first period.</summary>
    public void Start() => _loop.Timers.Arm(this, _loop.NowMilliseconds + Period);

    /// <summary>How things went lately: rates a second, and times an event, of totals as they are now against those of one to two periods ago.</summary>
    public StatsAverages AveragesOf(IEnumerable<PoolStats> totals)
    {
        PoolStats current = new(), older = new();
        foreach (var stats in totals)
        {
            current.Add(stats);
            if (_older.TryGetValue(stats, out var before))
            {
                older.Add(before);
            }
        }

        return new StatsAverages(current, older, _loop.NowMilliseconds - _olderMilliseconds);
    }

    /// <inheritdoc/>
    protected internal override void OnDue(long nowMilliseconds)
    {
        _older = _newer;
        _olderMilliseconds = _newerMilliseconds;
        _newer = _routes.Pools.Pools.Select(pool => pool.Stats).Append(Console).ToDictionary(stats => stats, stats => stats.Copy());
        _newerMilliseconds = nowMilliseconds;
        if (_routes.Plan.Configuration.Proxy.LogStats)
        {
            var average = AveragesOf(_routes.Pools.Pools.Select(pool => pool.Stats));
            _log.Stats(
                average.XactCount, average.QueryCount, average.ClientParseCount, average.ServerParseCount, average.BindCount, average.ReceivedBytes, average.SentBytes,
                average.XactMicroseconds, average.QueryMicroseconds, average.WaitMicroseconds);
        }

        Start();
    }

    private long Period => (long)_routes.Plan.Configuration.Proxy.StatsPeriod.TotalMilliseconds;
}
