using System.Globalization;
using PoolProxy.Protocol.Messages.Backend;

namespace PoolProxy.Core.Admin.Show;

/// <summary>SHOW USERS: the users of pool.toml and of auth_file, and the logins that pools have. Never a password.</summary>
internal sealed class ShowUsers : ShowCommand
{
    /// <inheritdoc/>
    public override string Noun => "users";

    /// <inheritdoc/>
    public override IReadOnlyList<Column> Columns { get; } =
    [
        Text("name"), Text("pool_size"), Text("reserve_pool_size"), Text("pool_mode"), Int("max_user_connections"), Int("current_connections"),
        Int("max_user_client_connections"), Int("current_client_connections"),
    ];

    /// <inheritdoc/>
    protected override IEnumerable<object?[]> Rows(ConsoleView view) => Names(view).Select(name => Row(view, name));

    /// <summary>The users there are.</summary>
    public static IEnumerable<string> Names(ConsoleView view) =>
        view.Services.Users.Names.Union(view.Pools.Users.Select(limit => limit.Name), StringComparer.Ordinal);

    private static object?[] Row(ConsoleView view, string name)
    {
        var user = view.Services.Routes.Plan.Configuration.Users.GetValueOrDefault(name);
        var limit = view.Pools.FindUser(name);
        return
        [
            name, Spell(user?.PoolSize), Spell(user?.ReservePoolSize), ModeNames.Of(user?.PoolMode),
            user?.MaxUserConnections ?? view.Proxy.MaxUserConnections, limit?.ServerCount ?? 0,
            user?.MaxUserClientConnections ?? view.Proxy.MaxUserClientConnections, view.Shared.Census.ServedCountOf(name),
        ];
    }

    // As PgBouncer: nothing where it is not set, else nine places.
    private static string Spell(int? size) => size is { } set ? set.ToString(CultureInfo.InvariantCulture).PadLeft(9) : "";
}
