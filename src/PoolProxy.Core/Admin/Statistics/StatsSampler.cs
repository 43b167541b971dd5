using Microsoft.Extensions.Logging;
using PoolProxy.Core.Frontend;
using PoolProxy.Core.Loops;
using PoolProxy.Core.Pooling;
using PoolProxy.Core.Telemetry;

namespace PoolProxy.Core.Admin.Statistics;

/// <summary>
/// Notes every pool's totals at each end of stats_period, so that averages reach back over the last whole period and what there is of the
/// present one, as PgBouncer's do; logs them where log_stats is on. Runs on one loop; what it has noted may be read on any.
/// </summary>
internal sealed class StatsSampler : TimerNode
{
    /// <summary>Before the first period has ended averages are taken over no less than this.</summary>
    private const int MinSpanMilliseconds = 1000;

    private readonly Loop _loop;
    private readonly RouteDirectory _routes;
    private readonly ILogger _log;
    private readonly PoolStates _pools;
    private readonly PoolStats[] _consoles;
    private volatile Sample _older;
    private Sample _newer;

    /// <summary>Starts nothing: <see cref="Start"/> does.</summary>
    public StatsSampler(Loop loop, RouteDirectory routes, ILogger log, int loopCount)
    {
        _loop = loop;
        _routes = routes;
        _log = log;
        _pools = routes.Pools.States;
        _consoles = [.. Enumerable.Range(0, loopCount).Select(_ => new PoolStats())];
        _newer = new Sample([], _loop.NowMilliseconds);
        _older = new Sample([], _loop.NowMilliseconds - MinSpanMilliseconds);
    }

    /// <summary>What the consoles themselves have done: their row in SHOW STATS.</summary>
    public IReadOnlyList<PoolStats> Consoles => _consoles;

    /// <summary>Every pool's totals, on each loop, and the consoles'.</summary>
    public List<PoolStats> All => [.. OfPools, .. _consoles];

    private IEnumerable<PoolStats> OfPools => _pools.All.SelectMany(pool => pool.Parts).Select(part => part.Stats);

    /// <summary>What the console of one loop does; written there alone.</summary>
    public PoolStats ConsoleOf(Loop loop) => _consoles[loop.Index];

    /// <summary>Begins the first period: once, when a plan is in force.</summary>
    public void Start() => _loop.Timers.Arm(this, _loop.NowMilliseconds + Period);

    /// <summary>How things went lately: rates a second, and times an event, of totals as they are now against those of one to two periods ago.</summary>
    public StatsAverages AveragesOf(IEnumerable<PoolStats> totals)
    {
        var sample = _older;
        PoolStats current = new(), older = new();
        foreach (var stats in totals)
        {
            current.Add(stats);
            if (sample.Totals.TryGetValue(stats, out var before))
            {
                older.Add(before);
            }
        }

        return new StatsAverages(current, older, _loop.NowMilliseconds - sample.AtMilliseconds);
    }

    /// <inheritdoc/>
    protected internal override void OnDue(long nowMilliseconds)
    {
        _older = _newer;
        _newer = new Sample(All.ToDictionary(stats => stats, stats => stats.Copy()), nowMilliseconds);
        if (_routes.Plan.Configuration.Proxy.LogStats)
        {
            var average = AveragesOf(OfPools);
            _log.Stats(
                average.XactCount, average.QueryCount, average.ClientParseCount, average.ServerParseCount, average.BindCount, average.ReceivedBytes, average.SentBytes,
                average.XactMicroseconds, average.QueryMicroseconds, average.WaitMicroseconds);
        }

        Start();
    }

    /// <summary>Totals as they were; never changed afterwards.</summary>
    private sealed record Sample(Dictionary<PoolStats, PoolStats> Totals, long AtMilliseconds);

    private long Period => (long)_routes.Plan.Configuration.Proxy.StatsPeriod.TotalMilliseconds;
}
