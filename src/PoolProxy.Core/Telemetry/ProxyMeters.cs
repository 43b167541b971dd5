using System.Diagnostics.Metrics;

namespace PoolProxy.Core.Telemetry;

/// <summary>Makes the meters of one proxy, and ends them with it: nobody is asked for numbers of a proxy that is gone.</summary>
internal sealed class ProxyMeters : IMeterFactory
{
    private readonly List<Meter> _meters = [];

    /// <inheritdoc/>
    public Meter Create(MeterOptions options)
    {
        var meter = new Meter(options);
        _meters.Add(meter);
        return meter;
    }

    /// <summary>Whether it has made this meter; other proxies of the process have meters of the same name.</summary>
    public bool Owns(Meter meter) => _meters.Contains(meter);

    /// <summary>Ends the meters.</summary>
    public void Dispose() => _meters.ForEach(static meter => meter.Dispose());
}
