using PoolProxy.Core.Frontend;
using PoolProxy.Protocol.Messages.Backend;

namespace PoolProxy.Core.Admin.Show;

/// <summary>SHOW CLIENTS: who is connected and past the login.</summary>
internal sealed class ShowClients : ShowByLoop
{
    /// <inheritdoc/>
    public override string Noun => "clients";

    /// <inheritdoc/>
    public override IReadOnlyList<Column> Columns => SocketRows.ClientColumns;

    /// <inheritdoc/>
    protected override IEnumerable<object?[]> RowsOf(FrontendServices services) => new SocketRows(services).Clients();
}
