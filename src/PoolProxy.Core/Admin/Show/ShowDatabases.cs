using PoolProxy.Protocol.Messages.Backend;

namespace PoolProxy.Core.Admin.Show;

/// <summary>SHOW DATABASES: settings, limits and use, a row a database.</summary>
internal sealed class ShowDatabases : ShowCommand
{
    /// <inheritdoc/>
    public override string Noun => "databases";

    /// <inheritdoc/>
    public override IReadOnlyList<Column> Columns { get; } =
    [
        Text("name"), Text("host"), Int("port"), Text("database"), Text("force_user"), Int("pool_size"), Int("min_pool_size"), Int("reserve_pool_size"),
        Int("server_lifetime"), Text("pool_mode"), Text("load_balance_hosts"), Int("max_connections"), Int("current_connections"), Int("max_client_connections"),
        Int("current_client_connections"), Int("paused"), Int("disabled"),
    ];

    /// <inheritdoc/>
    protected override IEnumerable<object?[]> Rows(ConsoleView view) =>
        DatabaseRows.Names(view).Select(name => DatabaseRows.Row(view, name)).Append(DatabaseRows.ConsoleRow(view));
}
