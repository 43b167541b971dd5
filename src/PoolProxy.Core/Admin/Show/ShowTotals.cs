using PoolProxy.Core.Admin.Statistics;
using PoolProxy.Protocol.Messages.Backend;

namespace PoolProxy.Core.Admin.Show;

/// <summary>SHOW TOTALS: totals and averages of everything, a row a number.</summary>
internal sealed class ShowTotals : ShowCommand
{
    /// <inheritdoc/>
    public override string Noun => "totals";

    /// <inheritdoc/>
    public override IReadOnlyList<Column> Columns { get; } = [Text("name"), new Column("value", TypeOid.Numeric)];

    /// <inheritdoc/>
    protected override IEnumerable<object?[]> Rows(ConsoleView view)
    {
        var all = view.Stats.All;
        var totals = StatsValues.Of(StatsValues.Sum(all)).Zip(StatsValues.NamesInTotals, (value, name) => (object?[])["total_" + name, value]);
        var averages = StatsValues.Of(view.Stats.AveragesOf(all)).Zip(StatsValues.NamesInTotals, (value, name) => (object?[])["avg_" + name, value]);
        return totals.Concat(averages);
    }
}
