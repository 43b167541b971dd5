using PoolProxy.Core.Frontend;
using PoolProxy.Protocol.Messages.Backend;

namespace PoolProxy.Core.Admin.Show;

/// <summary>SHOW SOCKETS: both sides with buffer positions; of those there is only what waits to be sent.</summary>
internal sealed class ShowSockets : ShowByLoop
{
    /// <inheritdoc/>
    public override string Noun => "sockets";

    /// <inheritdoc/>
    public override IReadOnlyList<Column> Columns => SocketRows.DebugColumns;

    /// <inheritdoc/>
    protected override IEnumerable<object?[]> RowsOf(FrontendServices services) => new SocketRows(services).Sockets(onlyActive: false);
}
