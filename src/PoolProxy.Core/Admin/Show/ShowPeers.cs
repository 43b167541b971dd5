using PoolProxy.Protocol.Messages.Backend;

namespace PoolProxy.Core.Admin.Show;

/// <summary>SHOW PEERS: the processes that cancels are passed on to.</summary>
internal sealed class ShowPeers : ShowCommand
{
    /// <inheritdoc/>
    public override string Noun => "peers";

    /// <inheritdoc/>
    public override IReadOnlyList<Column> Columns { get; } = [Int("peer_id"), Text("host"), Int("port"), Int("pool_size")];

    /// <inheritdoc/>
    protected override IEnumerable<object?[]> Rows(ConsoleView view) =>
        view.Services.Routes.Plan.Configuration.PeersById.OrderBy(peer => peer.Key)
            .Select(peer => (object?[])[peer.Key, peer.Value.Host, peer.Value.Port, peer.Value.PoolSize ?? view.Proxy.DefaultPoolSize]);
}
