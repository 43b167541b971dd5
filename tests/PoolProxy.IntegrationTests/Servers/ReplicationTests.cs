using PoolProxy.IntegrationTests.Admin;
using PoolProxy.Sandbox.Postgres;
using PoolProxy.Testing;
using PoolProxy.Testing.Proxy;
using PoolProxy.Testing.Wire;
using Xunit;

namespace PoolProxy.IntegrationTests.Servers;

/// <summary>Replication connections: one server to a client, bytes passed on as they are, and nobody where identities are kept apart.</summary>
public sealed class ReplicationTests : IAsyncLifetime
{
    private PostgresCluster _cluster = null!;

    public async Task InitializeAsync() => _cluster = await PostgresCluster.StartAsync(new PostgresClusterOptions
    {
        HbaLines = ["host all all 127.0.0.1/32 trust", "host replication all 127.0.0.1/32 trust"],
    });

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task The_stream_of_the_WAL_passes_both_ways_at_once_and_comes_to_its_end()
    {
        await using ProxyUnderTest proxy = await StartAsync();
        await using RawClient client = await proxy.LoginAsync("a", "replication", null, ("replication", "true"));
        IReadOnlyList<WireMessage> system = await client.QueryAsync("IDENTIFY_SYSTEM");
        string position = system.First(message => message.Name == "DataRow").Values[2]!;
        await client.SendQueryAsync($"START_REPLICATION PHYSICAL {position}");
        await client.ExpectAsync("CopyBothResponse");

        await _cluster.ExecuteAsync("create table streamed(x int)");
        WireMessage data;
        do
        {
            data = await client.ReadAsync();
            Assert.Equal("CopyData", data.Name);
        }
        while (data.Bytes.Span[5] != (byte)'w');

        // A standby's status update: written, flushed, applied, clock, no reply wanted.
        await client.CopyData([(byte)'r', .. new byte[32], 0]).SendAsync();
        await using RawClient console = await proxy.LoginAsync("boss", "pgbouncer");
        Assert.Equal(["active physical"], (await console.RowsAsync("SHOW SERVERS")).Select(row => $"{row["state"]} {row["replication"]}"));
        Assert.Contains("replication a active physical", (await console.RowsAsync("SHOW CLIENTS")).Select(row => $"{row["database"]} {row["user"]} {row["state"]} {row["replication"]}"));

        await client.CopyDone().SendAsync();
        IReadOnlyList<WireMessage> end = await client.ReadUntilAsync("ReadyForQuery");
        Assert.Equal("CopyDone CommandComplete", end.SkipWhile(message => message.Name == "CopyData").Take(2).Names());
        Assert.Equal("1", (await client.QueryAsync("SHOW wal_segment_size")).Count(message => message.Name == "DataRow").ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task A_logical_one_takes_SQL_and_belongs_to_its_client_alone()
    {
        await using ProxyUnderTest proxy = await StartAsync();
        await using RawClient client = await proxy.LoginAsync("a", "app", null, ("replication", "database"), ("application_name", "subscriber"));
        int server = await client.ServerIdAsync();
        await client.QueryAsync("set work_mem = '65MB'");
        await using RawClient other = await proxy.LoginAsync("b", "app");
        Assert.NotEqual(server, await other.ServerIdAsync());
        Assert.Equal(server, await client.ServerIdAsync());
        Assert.Equal("65MB subscriber", await client.ScalarAsync("select current_setting('work_mem') || ' ' || current_setting('application_name')"));
        await using RawClient console = await proxy.LoginAsync("boss", "pgbouncer");
        Assert.Equal(["logical", "none"], (await console.RowsAsync("SHOW SERVERS")).Select(row => row["replication"]!).Order());

        // A cancel reaches it, and its end is the server's.
        await client.SendQueryAsync("select pg_sleep(60)");
        await WaitFor.EqualAsync(1, () => _cluster.QueryAsync<int>($"select count(*)::int from pg_stat_activity where pid = {server} and wait_event = 'PgSleep'"));
        await client.CancelAsync();
        Assert.Equal("57014", (await client.ReadUntilAsync("ReadyForQuery")).SqlState());
        await client.Terminate().SendAsync();
        await WaitFor.EqualAsync(0, () => _cluster.QueryAsync<int>($"select count(*)::int from pg_stat_activity where pid = {server}"));
        await WaitFor.TrueAsync(async () => (await console.RowsAsync("SHOW SERVERS")).Count == 1);
    }

    [Fact]
    public async Task It_counts_against_max_db_connections_and_gives_its_place_back()
    {
        await using ProxyUnderTest proxy = await StartAsync(database: "max_db_connections = 1");
        await using (RawClient first = await proxy.LoginAsync("a", "app", null, ("replication", "database")))
        {
            Assert.Equal("1", await first.ScalarAsync("select 1"));
            await using RawClient second = await proxy.ConnectAsync();
            Assert.Equal("53300", (await second.TryLoginAsync("a", "app", null, [("replication", "database")])).Error?.SqlState);
        }

        await WaitFor.TrueAsync(async () =>
        {
            await using RawClient third = await proxy.ConnectAsync();
            return (await third.TryLoginAsync("a", "app", null, [("replication", "database")])).Error is null;
        });
    }

    [Theory]
    [InlineData("RECONNECT")]
    [InlineData("KILL app")]
    public async Task The_administrator_ends_it(string command)
    {
        await using ProxyUnderTest proxy = await StartAsync();
        await using RawClient client = await proxy.LoginAsync("a", "app", null, ("replication", "database"));
        await using RawClient console = await proxy.LoginAsync("boss", "pgbouncer");
        await console.QueryAsync(command);
        Assert.Equal("57P01", (await client.ReadToEndAsync()).SqlState());
    }

    [Fact]
    public async Task It_waits_while_its_database_is_paused_and_PAUSE_waits_for_it()
    {
        await using ProxyUnderTest proxy = await StartAsync();
        await using RawClient first = await proxy.LoginAsync("a", "app", null, ("replication", "database"));
        await using RawClient console = await proxy.LoginAsync("boss", "pgbouncer");
        await console.SendQueryAsync("PAUSE app");
        await using RawClient looker = await proxy.LoginAsync("boss", "pgbouncer");
        await WaitFor.TrueAsync(async () => (await looker.RowAsync("SHOW DATABASES", "name", "app"))["paused"] == "1");
        await using RawClient second = await proxy.ConnectAsync();
        Task<RawLogin> login = second.TryLoginAsync("b", "app", null, [("replication", "database")]);
        await first.Terminate().SendAsync();
        await console.ReadUntilAsync("ReadyForQuery");
        Assert.Equal(0, await _cluster.QueryAsync<int>("select count(*)::int from pg_stat_activity where backend_type = 'walsender'"));
        Assert.False(login.IsCompleted);
        await looker.QueryAsync("RESUME app");
        Assert.Null((await login).Error);
        Assert.Equal("1", await second.ScalarAsync("select 1"));
        Assert.Contains("b", (await looker.RowsAsync("SHOW SESSIONS")).Select(row => row["user"]));
    }

    [Fact]
    public async Task A_server_that_dies_is_told()
    {
        await using ProxyUnderTest proxy = await StartAsync();
        await using RawClient client = await proxy.LoginAsync("a", "app", null, ("replication", "database"));
        int server = await client.ServerIdAsync();
        await _cluster.TerminateBackendAsync(server);
        IReadOnlyList<WireMessage> end = await client.ReadToEndAsync();
        Assert.Equal("57P01", end.SqlState());
        Assert.Equal(1, end.Count(message => message.Name == "ErrorResponse"));
    }

    [Fact]
    public async Task Where_identities_are_kept_apart_it_is_refused()
    {
        await using ProxyUnderTest proxy = await StartAsync(database: "isolation = \"set_role\"\nallow_unsafe_login = true");
        foreach (string kind in new[] { "true", "database" })
        {
            await using RawClient client = await proxy.ConnectAsync();
            Assert.Equal("42501", (await client.TryLoginAsync("postgres", "app", null, [("replication", kind)])).Error?.SqlState);
        }
    }

    [Theory]
    [InlineData("host all all all trust", "true", "28P01")]
    [InlineData("host all all all trust", "database", null)]
    [InlineData("host replication all all trust", "on", null)]
    [InlineData("host replication all all trust", "database", "28P01")]
    [InlineData("host all all all trust", "perhaps", "22023")]
    [InlineData("host all all all trust", "false", null)]
    public async Task HBA_lines_for_replication_are_for_physical_replication_only(string line, string kind, string? refusal)
    {
        await using ProxyUnderTest proxy = await StartAsync("hba", place =>
        {
            File.WriteAllText(place.File("hba.conf"), line + "\n");
            return "auth_hba_file = \"hba.conf\"";
        }, "[users.a]\npassword = \"secret\"");
        await using RawClient client = await proxy.ConnectAsync();
        Assert.Equal(refusal, (await client.TryLoginAsync("a", "app", null, [("replication", kind)])).Error?.SqlState);
    }

    private Task<ProxyUnderTest> StartAsync(string auth = "any", Func<ProxyPlace, string>? lines = null, string rest = "", string database = "") => ProxyUnderTest.StartAsync(place => $"""
        [proxy]
        listen_addr = "127.0.0.1"
        listen_port = {place.Port}
        auth_type = "{auth}"
        {(auth == "any" ? "admin_users = \"boss\"" : "")}
        pool_mode = "transaction"
        default_pool_size = 2
        {lines?.Invoke(place)}

        [databases.app]
        host = "127.0.0.1"
        port = {_cluster.Port}
        dbname = "postgres"
        user = "postgres"
        {database}

        [databases.replication]
        host = "127.0.0.1"
        port = {_cluster.Port}
        dbname = "postgres"
        user = "postgres"

        {rest}
        """);
}
