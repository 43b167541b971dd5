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
        foreach (var pool in view.Pools.Pools)
        {
            yield return Row(pool);
        }

        yield return [ConsoleView.ConsoleName, ConsoleView.ConsoleName, view.ConsoleClientCount, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, "statement", null];
    }

    private static object?[] Row(Pool pool)
    {
        var servedWaiting = 0;
        for (var node = pool.Waiters.Head; node is not null; node = node.Next)
        {
            servedWaiting += node.Waiter.IsLoggingIn ? 0 : 1;
        }

        // Idle servers that want a check before use are "used" in PgBouncer's words.
        var used = pool.Idle.Count(pool.IsStale);
        var cancels = pool.Servers.Sum(server => server.CancelsUnderWay);
        var waitMilliseconds = pool.Waiters.Head is { } head ? pool.Loop.NowMilliseconds - head.SinceMilliseconds : 0;
        return
        [
            pool.Key.Database, pool.Key.User, pool.ClientCount - servedWaiting, pool.Waiters.Count, cancels, 0,
            pool.Count(ServerState.Active), cancels, pool.Count(ServerState.BeingCanceled), pool.Count(ServerState.Idle) - used, used,
            pool.Count(ServerState.Tested), pool.LoginCount, (int)(waitMilliseconds / 1000), (int)(waitMilliseconds % 1000 * 1000),
            ModeNames.Of(pool.Config.Mode), null,
        ];
    }
}
