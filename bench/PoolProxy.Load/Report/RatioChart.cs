using System.Globalization;
using PoolProxy.Load.Measuring;

namespace PoolProxy.Load.Report;

/// <summary>
/// One bar for each workload and entrant of ours: the processor time of a transaction as a ratio to the first peer's (shorter is better, the line is
/// equality), with the least and the most of all rounds.
/// </summary>
internal static class RatioChart
{
    private const double Left = 190;
    private const double Scale = 320;
    private const double Most = 2;
    private const double BarHeight = 14;
    private static readonly string[] Colours = ["#2f6fab", "#e08a1e", "#4f9a4f", "#a04fa0", "#777777", "#c04040"];

    /// <summary>The document.</summary>
    public static string Text(RunReport report)
    {
        (WorkloadResult Result, string Peer)[] rows = [.. report.Results
            .Where(result => result.FirstPeer is not null)
            .Select(result => (result, result.FirstPeer!))];
        string[] own = [.. rows.SelectMany(row => row.Result.Rounds.Keys.Where(row.Result.IsOwn)).Distinct()];
        var svg = new SvgWriter();
        svg.Text(16, 24, "Cost of a transaction, as a ratio to the peer (shorter is better)", size: 15);
        double y = 50;
        for (int index = 0; index < own.Length; index++, y += 18)
        {
            svg.Rectangle(Left, y - 10, 12, 12, Colours[index % Colours.Length], own[index]);
            svg.Text(Left + 18, y, own[index]);
        }
        double top = y;
        y += 10;
        foreach ((WorkloadResult result, string peer) in rows)
        {
            Metric metric = result.Workload.Compared[0];
            string[] entrants = [.. own.Where(entrant => result.Rounds.ContainsKey(entrant) && result.Ratio(entrant, peer, metric) is not null)];
            if (entrants.Length == 0)
            {
                continue;
            }
            svg.Text(Left - 8, y + (entrants.Length * BarHeight / 2) + 4, result.Workload.Name, "end");
            foreach (string entrant in entrants)
            {
                Spread ratio = result.Ratio(entrant, peer, metric)!.Value;
                string hint = $"{result.Workload.Name}: {entrant} : {peer}, {metric.Title()} {Comparison.Text(ratio)}";
                svg.Rectangle(Left, y, X(ratio.Median) - Left, BarHeight - 2, Colours[Array.IndexOf(own, entrant) % Colours.Length], hint);
                svg.Line(X(ratio.Least), y + (BarHeight / 2) - 1, X(ratio.Most), y + (BarHeight / 2) - 1, "#222");
                svg.Text(Math.Max(X(ratio.Median), X(ratio.Most)) + 6, y + BarHeight - 4, ratio.Median.ToString("0.00", CultureInfo.InvariantCulture), size: 11);
                y += BarHeight;
            }
            y += 12;
        }
        for (double mark = 0; mark <= Most; mark += 0.5)
        {
            svg.Line(X(mark), top, X(mark), y, mark == 1 ? "#c00" : "#ccc", mark == 1 ? 1.5 : 0.5);
            svg.Text(X(mark), y + 14, mark.ToString("0.0", CultureInfo.InvariantCulture), "middle", 11);
        }
        svg.Text(16, y + 36, $"{report.MachineFacts["date"]}, {report.MachineFacts["server"]}, {report.Options.Rounds} rounds; {string.Join(", ", rows.Select(row => row.Peer).Distinct())} = 1", size: 11, colour: "#555");
        return svg.Document(Left + (Scale * Most) + 80, y + 50);
    }

    private static double X(double ratio) => Left + (Math.Min(ratio, Most) * Scale);
}
