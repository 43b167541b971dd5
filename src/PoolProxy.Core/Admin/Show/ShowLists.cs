using PoolProxy.Protocol.Messages.Backend;

namespace PoolProxy.Core.Admin.Show;

/// <summary>SHOW LISTS: how long the lists are. free_ counts are 0: nothing is kept for clients and servers that are gone.</summary>
internal sealed class ShowLists : ShowCommand
{
    /// <inheritdoc/>
    public override string Noun => "lists";

    /// <inheritdoc/>
    public override IReadOnlyList<Column> Columns { get; } = [Text("list"), Int("items")];

    /// <inheritdoc/>
    protected override IEnumerable<object?[]> Rows(ConsoleView view)
    {
        var clients = view.Shared.Census;
        return
        [
            ["databases", DatabaseRows.Names(view).Count() + 1],
            ["users", ShowUsers.Names(view).Count()],
            ["peers", view.Services.Routes.Plan.Configuration.PeersById.Count],
            ["pools", view.Pools.All.Count + 1],
            ["peer_pools", ShowPeerPools.Pools(view).Count()],
            ["free_clients", 0],
            ["used_clients", clients.CountedCount + clients.ConsoleCount],
            ["login_clients", clients.LoginCount],
            ["free_servers", 0],
            ["used_servers", view.Pools.All.Sum(pool => pool.ServerCount)],
            ["dns_names", view.Shared.Resolver.Names.Count],
            ["dns_zones", view.Shared.Resolver.Zones.All.Count],
            ["dns_queries", view.Shared.Resolver.PendingCount],
            ["dns_pending", 0],
        ];
    }
}
