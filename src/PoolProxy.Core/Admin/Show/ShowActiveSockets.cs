using PoolProxy.Core.Frontend;
using PoolProxy.Protocol.Messages.Backend;

namespace PoolProxy.Core.Admin.Show;

/// <summary>SHOW ACTIVE_SOCKETS: those of SHOW SOCKETS that have bytes waiting.</summary>
internal sealed class ShowActiveSockets : ShowByLoop
{
    /// <inheritdoc/>
    public override string Noun => "active_sockets";

    /// <inheritdoc/>
    public override IReadOnlyList<Column> Columns => SocketRows.DebugColumns;

    /// <inheritdoc/>
    protected override IEnumerable<object?[]> RowsOf(FrontendServices services) => new SocketRows(services).Sockets(onlyActive: true);
}
