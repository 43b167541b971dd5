using System.Globalization;
using System.Text;
using PoolProxy.Core.Backend.Parameters;
using PoolProxy.Core.Backend;
using PoolProxy.Core.Frontend;
using PoolProxy.Core.Pooling;
using PoolProxy.Core.Transport;
using PoolProxy.Protocol.Messages.Backend;

namespace PoolProxy.Core.Admin.Show;

/// <summary>
/// One loop's rows of SHOW CLIENTS, SERVERS and SOCKETS: one form for both sides, PgBouncer's columns and behind them the loop. A link names its peer by <c>ptr</c>, which is the connection's
/// name in hexadecimal, with the side as its first digit.
/// </summary>
internal sealed class SocketRows
{
    private readonly FrontendServices _services;
    private readonly long _now;
    private readonly DateTimeOffset _clock;
    private readonly Dictionary<ServerConnection, ClientSession> _clientOf;

    public SocketRows(FrontendServices services)
    {
        _services = services;
        _now = services.Loop.NowMilliseconds;
        _clock = services.Loop.Time.GetUtcNow();
        _clientOf = services.Clients.All.Where(client => client.Relay is { IsLinked: true, Link.Ride.IsBehind: false }).ToDictionary(client => client.Relay!.Server);
    }

    private static readonly Column LoopColumn = new("loop", TypeOid.Int4);

    // What a row has at first is "none".
    private const int ReplicationColumn = 3;

    private static readonly Column[] PlainColumns =
    [
        new("type"), new("user"), new("database"), new("replication"), new("state"), new("addr"), new("port", TypeOid.Int4), new("local_addr"),
        new("local_port", TypeOid.Int4), new("connect_time"), new("request_time"), new("wait", TypeOid.Int4), new("wait_us", TypeOid.Int4),
        new("close_needed", TypeOid.Int4), new("ptr"), new("link"), new("remote_pid", TypeOid.Int4), new("tls"), new("application_name"),
        new("prepared_statements", TypeOid.Int4), new("id", TypeOid.Int4),
    ];

    /// <summary>The columns of SHOW CLIENTS and SHOW SERVERS.</summary>
    public static IReadOnlyList<Column> Columns { get; } = [.. PlainColumns, LoopColumn];

    /// <summary>Those, what keeps a server with a client, and how many channels it listens on.</summary>
    public static IReadOnlyList<Column> ClientColumns { get; } = [.. Columns, new("pinned"), new("channels", TypeOid.Int4)];

    /// <summary>Those, and what SHOW SOCKETS adds.</summary>
    public static IReadOnlyList<Column> DebugColumns { get; } =
    [
        .. PlainColumns,
        .. new[] { "recv_pos", "pkt_pos", "pkt_remain", "send_pos", "send_remain", "pkt_avail", "send_avail" }.Select(name => new Column(name, TypeOid.Int4)),
        LoopColumn,
    ];

    /// <summary>Clients past their login, the console's among them.</summary>
    public IEnumerable<object?[]> Clients() => 
        Served().Select(client => (object?[])[.. WithLoop(Row(client, StateOf(client))), client.Relay?.Session.PinnedBy ?? "", (client.Relay?.Channels ?? client.Parked?.Channels)?.Count ?? 0]);

    /// <summary>Servers past their login.</summary>
    public IEnumerable<object?[]> Servers() =>
        AllServers().Select(pair => WithLoop(Row(pair.Pool, pair.Server, StateOf(pair.Pool, pair.Server)))).Concat(Replicating().Select(client => WithLoop(ServerRow(client, "active"))));

    /// <summary>All of them, those logging in too; only those with bytes on their way if <paramref name="onlyActive"/>.</summary>
    public IEnumerable<object?[]> Sockets(bool onlyActive)
    {
        var clients = _services.Clients.All
            .Where(client => !onlyActive || client.Connection.BacklogBytes > 0)
            .Select(client => Debug(Row(client, "cl_" + StateOf(client)), client.Connection));
        var servers = AllServers()
            .Where(pair => !onlyActive || pair.Server.Connection.BacklogBytes > 0)
            .Select(pair => Debug(Row(pair.Pool, pair.Server, "sv_" + StateOf(pair.Pool, pair.Server)), pair.Server.Connection));
        var replicating = Replicating()
            .Where(client => !onlyActive || client.Replication!.Server.Connection.BacklogBytes > 0)
            .Select(client => Debug(ServerRow(client, "sv_active"), client.Replication!.Server.Connection));
        return clients.Concat(servers).Concat(replicating).Select(WithLoop);
    }

    private object?[] WithLoop(object?[] row) => [.. row, _services.Loop.Index];

    private static object?[] Debug(object?[] row, Connection connection) => [.. row, 0, 0, 0, 0, 0, 0, connection.BacklogBytes];

    private IEnumerable<ClientSession> Served() => _services.Clients.All.Where(client => client.State is not (ClientState.Login or ClientState.Gone));

    private IEnumerable<(Pool Pool, ServerConnection Server)> AllServers() => _services.Routes.Pools.Pools.SelectMany(pool => pool.Servers.Select(server => (pool, server)));

    private IEnumerable<ClientSession> Replicating() => _services.Clients.All.Where(client => client.Replication is not null);

    private static string StateOf(ClientSession client) => client.State switch
    {
        ClientState.Login => "login",
        ClientState.Waiting => "waiting",
        _ when client.IsIdle => "idle",
        _ => "active",
    };

    private static string StateOf(Pool pool, ServerConnection server) => server.State switch
    {
        ServerState.Idle => ServerFitness.IsStale(server, pool.Config, pool.Loop.NowMilliseconds) ? "used" : "idle",
        ServerState.BeingCanceled => "being_canceled",
        ServerState.Tested => "tested",
        ServerState.Login => "new",
        _ => "active",
    };

    private object?[] Row(ClientSession client, string state)
    {
        var relay = client.Relay;
        var since = relay is null ? (long?)null
            : relay.Link.WaitsForShareSinceMilliseconds is { } held ? (long?)held
            : relay.IsWaiting ? relay.Node.SinceMilliseconds
            : relay.IsRequestOpen ? relay.RequestSinceMilliseconds : null;
        var asked = relay?.RequestSinceMilliseconds ?? client.Parked?.RequestSinceMilliseconds ?? 0;
        var request = asked > 0 ? Clock(asked) : client.ConnectTime;
        var pid = client.Connection.IsUnix ? client.Connection.ReadPeerCredentials()?.ProcessId ?? 0 : 0;
        var row = Row(
            "C", client.User, client.Database, state, client.Connection, _services.Routes.Plan.Configuration.Proxy.ListenPort, client.ConnectTime, request, since, false,
            PtrOf(client), relay is { IsLinked: true } ? PtrOf(relay.Server) : client.Replication is { } tunnel ? ServerName.PtrOf(tunnel.Server.Connection.Id) : "", pid,
            (client.Parameters is { } parameters ? NameIn(parameters) : null) ?? client.ApplicationName,
            relay?.PreparedStatementCount ?? client.Parked?.Names?.Count ?? 0, client.Id);
        row[ReplicationColumn] = WordOf(client.ReplicationKind);
        return row;
    }

    private object?[] Row(Pool pool, ServerConnection server, string state)
    {
        var client = _clientOf.GetValueOrDefault(server);
        var request = server.RequestMilliseconds > 0 ? Clock(server.RequestMilliseconds) : server.ConnectedTime;
        long? since = client?.Relay is { IsRequestOpen: true } relay ? relay.RequestSinceMilliseconds : null;
        return Row(
            "S", pool.Key.User, pool.Key.Database, state, server.Connection, server.Target.Port, server.ConnectedTime, request, since, server.IsCloseNeeded,
            PtrOf(server), client is null ? "" : PtrOf(client), server.Facts.ProcessId, NameIn(server.Parameters) ?? "", server.Statements.Count, IdOf(server.Origin));
    }

    private object?[] ServerRow(ClientSession client, string state)
    {
        var (pool, server) = (client.Route!.Pool, client.Replication!.Server);
        var row = Row(
            "S", pool.Key.User, pool.Key.Database, state, server.Connection, server.Target.Port, server.ConnectedTime, server.ConnectedTime, null, server.IsOutdated,
            ServerName.PtrOf(server.Connection.Id), PtrOf(client), server.Facts.ProcessId, client.ApplicationName, 0, IdOf(server.Connection.Id));
        row[ReplicationColumn] = WordOf(client.ReplicationKind);
        return row;
    }

    private static string WordOf(ReplicationKind kind) => kind switch
    {
        ReplicationKind.Physical => "physical",
        ReplicationKind.Logical => "logical",
        _ => "none",
    };

    private object?[] Row(
        string type, string user, string database, string state, Connection connection, int unixPort, DateTimeOffset connected, DateTimeOffset requested,
        long? waitSince, bool isCloseNeeded, string ptr, string link, int pid, string applicationName, int statements, long id)
    {
        var wait = waitSince is { } start ? Math.Max(0, _now - start) : 0;
        var local = connection.LocalEndPoint;
        return
        [
            type, user, database, "none", state, connection.RemoteEndPoint?.Address.ToString() ?? "unix", connection.RemoteEndPoint?.Port ?? unixPort,
            local?.Address.ToString() ?? "unix", local?.Port ?? unixPort, Time(connected), Time(requested), (int)(wait / 1000), (int)(wait % 1000 * 1000),
            isCloseNeeded ? 1 : 0, ptr, link, pid, TlsOf(connection), applicationName, statements, (int)(id & int.MaxValue),
        ];
    }

    private string? NameIn(ParameterSet parameters) =>
        _services.Relay.Registry.Names.Find("application_name") is { } name && parameters[name] is { } value ? Encoding.UTF8.GetString(value) : null;

    private DateTimeOffset Clock(long milliseconds) => _clock - TimeSpan.FromMilliseconds(_now - milliseconds);

    private static string Time(DateTimeOffset time) => time.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    private static string PtrOf(ClientSession client) => $"0x1{client.Id:x11}";

    private static string PtrOf(ServerConnection server) => ServerName.PtrOf(server);

    private static long IdOf(ConnectionId server) => ((((long)server.Socket.Generation << 16) | (uint)server.Socket.Slot) << 6) | (uint)server.LoopIndex;

    private static string TlsOf(Connection connection) => TlsText.Of(connection) ?? "";
}
