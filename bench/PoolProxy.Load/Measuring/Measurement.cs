using System.Globalization;

namespace PoolProxy.Load.Measuring;

/// <summary>What one run of one entrant came to.</summary>
/// <param name="Values">By metric; one that the workload does not have is missing.</param>
internal sealed record Measurement(IReadOnlyDictionary<Metric, double> Values)
{
    /// <summary>Makes one of pairs.</summary>
    public static Measurement Of(params (Metric Metric, double Value)[] values) => new(values.ToDictionary(pair => pair.Metric, pair => pair.Value));

    /// <summary>A line for the terminal.</summary>
    public override string ToString() => string.Join("  ", Values.Select(pair =>
        string.Create(CultureInfo.InvariantCulture, $"{pair.Key.Title()} {pair.Value.ToString(pair.Key.Format(), CultureInfo.InvariantCulture)}")));
}
