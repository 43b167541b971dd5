using PoolProxy.Protocol.Messages.Backend;

namespace PoolProxy.Core.Admin.Show;

/// <summary>SHOW PEERS. There are none: a cancel finds its server in the one process.</summary>
internal sealed class ShowPeers : ShowCommand
{
    /// <inheritdoc/>
    public override string Noun => "peers";

    /// <inheritdoc/>
    public override IReadOnlyList<Column> Columns { get; } = [Int("peer_id"), Text("host"), Int("port"), Int("pool_size")];

    /// <inheritdoc/>
    protected override IEnumerable<object?[]> Rows(ConsoleView view) => [];
}
