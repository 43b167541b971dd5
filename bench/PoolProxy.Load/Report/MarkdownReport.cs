using System.Globalization;
using System.Text;
using PoolProxy.Load.Measuring;

namespace PoolProxy.Load.Report;

/// <summary>The tables, as Markdown: medians over the rounds, and ratios with their least and most.</summary>
internal static class MarkdownReport
{
    /// <summary>The document.</summary>
    public static string Text(RunReport report)
    {
        var text = new StringBuilder();
        text.Append("# A run of the bench\n\n");
        text.Append(CultureInfo.InvariantCulture, $"`dotnet run -c Release --project bench/PoolProxy.Load -- {report.Options.CommandLine}`\n\n");
        text.Append(CultureInfo.InvariantCulture, $"{report.Options.Rounds} rounds of {report.Options.Duration.TotalSeconds:0.#} s, interleaved; ");
        text.Append("medians; ratios are made within a round, then: median (least-most).\n\n");
        foreach ((string name, string value) in report.MachineFacts)
        {
            text.Append(CultureInfo.InvariantCulture, $"- {name}: {value}\n");
        }
        foreach (var contender in report.Contenders)
        {
            text.Append(CultureInfo.InvariantCulture, $"- {contender.Name}: {contender.Version}\n");
        }
        if (!report.IsValid)
        {
            text.Append("\n**A run was void: a client was answered with an error.**\n");
        }
        Summary(text, report);
        foreach (WorkloadResult result in report.Results)
        {
            Workload(text, result);
        }
        return text.ToString();
    }

    /// <summary>One line for each workload and entrant of ours: what it is compared by, as ratios to the first other pooler, or to its own plain setup where none took part.</summary>
    private static void Summary(StringBuilder text, RunReport report)
    {
        text.Append("\n## Summary\n\n");
        Row(text, ["workload", "", "compared with", "proxy CPU", "throughput", "what else it is about"]);
        Row(text, ["---", "---", "---", "---:", "---:", "---"]);
        foreach (WorkloadResult result in report.Results)
        {
            var pairs = Comparison.Pairs(result).ToArray();
            foreach (string entrant in result.Rounds.Keys.Where(result.IsOwn))
            {
                string? other = result.FirstPeer ?? pairs.Where(pair => pair.Entrant == entrant).Select(pair => pair.Other).FirstOrDefault();
                if (other is not null)
                {
                    string others = string.Join("; ", result.Workload.Compared.Where(metric => metric is not (Metric.ProxyCpu or Metric.Throughput))
                        .Select(metric => $"{metric.Title()} {Comparison.Text(result.Ratio(entrant, other, metric))}"));
                    Row(text, [
                        result.Workload.Name, entrant, other,
                        Comparison.Text(result.Ratio(entrant, other, Metric.ProxyCpu)), Comparison.Text(result.Ratio(entrant, other, Metric.Throughput)), others]);
                }
            }
        }
    }

    private static void Workload(StringBuilder text, WorkloadResult result)
    {
        text.Append(CultureInfo.InvariantCulture, $"\n## {result.Workload.Name}\n\n{result.Workload.Title}\n\n");
        Metric[] metrics = [.. Enum.GetValues<Metric>().Where(metric => result.Rounds.Values.Any(rounds => rounds.Any(round => round.Values.ContainsKey(metric))))];
        Row(text, ["", .. metrics.Select(metric => metric.Title())]);
        Row(text, ["---", .. metrics.Select(_ => "---:")]);
        foreach (string entrant in result.Rounds.Keys)
        {
            Row(text, [entrant, .. metrics.Select(metric => result.Of(entrant, metric) is { } spread ? spread.Median.ToString(metric.Format(), CultureInfo.InvariantCulture) : "")]);
        }
        var pairs = Comparison.Pairs(result).ToArray();
        if (pairs.Length > 0)
        {
            Metric[] compared = [.. result.Workload.Compared.Concat([Metric.ServerCpu, Metric.P50, Metric.P99]).Distinct().Where(metrics.Contains)];
            text.Append('\n');
            Row(text, ["ratio", .. compared.Select(metric => metric.Title())]);
            Row(text, ["---", .. compared.Select(_ => "---:")]);
            foreach ((string entrant, string other) in pairs)
            {
                Row(text, [$"{entrant} : {other}", .. compared.Select(metric => Comparison.Text(result.Ratio(entrant, other, metric)))]);
            }
        }
        foreach ((string entrant, string reason) in result.Skipped)
        {
            text.Append(CultureInfo.InvariantCulture, $"\nWithout {entrant}: {reason}\n");
        }
        foreach ((string entrant, string reason) in result.Voided)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n**Void: {entrant}: {reason}**\n");
        }
    }

    private static void Row(StringBuilder text, IEnumerable<string> cells) => text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
}
