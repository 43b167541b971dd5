using PoolProxy.Core.Frontend;
using PoolProxy.Protocol.Messages.Backend;

namespace PoolProxy.Core.Admin.Show;

/// <summary>SHOW SERVERS: the connections to PostgreSQL that are past their login.</summary>
internal sealed class ShowServers : ShowByLoop
{
    /// <inheritdoc/>
    public override string Noun => "servers";

    /// <inheritdoc/>
    public override IReadOnlyList<Column> Columns => SocketRows.Columns;

    /// <inheritdoc/>
    protected override IEnumerable<object?[]> RowsOf(FrontendServices services) => new SocketRows(services).Servers();
}
