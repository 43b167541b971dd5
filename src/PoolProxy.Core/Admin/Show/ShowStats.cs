using PoolProxy.Core.Admin.Statistics;
using PoolProxy.Protocol.Messages.Backend;

namespace PoolProxy.Core.Admin.Show;

/// <summary>SHOW STATS: totals and averages, a row a database.</summary>
internal sealed class ShowStats : ShowCommand
{
    /// <inheritdoc/>
    public override string Noun => "stats";

    /// <inheritdoc/>
    public override IReadOnlyList<Column> Columns { get; } = [Text("database"), .. StatsValues.TotalColumns, .. StatsValues.AverageColumns];

    /// <inheritdoc/>
    protected override IEnumerable<object?[]> Rows(ConsoleView view) =>
        StatsValues.ByDatabase(view, stats => [.. StatsValues.Of(StatsValues.Sum(stats)), .. StatsValues.Of(view.Stats.AveragesOf(stats))]);
}
