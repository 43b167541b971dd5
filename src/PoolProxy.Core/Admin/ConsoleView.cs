using PoolProxy.Configuration.Model;
using PoolProxy.Core.Admin.Statistics;
using PoolProxy.Core.Frontend;
using PoolProxy.Core.Naming;
using PoolProxy.Core.Pooling;

namespace PoolProxy.Core.Admin;

/// <summary>What the console's commands see of the proxy. Owned by one loop.</summary>
/// <param name="Services">Clients, pools, identities.</param>
/// <param name="Control">The process.</param>
/// <param name="Resolver">Host names looked up.</param>
/// <param name="Stats">Averages over stats_period.</param>
internal sealed record ConsoleView(FrontendServices Services, IConsoleControl Control, HostResolver Resolver, StatsSampler Stats)
{
    /// <summary>The console's own database and pool, in PgBouncer's lists and by PgBouncer's name: tools look for it.</summary>
    public const string ConsoleName = "pgbouncer";

    /// <summary>The settings in force.</summary>
    public ProxySettings Proxy => Services.Routes.Plan.Configuration.Proxy;

    /// <summary>The pools, by database and login.</summary>
    public PoolDirectory Pools => Services.Routes.Pools;

    /// <summary>The pools of one database, or (empty) all.</summary>
    public IEnumerable<Pool> PoolsOf(string database) => Pools.Pools.Where(pool => database.Length == 0 || pool.Key.Database == database);

    /// <summary>The console's own clients.</summary>
    public int ConsoleClientCount => Services.Clients.All.Count(client => client.State == ClientState.Console);

    /// <summary>PoolProxy's name and version, as SHOW VERSION and version() have it.</summary>
    public static string Version { get; } = $"PoolProxy {typeof(ConsoleView).Assembly.GetName().Version!.ToString(3)}";
}
