using PoolProxy.Core.Pooling;
using PoolProxy.Protocol.Messages.Backend;

namespace PoolProxy.Core.Admin.Statistics;

/// <summary>The twelve numbers of SHOW STATS and its kin, in PgBouncer's order, and their columns.</summary>
internal static class StatsValues
{
    private static readonly string[] Names =
    [
        "server_assignment_count", "xact_count", "query_count", "received", "sent", "xact_time", "query_time", "wait_time",
        "client_parse_count", "server_parse_count", "bind_count", "client_login_count",
    ];

    /// <summary>Columns <c>total_…</c>.</summary>
    public static IReadOnlyList<Column> TotalColumns { get; } = Columns(name => "total_" + name);

    /// <summary>Columns <c>avg_…</c>, where received is recv.</summary>
    public static IReadOnlyList<Column> AverageColumns { get; } = Columns(name => name == "received" ? "avg_recv" : "avg_" + name);

    /// <summary>The columns of STATS_TOTALS, which have no prefix.</summary>
    public static IReadOnlyList<Column> PlainTotalColumns { get; } = Columns(Plain);

    /// <summary>The columns of STATS_AVERAGES: without a prefix but for those of prepared statements, as PgBouncer has them.</summary>
    public static IReadOnlyList<Column> PlainAverageColumns { get; } = Columns(name => name is "client_parse_count" or "server_parse_count" or "bind_count" ? "avg_" + name : Plain(name));

    /// <summary>The names in SHOW TOTALS, again others.</summary>
    public static IReadOnlyList<string> NamesInTotals { get; } = [.. Names.Select(name => name switch
    {
        "received" => "client_bytes",
        "sent" => "server_bytes",
        "client_parse_count" or "server_parse_count" or "bind_count" => "ps_" + name,
        _ => name,
    })];

    /// <summary>The totals as values.</summary>
    public static object?[] Of(PoolStats totals) =>
    [
        totals.ServerAssignmentCount, totals.XactCount, totals.QueryCount, totals.ReceivedBytes, totals.SentBytes, totals.XactMicroseconds,
        totals.QueryMicroseconds, totals.WaitMicroseconds, totals.ClientParseCount, totals.ServerParseCount, totals.BindCount, totals.ClientLoginCount,
    ];

    /// <summary>The averages as values.</summary>
    public static object?[] Of(StatsAverages averages) =>
    [
        averages.ServerAssignmentCount, averages.XactCount, averages.QueryCount, averages.ReceivedBytes, averages.SentBytes, averages.XactMicroseconds,
        averages.QueryMicroseconds, averages.WaitMicroseconds, averages.ClientParseCount, averages.ServerParseCount, averages.BindCount, averages.ClientLoginCount,
    ];

    /// <summary>A row a database (the console's own among them): its name, then what <paramref name="values"/> makes of its pools' totals.</summary>
    public static IEnumerable<object?[]> ByDatabase(ConsoleView view, Func<IReadOnlyCollection<PoolStats>, IEnumerable<object?>> values) =>
        view.Pools.All
            .GroupBy(pool => pool.Key.Database, pool => pool.Parts.Select(part => part.Stats))
            .Select(group => (group.Key, Stats: group.SelectMany(stats => stats).ToList()))
            .Append((Key: ConsoleView.ConsoleName, Stats: [.. view.Stats.Consoles]))
            .Select(database => (object?[])[database.Key, .. values(database.Stats)]);

    /// <summary>All in one.</summary>
    public static PoolStats Sum(IEnumerable<PoolStats> all)
    {
        var sum = new PoolStats();
        foreach (var stats in all)
        {
            sum.Add(stats);
        }

        return sum;
    }

    private static string Plain(string name) => name is "received" or "sent" ? "bytes_" + name : name;

    private static Column[] Columns(Func<string, string> name) => [.. Names.Select(plain => new Column(name(plain), TypeOid.Numeric))];
}
