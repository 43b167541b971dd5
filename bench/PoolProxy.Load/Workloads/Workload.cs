using PoolProxy.Load.Measuring;
using PoolProxy.Load.Peers;

namespace PoolProxy.Load.Workloads;

/// <summary>Something to do to a proxy, and what is measured while it is done.</summary>
internal abstract class Workload
{
    /// <summary>The name for <c>--workloads</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What is done, in half a line.</summary>
    public required string Title { get; init; }

    /// <summary>What the entrants are compared by, the most telling first.</summary>
    public IReadOnlyList<Metric> Compared { get; init; } = [Metric.ProxyCpu, Metric.Throughput];

    /// <summary>The setups a contender takes part with; none where it cannot. A null contender is PostgreSQL itself.</summary>
    public abstract IEnumerable<Variation> VariationsOf(Contender? contender);

    /// <summary>Whether the workload starts a proxy of its own for each round; then none runs beside it, and nothing is warmed up.</summary>
    public virtual bool StartsProxies => false;

    /// <summary>Runs once, for that long.</summary>
    /// <exception cref="BenchException">The run does not count.</exception>
    public abstract Task<Measurement> MeasureAsync(Entrant entrant, World world, TimeSpan duration);
}
