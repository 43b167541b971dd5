using PoolProxy.Core.Backend;
using PoolProxy.Core.Pooling;
using PoolProxy.Protocol.Messages.Backend;

namespace PoolProxy.Core.Admin.Show;

/// <summary>SHOW POOLS: clients and servers by state, a row a pool, the console's own last.</summary>
internal sealed class ShowPools : ShowCommand
{
    /// <inheritdoc/>
    public override string Noun => "pools";

    /// <inheritdoc/>
    public override IReadOnlyList<Column> Columns { get; } =
    [
        Text("database"), Text("user"), Int("cl_active"), Int("cl_waiting"), Int("cl_active_cancel_req"), Int("cl_waiting_cancel_req"), Int("sv_active"),
        Int("sv_active_cancel"), Int("sv_being_canceled"), Int("sv_idle"), Int("sv_used"), Int("sv_tested"), Int("sv_login"), Int("maxwait"), Int("maxwait_us"),
        Text("pool_mode"), Text("load_balance_hosts"),
    ];

    /// <inheritdoc/>
    protected override IEnumerable<object?[]> Rows(ConsoleView view)
    {
        // auth_user's own servers for lookups are one pool with those of clients that come as auth_user, as in PgBouncer: exporters want each name once.
        var now = view.Services.Loop.NowMilliseconds;
        foreach (var pools in view.Pools.All.OrderBy(pool => pool.Key.IsForLookups).GroupBy(pool => (pool.Key.Database, pool.Key.User)))
        {
            yield return pools.Select(pool => Row(pool, now)).Aggregate(Merge);
        }

        yield return [ConsoleView.ConsoleName, ConsoleView.ConsoleName, view.ConsoleClientCount, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, "statement", null];
    }

    private static object?[] Merge(object?[] first, object?[] second)
    {
        const int FirstCount = 2;
        const int Seconds = 13;
        const int Microseconds = 14;
        var merged = (object?[])first.Clone();
        for (var column = FirstCount; column < Seconds; column++)
        {
            merged[column] = (int)first[column]! + (int)second[column]!;
        }

        var isSecondLonger = ((int)second[Seconds]!, (int)second[Microseconds]!).CompareTo(((int)first[Seconds]!, (int)first[Microseconds]!)) > 0;
        var longer = isSecondLonger ? second : first;
        (merged[Seconds], merged[Microseconds]) = (longer[Seconds], longer[Microseconds]);
        return merged;
    }

    private static object?[] Row(PoolState pool, long now) => pool.Look((pool, now), static (books, waiters, _, of) =>
    {
        var servedWaiting = 0;
        for (var node = waiters.Head; node is not null; node = node.Next)
        {
            servedWaiting += node.Waiter.IsLoggingIn ? 0 : 1;
        }

        // Idle servers that want a check before use are "used" in PgBouncer's words; one on its way to a client is as good as linked.
        var used = books.Idle.Count(server => ServerFitness.IsStale(server, of.pool.Config, of.now));
        var cancels = of.pool.Parts.Sum(part => part.CancelsUnderWay);
        var waitMilliseconds = waiters.Head is { } head ? Math.Max(0, of.now - head.SinceMilliseconds) : 0;
        return (object?[])
        [
            of.pool.Key.Database, of.pool.Key.User, of.pool.Parts.Sum(part => part.ClientCount) - servedWaiting, waiters.Count, cancels, 0,
            books.Count(ServerState.Active) + books.Count(ServerState.Moving) + of.pool.Parts.Sum(part => part.Dedicated.Count), cancels, books.Count(ServerState.BeingCanceled),
            books.Idle.Count - used, used, books.Count(ServerState.Tested), books.LoginCount,
            (int)(waitMilliseconds / 1000), (int)(waitMilliseconds % 1000 * 1000), ModeNames.Of(of.pool.Config.Mode),
            ModeNames.Balance(of.pool.Config.Targets.Count, of.pool.Config.LoadBalanceHosts),
        ];
    });
}
