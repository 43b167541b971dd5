using PoolProxy.Load.Measuring;
using PoolProxy.Load.Peers;

namespace PoolProxy.Load.Workloads;

/// <summary>How long a proxy takes from its start until it listens, and the memory it has then.</summary>
internal sealed class StartWorkload : Workload
{
    /// <inheritdoc/>
    public override bool StartsProxies => true;

    /// <inheritdoc/>
    public override IEnumerable<Variation> VariationsOf(Contender? contender) => contender is null ? [] : [new Variation("", new Setup())];

    /// <inheritdoc/>
    public override async Task<Measurement> MeasureAsync(Entrant entrant, World world, TimeSpan duration)
    {
        await using RunningProxy proxy = await RunningProxy.StartAsync(entrant.Contender!, entrant.Setup, world, $"{Name}.{entrant.Name}");
        return Measurement.Of((Metric.Start, proxy.StartTime.TotalMilliseconds), (Metric.Rss, ProcessSample.Read(proxy.ProcessId).RssBytes / 1e6));
    }
}
