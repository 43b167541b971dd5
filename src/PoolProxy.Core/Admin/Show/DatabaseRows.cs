using PoolProxy.Configuration.Model;

namespace PoolProxy.Core.Admin.Show;

/// <summary>The databases there are: those of the file, and those that the fallback <c>*</c> has made.</summary>
internal static class DatabaseRows
{
    /// <summary>Their names; the console's own is not among them.</summary>
    public static IEnumerable<string> Names(ConsoleView view)
    {
        var plan = view.Services.Routes.Plan;
        return plan.Configuration.Databases.Keys.Where(name => name != DatabaseSettings.FallbackName)
            .Union(view.Pools.Databases.Select(limit => limit.Name).Where(name => plan.Database(name) is not null), StringComparer.Ordinal);
    }

    /// <summary>A database's row in SHOW DATABASES.</summary>
    public static object?[] Row(ConsoleView view, string name)
    {
        var proxy = view.Proxy;
        var database = view.Services.Routes.Plan.Database(name)!;
        var limit = view.Pools.FindDatabase(name);
        return
        [
            name, HostOf(database), database.Ports[0], database.Dbname ?? name, database.User, database.PoolSize ?? proxy.DefaultPoolSize,
            database.MinPoolSize ?? proxy.MinPoolSize, database.ReservePoolSize ?? proxy.ReservePoolSize,
            (int)(database.ServerLifetime ?? proxy.ServerLifetime).TotalSeconds, ModeNames.Of(database.PoolMode), ModeNames.Balance(database.Servers.Count, database.LoadBalanceHosts),
            database.MaxDbConnections ?? proxy.MaxDbConnections, limit?.ServerCount ?? 0,
            database.MaxDbClientConnections ?? proxy.MaxDbClientConnections, limit?.ClientCount ?? 0,
            limit?.IsPaused ?? view.Pools.IsPaused ? 1 : 0, limit?.IsDisabled ?? false ? 1 : 0,
        ];
    }

    /// <summary>With a port of its own behind each host where they have several; the column of the port has the first.</summary>
    private static string HostOf(DatabaseSettings database) => database.Ports.Count > 1 ? string.Join(',', database.Servers) : database.Host;

    /// <summary>The console's own row, as PgBouncer has one.</summary>
    public static object?[] ConsoleRow(ConsoleView view) =>
    [
        ConsoleView.ConsoleName, null, view.Proxy.ListenPort, ConsoleView.ConsoleName, ConsoleView.ConsoleName, 2, 0, 0,
        (int)view.Proxy.ServerLifetime.TotalSeconds, "statement", null, 0, 0, 0, view.ConsoleClientCount, 0, 0,
    ];
}
