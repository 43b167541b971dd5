using PoolProxy.Core.Frontend;
using PoolProxy.Protocol.Messages.Backend;

namespace PoolProxy.Core.Admin.Show;

/// <summary>SHOW PEER_POOLS: cancels on their way to the peers that have been sent any.</summary>
internal sealed class ShowPeerPools : ShowCommand
{
    /// <inheritdoc/>
    public override string Noun => "peer_pools";

    /// <inheritdoc/>
    public override IReadOnlyList<Column> Columns { get; } = [Int("peer_id"), Int("cl_active_cancel_req"), Int("cl_waiting_cancel_req"), Int("sv_active_cancel"), Int("sv_login")];

    /// <summary>The pools of peers that are still configured.</summary>
    public static IEnumerable<KeyValuePair<int, PeerPool>> Pools(ConsoleView view) =>
        view.Shared.Peers.Pools.Where(pool => view.Services.Routes.Plan.Configuration.PeersById.ContainsKey(pool.Key));

    /// <inheritdoc/>
    protected override IEnumerable<object?[]> Rows(ConsoleView view) =>
        Pools(view).Select(pool => (object?[])[pool.Key, pool.Value.ActiveCount, pool.Value.WaitingCount, pool.Value.ActiveCount, pool.Value.ConnectingCount]);
}
