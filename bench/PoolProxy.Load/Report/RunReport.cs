using PoolProxy.Load.Peers;

namespace PoolProxy.Load.Report;

/// <summary>A run's results, and the files they go into: result.json, result.md and chart.svg.</summary>
internal sealed class RunReport(BenchOptions options, IReadOnlyDictionary<string, string> machine, IReadOnlyList<Contender> contenders)
{
    private readonly List<WorkloadResult> _results = [];

    /// <summary>The options it was run with.</summary>
    public BenchOptions Options => options;

    /// <summary>What it was run on.</summary>
    public IReadOnlyDictionary<string, string> MachineFacts => machine;

    /// <summary>Who took part.</summary>
    public IReadOnlyList<Contender> Contenders => contenders;

    /// <summary>Workloads so far.</summary>
    public IReadOnlyList<WorkloadResult> Results => _results;

    /// <summary>Whether every run counted.</summary>
    public bool IsValid => _results.All(result => result.Voided.Count == 0);

    /// <summary>Adds a workload.</summary>
    public void Add(WorkloadResult result) => _results.Add(result);

    /// <summary>The lines that a run begins with.</summary>
    public string Heading() => string.Join('\n', machine.Select(fact => $"{fact.Key}: {fact.Value}")
        .Concat(contenders.Select(contender => $"contender: {contender.Name} ({contender.Version})")));

    /// <summary>Writes the files.</summary>
    public void Write()
    {
        File.WriteAllText(Path.Combine(options.Output, "result.json"), JsonReport.Text(this));
        File.WriteAllText(Path.Combine(options.Output, "result.md"), MarkdownReport.Text(this));
        File.WriteAllText(Path.Combine(options.Output, "chart.svg"), RatioChart.Text(this));
    }
}
