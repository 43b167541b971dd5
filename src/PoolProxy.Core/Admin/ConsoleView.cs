using PoolProxy.Configuration.Model;
using PoolProxy.Core.Admin.Statistics;
using PoolProxy.Core.Frontend;
using PoolProxy.Core.Pooling;

namespace PoolProxy.Core.Admin;

/// <summary>What the console's commands see of the proxy, from the loop that the console's client lives on. What belongs to another loop is asked of it.</summary>
/// <param name="Services">The loop's own.</param>
/// <param name="Control">The process.</param>
/// <param name="Stats">Averages over stats_period.</param>
internal sealed record ConsoleView(FrontendServices Services, IConsoleControl Control, StatsSampler Stats)
{
    /// <summary>The console's own database and pool, in PgBouncer's lists and by PgBouncer's name: tools look for it.</summary>
    public const string ConsoleName = "pgbouncer";

    /// <summary>The settings in force.</summary>
    public ProxySettings Proxy => Services.Routes.Plan.Configuration.Proxy;

    /// <summary>What the loops have in common.</summary>
    public SharedServices Shared => Services.Shared;

    /// <summary>The pools over all loops, by database and login.</summary>
    public PoolStates Pools => Shared.Pools;

    /// <summary>What this loop's console does.</summary>
    public PoolStats OwnStats => Stats.ConsoleOf(Services.Loop);

    /// <summary>The console's own clients.</summary>
    public int ConsoleClientCount => Shared.Census.ConsoleCount;

    /// <summary>PoolProxy's name and version, as SHOW VERSION and version() have it.</summary>
    public static string Version { get; } = $"PoolProxy {typeof(ConsoleView).Assembly.GetName().Version!.ToString(3)}";
}
