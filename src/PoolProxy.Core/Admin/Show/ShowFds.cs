using PoolProxy.Configuration.Model;
using PoolProxy.Core.Admin.Results;
using PoolProxy.Core.Authentication.Methods;
using PoolProxy.Core.Transport;
using PoolProxy.Protocol.Messages.Backend;

namespace PoolProxy.Core.Admin.Show;

/// <summary>
/// SHOW FDS: the listening sockets, in PgBouncer's columns. A process of the proxy's own account that asks on the Unix socket as user <c>pgbouncer</c> is sent each
/// descriptor with its row, to go on listening with (<c>-R</c>). Clients and servers are not among them: their cancel keys and passwords are nobody's business, and they
/// stay with the process that has them.
/// </summary>
internal sealed class ShowFds : ShowCommand
{
    /// <summary>What PgBouncer calls a listening socket.</summary>
    private const string ListenerTask = "pooler";

    /// <inheritdoc/>
    public override string Noun => "fds";

    /// <inheritdoc/>
    public override ConsoleAccess Needs => ConsoleAccess.Admin;

    /// <inheritdoc/>
    public override IReadOnlyList<Column> Columns { get; } =
    [
        Int("fd"), Text("task"), Text("user"), Text("database"), Text("addr"), Int("port"), new("cancel", TypeOid.Int8), Int("link"),
        Text("client_encoding"), Text("std_strings"), Text("datestyle"), Text("timezone"), Text("password"), new("scram_client_key", TypeOid.Bytea), new("scram_server_key", TypeOid.Bytea),
    ];

    /// <inheritdoc/>
    protected override async Task<ConsoleAnswer> ExecuteAsync(ConsoleRequest request)
    {
        var isOwn = OwnerMethod.IsOwner(request.Session.Connection, request.Session.User);
        var sockets = await request.View.Control.Listeners.PassAsync(isOwn ? request.Session.Id : null);
        var rows = sockets.Select(socket => Row(socket.Descriptor, socket.Endpoint, request.View.Proxy.ListenPort)).ToList();
        return isOwn ? ConsoleAnswer.Of("SHOW", rows, [.. sockets.Select(socket => socket.Descriptor)]) : ConsoleAnswer.Of("SHOW", rows);
    }

    /// <inheritdoc/>
    protected override IEnumerable<object?[]> Rows(ConsoleView view) => throw new InvalidOperationException("the first loop is asked");

    private static object?[] Row(int descriptor, SocketEndpoint endpoint, int unixPort) =>
    [
        descriptor, ListenerTask, null, null, endpoint.Address?.Address.ToString() ?? "unix", endpoint.Address?.Port ?? unixPort, 0L, 0, null, null, null, null, null, null, null,
    ];
}
