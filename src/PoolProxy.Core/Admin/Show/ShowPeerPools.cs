using PoolProxy.Protocol.Messages.Backend;

namespace PoolProxy.Core.Admin.Show;

/// <summary>SHOW PEER_POOLS: none, as there are no peers.</summary>
internal sealed class ShowPeerPools : ShowCommand
{
    /// <inheritdoc/>
    public override string Noun => "peer_pools";

    /// <inheritdoc/>
    public override IReadOnlyList<Column> Columns { get; } = [Int("peer_id"), Int("cl_active_cancel_req"), Int("cl_waiting_cancel_req"), Int("sv_active_cancel"), Int("sv_login")];

    /// <inheritdoc/>
    protected override IEnumerable<object?[]> Rows(ConsoleView view) => [];
}
