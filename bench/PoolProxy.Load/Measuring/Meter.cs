using System.Diagnostics;
using PoolProxy.Load.Driver;

namespace PoolProxy.Load.Measuring;

/// <summary>Reads the clocks of proxy and server at both ends of a window and makes a measurement of the difference.</summary>
/// <param name="proxyId">The proxy's process; null where clients talk to PostgreSQL itself.</param>
/// <param name="postmasterId">PostgreSQL's.</param>
internal sealed class Meter(int? proxyId, int postmasterId)
{
    private long _started;
    private ProcessSample? _proxy;
    private long _server;

    /// <summary>Opens the window.</summary>
    public void Start(Window window)
    {
        _server = ServerClock.Read(postmasterId);
        _proxy = proxyId is { } id ? ProcessSample.Read(id) : null;
        _started = Stopwatch.GetTimestamp();
        window.IsOpen = true;
    }

    /// <summary>Closes it.</summary>
    /// <exception cref="BenchException">Nothing ended while it was open.</exception>
    public Measurement Stop(Window window)
    {
        window.IsOpen = false;
        double seconds = Stopwatch.GetElapsedTime(_started).TotalSeconds;
        ProcessSample? proxy = proxyId is { } id ? ProcessSample.Read(id) : null;
        long server = ServerClock.Read(postmasterId) - _server;
        if (window.Count == 0)
        {
            throw new BenchException($"nothing ended within {seconds:0.0} s");
        }
        double count = window.Count;
        var values = new Dictionary<Metric, double>
        {
            [Metric.Throughput] = count / seconds,
            [Metric.P50] = window.Latencies.Percentile(0.5),
            [Metric.P95] = window.Latencies.Percentile(0.95),
            [Metric.P99] = window.Latencies.Percentile(0.99),
            [Metric.P999] = window.Latencies.Percentile(0.999),
            [Metric.ServerCpu] = server / 1e3 / count,
        };
        if (proxy is { } after && _proxy is { } before)
        {
            values[Metric.ProxyCpu] = (after.CpuNanoseconds - before.CpuNanoseconds) / 1e3 / count;
            values[Metric.ContextSwitches] = (after.ContextSwitches - before.ContextSwitches) / count;
            values[Metric.Rss] = after.RssBytes / 1e6;
        }
        return new Measurement(values);
    }
}
