using PoolProxy.IntegrationTests.Admin;
using PoolProxy.Testing;
using PoolProxy.Testing.Proxy;
using Xunit;

namespace PoolProxy.IntegrationTests.Pooling;

/// <summary>How many servers and clients there may be, and who comes first.</summary>
public sealed class PoolLimitTests(PoolScene scene) : IClassFixture<PoolScene>
{
    [Fact]
    public async Task A_pool_grows_to_its_size_and_no_further()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync(size: 2);
        await using RawClient first = await InTransactionAsync(proxy);
        await using RawClient second = await InTransactionAsync(proxy);
        await using RawClient third = await proxy.LoginAsync("c", "app");
        await third.SendQueryAsync("select pg_backend_pid()");
        int[] servers = [await first.ServerIdAsync(), await second.ServerIdAsync()];
        Assert.NotEqual(servers[0], servers[1]);
        Assert.Equal(0, third.Stream.Socket.Available);
        await second.QueryAsync("commit");
        Assert.Equal([$"{servers[1]}"], (await third.ReadUntilAsync("ReadyForQuery")).Rows());
    }

    [Fact]
    public async Task A_databases_pool_size_beats_the_default()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync(size: 1, database: "pool_size = 2");
        await using RawClient first = await InTransactionAsync(proxy);
        await using RawClient second = await InTransactionAsync(proxy);
        Assert.NotEqual(await first.ServerIdAsync(), await second.ServerIdAsync());
    }

    [Fact]
    public async Task Min_pool_size_opens_servers_that_nobody_asked_for()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync(size: 5, proxy: "min_pool_size = 3", database: "application_name = \"pool_of_three\"");
        await using RawClient client = await proxy.LoginAsync("a", "app");
        await WaitFor.EqualAsync(3, () => ServersAsync("pool_of_three"));
    }

    [Theory]
    [InlineData("reserve_pool_size = 1", "", "")]
    [InlineData("", "reserve_pool_size = 1", "")]
    [InlineData("", "reserve_pool_size = 0", "[users.postgres]\nreserve_pool_size = 1")]
    public async Task The_reserve_helps_a_client_that_has_waited_long_enough(string file, string database, string user)
    {
        await using ProxyUnderTest proxy = await scene.StartAsync(size: 1, proxy: file + "\nreserve_pool_timeout = \"100ms\"", database: database, rest: user);
        await using RawClient first = await InTransactionAsync(proxy);
        await using RawClient second = await InTransactionAsync(proxy);
        Assert.NotEqual(await first.ServerIdAsync(), await second.ServerIdAsync());
    }

    [Fact]
    public async Task The_reserve_has_an_end_too()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync(size: 1, proxy: "reserve_pool_size = 1\nreserve_pool_timeout = \"50ms\"\nquery_wait_timeout = \"500ms\"");
        await using RawClient first = await InTransactionAsync(proxy);
        await using RawClient second = await InTransactionAsync(proxy);
        await using RawClient third = await proxy.LoginAsync("c", "app");
        await third.SendQueryAsync("select 1");
        Assert.Equal("query_wait_timeout", (await third.ReadToEndAsync()).ErrorText());
    }

    [Fact]
    public async Task A_long_reserve_pool_timeout_holds_the_reserve_back()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync(size: 1, proxy: "reserve_pool_size = 1\nreserve_pool_timeout = 60\nquery_wait_timeout = \"300ms\"");
        await using RawClient first = await InTransactionAsync(proxy);
        await using RawClient second = await proxy.LoginAsync("c", "app");
        await second.SendQueryAsync("select 1");
        Assert.Equal("query_wait_timeout", (await second.ReadToEndAsync()).ErrorText());
    }

    [Theory]
    [InlineData("max_client_conn = 2", "", "", "no more connections allowed (max_client_conn)")]
    [InlineData("max_db_client_connections = 2", "", "", "client connections exceeded (max_db_client_connections)")]
    [InlineData("", "max_db_client_connections = 2", "", "client connections exceeded (max_db_client_connections)")]
    [InlineData("max_user_client_connections = 2", "", "", "client connections exceeded (max_user_client_connections)")]
    [InlineData("", "", "[users.a]\nmax_user_client_connections = 2", "client connections exceeded (max_user_client_connections)")]
    public async Task One_client_more_than_allowed_is_refused_and_a_leaver_makes_room(string proxyLines, string database, string rest, string text)
    {
        await using ProxyUnderTest proxy = await scene.StartAsync(proxy: proxyLines, database: database, rest: rest);
        await using RawClient first = await proxy.LoginAsync("a", "app");
        RawClient second = await proxy.LoginAsync("a", "app");
        await using (RawClient third = await proxy.ConnectAsync())
        {
            RawLogin login = await third.TryLoginAsync("a", "app");
            Assert.Equal("53300", login.Error?.SqlState);
            Assert.Equal(text, login.Error?.ErrorText);
        }
        await second.DisposeAsync();
        await WaitFor.TrueAsync(async () =>
        {
            await using RawClient again = await proxy.ConnectAsync();
            return (await again.TryLoginAsync("a", "app")).Error is null;
        });
    }

    [Theory]
    [InlineData("max_db_connections = 1", "")]
    [InlineData("", "max_db_connections = 1")]
    public async Task Max_db_connections_bounds_the_servers_over_all_pools_of_a_database(string proxyLines, string database)
    {
        // Without a login of its own the database has one pool for each user.
        string other = scene.Database.Role("other");
        await scene.Database.ExecuteAsync($"drop role if exists {other}; create role {other} login");
        await using ProxyUnderTest proxy = await ProxyUnderTest.StartAsync(place => PoolScene
            .Text(place.Port, scene.Database.Cluster.Port, scene.Database.Name, size: 5, proxy: proxyLines + "\nquery_wait_timeout = \"300ms\"", database: database, rest: $"[users.postgres]\n[users.{other}]")
            .Replace("user = \"postgres\"", "", StringComparison.Ordinal)
            .Replace("\"any\"", "\"trust\"", StringComparison.Ordinal));
        await using RawClient first = await proxy.LoginAsync("postgres", "app");
        await first.QueryAsync("begin");
        await using RawClient second = await proxy.ConnectAsync();
        RawLogin refused = await second.TryLoginAsync(other, "app");
        Assert.Equal("query_wait_timeout", refused.Error?.ErrorText);
        await first.QueryAsync("commit");
        // The idle server of the first pool gives way to the second pool.
        await using RawClient third = await proxy.LoginAsync(other, "app");
        Assert.Equal(other, await third.ScalarAsync("select current_user"));
    }

    [Fact]
    public async Task A_server_that_comes_free_makes_room_for_who_waits_in_another_pool()
    {
        await using ProxyUnderTest proxy = await StartTwoAsync(proxyLines: "max_user_connections = 1");
        await using RawClient first = await InTransactionAsync(proxy);
        await using RawClient second = await proxy.ConnectAsync();
        Task<RawLogin> login = second.TryLoginAsync("b", "second");
        await WaitFor.TrueAsync(async () =>
        {
            await using RawClient console = await proxy.LoginAsync("boss", "pgbouncer");
            return (await console.RowAsync("SHOW POOLS", "database", "second"))["sv_login"] == "0" && !login.IsCompleted;
        });
        await first.QueryAsync("commit");
        Assert.Null((await login).Error);
        Assert.Equal("1", await second.ScalarAsync("select 1"));
    }

    [Fact]
    public async Task Room_that_was_made_for_a_client_is_not_taken_by_min_pool_size()
    {
        await using ProxyUnderTest proxy = await StartTwoAsync(proxyLines: "max_user_connections = 2", database: "min_pool_size = 2");
        await using RawClient first = await proxy.LoginAsync("a", "app");
        await WaitFor.TrueAsync(async () =>
        {
            await using RawClient console = await proxy.LoginAsync("boss", "pgbouncer");
            return (await console.RowAsync("SHOW POOLS", "database", "app"))["sv_idle"] == "2";
        });
        await using RawClient second = await proxy.LoginAsync("b", "second");
        Assert.Equal("1", await second.ScalarAsync("select 1"));
        Assert.Equal("1", await first.ScalarAsync("select 1"));
    }

    [Theory]
    [InlineData("max_user_connections = 1", "")]
    [InlineData("", "[users.postgres]\nmax_user_connections = 1")]
    public async Task Max_user_connections_bounds_the_servers_of_a_user(string proxyLines, string rest)
    {
        await using ProxyUnderTest proxy = await scene.StartAsync(size: 5, proxy: proxyLines + "\nquery_wait_timeout = \"300ms\"", rest: rest);
        await using RawClient first = await InTransactionAsync(proxy);
        await using RawClient second = await proxy.LoginAsync("b", "app");
        await second.SendQueryAsync("select 1");
        Assert.Equal("query_wait_timeout", (await second.ReadToEndAsync()).ErrorText());
    }

    [Fact]
    public async Task Clients_are_served_in_the_order_in_which_they_came()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await scene.Database.ExecuteAsync("drop table if exists arrivals; create table arrivals(id int generated always as identity, who int)");
        await using RawClient holder = await InTransactionAsync(proxy);
        var waiters = new List<RawClient>();
        for (int who = 0; who < 6; who++)
        {
            RawClient waiter = await proxy.LoginAsync("w", "app");
            waiters.Add(waiter);
            await waiter.SendQueryAsync($"insert into arrivals(who) values ({who})");
            await PeerQueueEmptyAsync(proxy);
        }
        await holder.QueryAsync("commit");
        foreach (RawClient waiter in waiters)
        {
            await waiter.ReadUntilAsync("ReadyForQuery");
            await waiter.DisposeAsync();
        }
        Assert.Equal("0,1,2,3,4,5", await scene.Database.QueryAsync<string>("select string_agg(who::text, ',' order by id) from arrivals"));
    }

    [Fact]
    public async Task A_waiter_that_leaves_is_passed_over()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient holder = await InTransactionAsync(proxy);
        RawClient leaver = await proxy.LoginAsync("w", "app");
        await using RawClient second = await proxy.LoginAsync("w", "app");
        await leaver.SendQueryAsync("select pg_sleep(60)");
        await second.SendQueryAsync("select 'second'");
        leaver.Stream.Reset();
        await holder.QueryAsync("commit");
        Assert.Equal(["second"], (await second.ReadUntilAsync("ReadyForQuery")).Rows());
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 2)]
    public async Task Server_round_robin_takes_servers_in_turn(bool inTurn, int distinct)
    {
        await using ProxyUnderTest proxy = await scene.StartAsync(size: 2, proxy: $"server_round_robin = {(inTurn ? "true" : "false")}");
        await using RawClient first = await InTransactionAsync(proxy);
        await using RawClient second = await InTransactionAsync(proxy);
        await first.QueryAsync("commit");
        await second.QueryAsync("commit");
        var seen = new HashSet<int>();
        for (int turn = 0; turn < 4; turn++)
        {
            seen.Add(await first.ServerIdAsync());
        }
        Assert.Equal(distinct, seen.Count);
    }

    /// <summary>Two databases that log in as the same user, and nobody who waits is ever told or ended.</summary>
    private Task<ProxyUnderTest> StartTwoAsync(string proxyLines, string database = "") => scene.StartAsync(
        size: 5,
        proxy: $"{proxyLines}\nquery_wait_timeout = 0\nquery_wait_notify = 0\nadmin_users = \"boss\"",
        database: database,
        rest: $"[databases.second]\nhost = \"127.0.0.1\"\nport = {scene.Database.Cluster.Port}\ndbname = \"{scene.Database.Name}\"\nuser = \"postgres\"");

    private static async Task<RawClient> InTransactionAsync(ProxyUnderTest proxy)
    {
        RawClient client = await proxy.LoginAsync("a", "app");
        Assert.Equal('T', (await client.QueryAsync("begin")).Status());
        return client;
    }

    // A login that is complete behind the waiter's bytes has come through the same loop, so the waiter stands in the queue.
    private static async Task PeerQueueEmptyAsync(ProxyUnderTest proxy)
    {
        // One behind the other: with two loops each has had its turn.
        await using RawClient probe = await proxy.LoginAsync("probe", "app");
        await using RawClient second = await proxy.LoginAsync("probe", "app");
    }

    private async Task<int> ServersAsync(string applicationName) =>
        await scene.Database.QueryAsync<int>($"select count(*)::int from pg_stat_activity where application_name = '{applicationName}'");
}
