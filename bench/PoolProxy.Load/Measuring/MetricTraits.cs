namespace PoolProxy.Load.Measuring;

/// <summary>Names and units of metrics.</summary>
internal static class MetricTraits
{
    /// <summary>The column's title.</summary>
    public static string Title(this Metric metric) => metric switch
    {
        Metric.Throughput => "throughput /s",
        Metric.ProxyCpu => "proxy CPU µs",
        Metric.ServerCpu => "server CPU µs",
        Metric.P50 => "p50 µs",
        Metric.P95 => "p95 µs",
        Metric.P99 => "p99 µs",
        Metric.P999 => "p99.9 µs",
        Metric.ContextSwitches => "switches",
        Metric.Rss => "RSS MB",
        Metric.IdleClient => "idle client KB",
        Metric.Start => "start ms",
        _ => throw new ArgumentOutOfRangeException(nameof(metric)),
    };

    /// <summary>How many digits behind the point are worth printing.</summary>
    public static string Format(this Metric metric) => metric switch
    {
        Metric.ContextSwitches or Metric.IdleClient => "0.00",
        Metric.ProxyCpu or Metric.ServerCpu or Metric.Rss => "0.0",
        _ => "0",
    };

    /// <summary>Whether more is better.</summary>
    public static bool MoreIsBetter(this Metric metric) => metric == Metric.Throughput;
}
