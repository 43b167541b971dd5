using PoolProxy.Protocol.Messages.Backend;

namespace PoolProxy.Core.Admin.Show;

/// <summary>SHOW CLIENTS: who is connected and past the login.</summary>
internal sealed class ShowClients : ShowCommand
{
    /// <inheritdoc/>
    public override string Noun => "clients";

    /// <inheritdoc/>
    public override IReadOnlyList<Column> Columns => SocketRows.Columns;

    /// <inheritdoc/>
    protected override IEnumerable<object?[]> Rows(ConsoleView view) => new SocketRows(view).Clients();
}
