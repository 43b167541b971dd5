using PoolProxy.Core.Admin.Statistics;
using PoolProxy.Protocol.Messages.Backend;

namespace PoolProxy.Core.Admin.Show;

/// <summary>SHOW STATS_TOTALS: totals since the start, a row a database.</summary>
internal sealed class ShowStatsTotals : ShowCommand
{
    /// <inheritdoc/>
    public override string Noun => "stats_totals";

    /// <inheritdoc/>
    public override IReadOnlyList<Column> Columns { get; } = [Text("database"), .. StatsValues.PlainTotalColumns];

    /// <inheritdoc/>
    protected override IEnumerable<object?[]> Rows(ConsoleView view) =>
        StatsValues.ByDatabase(view, stats => StatsValues.Of(StatsValues.Sum(stats)));
}
