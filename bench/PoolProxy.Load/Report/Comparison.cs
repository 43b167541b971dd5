using System.Globalization;
using System.Text;
using PoolProxy.Load.Measuring;

namespace PoolProxy.Load.Report;

/// <summary>Ratios of PoolProxy's entrants to the others, for the terminal and for tables.</summary>
internal static class Comparison
{
    /// <summary>
    /// Every ratio of a workload: each of PoolProxy's entrants to every other pooler and to PostgreSQL itself; one with a special setup to the same
    /// engine's plain one; and a plain one of another engine or build to the first.
    /// </summary>
    public static IEnumerable<(string Entrant, string Other)> Pairs(WorkloadResult result)
    {
        string[] all = [.. result.Rounds.Keys];
        string[] own = [.. all.Where(result.IsOwn)];
        foreach (string entrant in own)
        {
            IEnumerable<string> earlier = own.TakeWhile(other => other != entrant);
            string? plain = earlier.FirstOrDefault(other => result.IsSibling(entrant, other)) ?? earlier.FirstOrDefault();
            foreach (string other in all.Where(other => !result.IsOwn(other)).Concat(plain is null ? [] : [plain]))
            {
                yield return (entrant, other);
            }
        }
    }

    /// <summary>A ratio as <c>0.93 (0.90-0.97)</c>.</summary>
    public static string Text(Spread? ratio) => ratio is { } value
        ? string.Create(CultureInfo.InvariantCulture, $"{value.Median:0.00} ({value.Least:0.00}-{value.Most:0.00})")
        : "";

    /// <summary>The lines behind a workload's rounds.</summary>
    public static string Text(WorkloadResult result)
    {
        var text = new StringBuilder();
        foreach ((string entrant, string other) in Pairs(result))
        {
            string[] ratios = [.. result.Workload.Compared.Concat([Metric.ServerCpu, Metric.P50, Metric.P99]).Distinct()
                .Select(metric => (Title: metric.Title(), Ratio: Text(result.Ratio(entrant, other, metric))))
                .Where(pair => pair.Ratio.Length > 0)
                .Select(pair => $"{pair.Title} {pair.Ratio}")];
            text.Append(CultureInfo.InvariantCulture, $"ratio {entrant} : {other}   {string.Join("   ", ratios)}\n");
        }
        return text.ToString().TrimEnd();
    }
}
