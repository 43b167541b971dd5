using PoolProxy.Protocol.Messages.Backend;

namespace PoolProxy.Core.Admin.Show;

/// <summary>SHOW SOCKETS: both sides with buffer positions; of those there is only what waits to be sent.</summary>
internal sealed class ShowSockets : ShowCommand
{
    /// <inheritdoc/>
    public override string Noun => "sockets";

    /// <inheritdoc/>
    public override IReadOnlyList<Column> Columns => SocketRows.DebugColumns;

    /// <inheritdoc/>
    protected override IEnumerable<object?[]> Rows(ConsoleView view) => new SocketRows(view).Sockets(onlyActive: false);
}
