using PoolProxy.Testing;
using PoolProxy.Testing.Proxy;
using PoolProxy.Testing.Wire;
using Xunit;

namespace PoolProxy.IntegrationTests.Pooling;

/// <summary>How long a client keeps its server, per pool_mode, and where the mode may be said.</summary>
public sealed class PoolModeTests(PoolScene scene) : IClassFixture<PoolScene>
{
    [Fact]
    public async Task In_transaction_mode_a_server_is_free_after_each_transaction()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient first = await proxy.LoginAsync("a", "app");
        await using RawClient second = await proxy.LoginAsync("b", "app");
        Assert.Equal(await first.ServerIdAsync(), await second.ServerIdAsync());
    }

    [Fact]
    public async Task In_transaction_mode_an_open_transaction_keeps_its_server()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient first = await proxy.LoginAsync("a", "app");
        await using RawClient second = await proxy.LoginAsync("b", "app");
        await first.QueryAsync("begin");
        await second.SendQueryAsync("select 'second'");
        Assert.Equal("first", await first.ScalarAsync("select 'first'"));
        Assert.Equal(0, second.Stream.Socket.Available);
        await first.QueryAsync("commit");
        Assert.Equal(["second"], (await second.ReadUntilAsync("ReadyForQuery")).Rows());
    }

    [Fact]
    public async Task In_session_mode_a_client_keeps_its_server_until_it_leaves()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync("session");
        RawClient first = await proxy.LoginAsync("a", "app");
        await using RawClient second = await proxy.LoginAsync("b", "app");
        int server = await first.ServerIdAsync();
        await second.SendQueryAsync("select pg_backend_pid()");
        Assert.Equal(server, await first.ServerIdAsync());
        Assert.Equal(0, second.Stream.Socket.Available);
        await first.DisposeAsync();
        Assert.Equal([$"{server}"], (await second.ReadUntilAsync("ReadyForQuery")).Rows());
    }

    [Fact]
    public async Task In_statement_mode_a_transaction_block_is_refused()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync("statement");
        await using RawClient client = await proxy.LoginAsync("a", "app");
        Assert.Equal("1", await client.ScalarAsync("select 1"));
        await client.SendQueryAsync("begin");
        var end = await client.ReadToEndAsync();
        Assert.Equal("0A000", end.SqlState());
        Assert.Equal("transaction blocks not allowed in statement pooling mode", end.ErrorText());
    }

    [Fact]
    public async Task Clients_are_told_what_the_administrator_has_to_say_at_their_login()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync(proxy: "login_notify_message = \"maintenance on Sunday\"");
        await using RawClient client = await proxy.ConnectAsync();
        RawLogin login = await client.TryLoginAsync("a", "app");
        Assert.Null(login.Error);
        WireMessage notice = Assert.Single(login.Messages, message => message.Name == "NoticeResponse");
        Assert.Equal(("00000", "maintenance on Sunday"), (notice.SqlState, notice.ErrorText));
        Assert.Equal("1", await client.ScalarAsync("select 1"));
    }

    [Fact]
    public async Task Where_Query_is_disabled_only_the_extended_protocol_is_served()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync("transaction", proxy: "disable_pqexec = true");
        await using RawClient client = await proxy.LoginAsync("a", "app");
        await client.Parse("", "select 'extended'").Bind("", "").Execute().Sync().SendAsync();
        Assert.Equal(["extended"], (await client.ReadUntilAsync("ReadyForQuery")).Rows());
        await client.SendQueryAsync("select 1");
        var end = await client.ReadToEndAsync();
        Assert.Equal(("42501", "PQexec disallowed"), (end.SqlState(), end.ErrorText()));
    }

    [Fact]
    public async Task A_databases_mode_beats_the_proxys()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync("session", database: "pool_mode = \"statement\"");
        await using RawClient client = await proxy.LoginAsync("a", "app");
        await client.SendQueryAsync("begin");
        Assert.Equal("0A000", (await client.ReadToEndAsync()).SqlState());
    }

    [Fact]
    public async Task A_users_mode_beats_the_databases_and_holds_for_that_user_only()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync("session", 2, database: "pool_mode = \"transaction\"", rest: "[users.strict]\npool_mode = \"statement\"");
        await using RawClient strict = await proxy.LoginAsync("strict", "app");
        await using RawClient other = await proxy.LoginAsync("other", "app");
        await strict.SendQueryAsync("begin");
        Assert.Equal("0A000", (await strict.ReadToEndAsync()).SqlState());
        Assert.Equal('T', (await other.QueryAsync("begin")).Status());
    }

    [Fact]
    public async Task In_session_mode_the_reset_query_wipes_the_server_between_clients()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync("session");
        await using (RawClient first = await proxy.LoginAsync("a", "app"))
        {
            await first.QueryAsync("create temp table leak(x int); set work_mem = '77MB'");
        }
        await using RawClient second = await proxy.LoginAsync("b", "app");
        Assert.Equal("t", await second.ScalarAsync("select to_regclass('pg_temp.leak') is null and current_setting('work_mem') <> '77MB'"));
    }

    [Fact]
    public async Task An_empty_reset_query_sends_nothing()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync("session", proxy: "server_reset_query = \"\"");
        await using (RawClient first = await proxy.LoginAsync("a", "app"))
        {
            await first.QueryAsync("set work_mem = '77MB'");
        }
        await using RawClient second = await proxy.LoginAsync("b", "app");
        Assert.Equal("77MB", await second.ScalarAsync("show work_mem"));
    }

    [Theory]
    [InlineData(false, "77MB")]
    [InlineData(true, "4MB")]
    public async Task In_transaction_mode_only_server_reset_query_always_resets(bool always, string seen)
    {
        await using ProxyUnderTest proxy = await scene.StartAsync(proxy: $"server_reset_query_always = {(always ? "true" : "false")}");
        await using RawClient first = await proxy.LoginAsync("a", "app");
        await using RawClient second = await proxy.LoginAsync("b", "app");
        await first.QueryAsync("set work_mem = '77MB'");
        Assert.Equal(seen, await second.ScalarAsync("show work_mem"));
    }

    [Fact]
    public async Task A_users_own_session_mode_leaves_nothing_behind_in_a_pool_of_transactions()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync(rest: "[users.s]\npool_mode = \"session\"");
        int? server = null;
        for (int turn = 0; turn < 2; turn++)
        {
            await using RawClient client = await proxy.LoginAsync("s", "app");
            Assert.Equal("4MB", await client.ScalarAsync("show work_mem"));
            Assert.Equal("", (await client.Parse("mine", "select 1").Sync().RoundTripAsync()).SqlState());
            await client.QueryAsync("set work_mem = '77MB'");
            Assert.Equal(server ??= await client.ServerIdAsync(), await client.ServerIdAsync());
        }
        await using RawClient other = await proxy.LoginAsync("a", "app");
        Assert.Equal("4MB", await other.ScalarAsync("show work_mem"));
        Assert.Equal(server, await other.ServerIdAsync());
    }

    [Fact]
    public async Task A_connect_query_runs_once_on_each_server()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync(database: "connect_query = \"set work_mem = '33MB'\"");
        await using RawClient client = await proxy.LoginAsync("a", "app");
        Assert.Equal("33MB", await client.ScalarAsync("show work_mem"));
    }
}
