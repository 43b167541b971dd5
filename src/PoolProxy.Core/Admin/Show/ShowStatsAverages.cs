using PoolProxy.Core.Admin.Statistics;
using PoolProxy.Protocol.Messages.Backend;

namespace PoolProxy.Core.Admin.Show;

/// <summary>SHOW STATS_AVERAGES: averages over stats_period, a row a database.</summary>
internal sealed class ShowStatsAverages : ShowCommand
{
    /// <inheritdoc/>
    public override string Noun => "stats_averages";

    /// <inheritdoc/>
    public override IReadOnlyList<Column> Columns { get; } = [Text("database"), .. StatsValues.PlainAverageColumns];

    /// <inheritdoc/>
    protected override IEnumerable<object?[]> Rows(ConsoleView view) =>
        StatsValues.ByDatabase(view, stats => StatsValues.Of(view.Stats.AveragesOf(stats)));
}
