using PoolProxy.Testing;
using PoolProxy.Testing.Proxy;
using Xunit;

namespace PoolProxy.IntegrationTests.Pooling;

/// <summary>Each time that the file can give, with what a client hears of it and what becomes of the server.</summary>
public sealed class TimeoutTests(PoolScene scene) : IClassFixture<PoolScene>
{
    [Theory]
    [InlineData("query_wait_timeout = \"150ms\"", "", "")]
    [InlineData("", "query_wait_timeout = \"150ms\"", "")]
    [InlineData("", "", "[users.waiter]\nquery_wait_timeout = \"150ms\"")]
    public async Task A_client_that_waits_too_long_is_sent_away_with_53300(string proxyLines, string database, string rest)
    {
        await using ProxyUnderTest proxy = await scene.StartAsync(proxy: proxyLines, database: database, rest: rest);
        await using RawClient holder = await proxy.LoginAsync("holder", "app");
        await holder.QueryAsync("begin");
        await using RawClient waiter = await proxy.LoginAsync("waiter", "app");
        await waiter.SendQueryAsync("select 1");
        var end = await waiter.ReadToEndAsync();
        Assert.Equal("53300", end.SqlState());
        Assert.Equal("query_wait_timeout", end.ErrorText());
        Assert.Equal("1", await holder.ScalarAsync("select 1"));
    }

    [Fact]
    public async Task A_waiting_client_is_told_once_by_a_notice()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync(proxy: "query_wait_notify = \"50ms\"");
        await using RawClient holder = await proxy.LoginAsync("a", "app");
        await holder.QueryAsync("begin");
        await using RawClient waiter = await proxy.LoginAsync("b", "app");
        await waiter.SendQueryAsync("select 1");
        Assert.Equal("No server connection available in postgres backend, client being queued", (await waiter.ExpectAsync("NoticeResponse")).ErrorText);
        await holder.QueryAsync("commit");
        Assert.Equal("RowDescription DataRow CommandComplete ReadyForQuery", (await waiter.ReadUntilAsync("ReadyForQuery")).Names());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_client_that_never_says_a_word_is_seen_by_client_login_timeout(bool isDeferred)
    {
        await using ProxyUnderTest proxy = await scene.StartAsync(
            proxy: $"client_login_timeout = \"200ms\"\ntcp_defer_accept = {(isDeferred ? "true" : "false")}");
        await using RawClient silent = await proxy.ConnectAsync();
        // Left to itself the kernel would keep it for a minute.
        Assert.True((await silent.ReadToEndAsync()).Count <= 1);
    }

    [Fact]
    public async Task A_server_past_server_lifetime_is_replaced()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync(proxy: "server_lifetime = \"200ms\"");
        await using RawClient client = await proxy.LoginAsync("a", "app");
        int first = await client.ServerIdAsync();
        await WaitFor.TrueAsync(async () => await client.ServerIdAsync() != first);
    }

    [Fact]
    public async Task An_idle_server_is_closed_after_server_idle_timeout()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync(proxy: "server_idle_timeout = \"200ms\"");
        await using RawClient client = await proxy.LoginAsync("a", "app");
        int server = await client.ServerIdAsync();
        await WaitFor.EqualAsync(0, () => scene.Database.QueryAsync<int>($"select count(*)::int from pg_stat_activity where pid = {server}"));
        Assert.NotEqual(server, await client.ServerIdAsync());
    }

    [Theory]
    [InlineData("idle_transaction_timeout = \"150ms\"", "", "25P03", "idle transaction timeout")]
    [InlineData("", "[users.slow]\nidle_transaction_timeout = \"150ms\"", "25P03", "idle transaction timeout")]
    [InlineData("transaction_timeout = \"150ms\"", "", "25P04", "transaction timeout")]
    [InlineData("", "[users.slow]\ntransaction_timeout = \"150ms\"", "25P04", "transaction timeout")]
    public async Task A_transaction_that_stands_still_is_rolled_back(string proxyLines, string rest, string code, string text)
    {
        string table = scene.Database.Role("t" + code.ToLowerInvariant() + (rest.Length > 0 ? "u" : ""));
        await scene.Database.ExecuteAsync($"create table {table}(x int)");
        await using ProxyUnderTest proxy = await scene.StartAsync(proxy: proxyLines, rest: rest);
        await using RawClient slow = await proxy.LoginAsync("slow", "app");
        await slow.QueryAsync($"begin; insert into {table} values (1)");
        var end = await slow.ReadToEndAsync();
        Assert.Equal(code, end.SqlState());
        Assert.Equal(text, end.ErrorText());
        await using RawClient next = await proxy.LoginAsync("next", "app");
        Assert.Equal("0", await next.ScalarAsync($"select count(*) from {table}"));
    }

    [Fact]
    public async Task Transaction_timeout_does_not_count_the_time_between_transactions()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync("session", size: 2, proxy: "transaction_timeout = \"300ms\"");
        await using RawClient idler = await proxy.LoginAsync("a", "app");
        await idler.QueryAsync("select 1");
        // One transaction timeout passes, and is another client's.
        await using RawClient slow = await proxy.LoginAsync("b", "app");
        await slow.QueryAsync("begin");
        Assert.Equal("25P04", (await slow.ReadToEndAsync()).SqlState());
        Assert.Equal("1", await idler.ScalarAsync("select 1"));
        Assert.Equal("1", await idler.ScalarAsync("select 1"));
    }

    [Theory]
    [InlineData("query_timeout = \"150ms\"", "")]
    [InlineData("", "[users.slow]\nquery_timeout = \"150ms\"")]
    public async Task A_query_past_query_timeout_ends_its_client_and_the_pool_goes_on(string proxyLines, string rest)
    {
        await using ProxyUnderTest proxy = await scene.StartAsync(proxy: proxyLines, rest: rest);
        await using RawClient slow = await proxy.LoginAsync("slow", "app");
        await slow.SendQueryAsync("select pg_sleep(30)");
        var end = await slow.ReadToEndAsync();
        Assert.Equal("57014", end.SqlState());
        Assert.Equal("query timeout", end.ErrorText());
        await using RawClient next = await proxy.LoginAsync("next", "app");
        Assert.Equal("1", await next.ScalarAsync("select 1"));
    }

    [Theory]
    [InlineData("transaction", "client_idle_timeout = \"150ms\"", "")]
    [InlineData("session", "client_idle_timeout = \"150ms\"", "")]
    [InlineData("transaction", "", "[users.idler]\nclient_idle_timeout = \"150ms\"")]
    public async Task A_silent_client_is_sent_away(string mode, string proxyLines, string rest)
    {
        await using ProxyUnderTest proxy = await scene.StartAsync(mode, proxy: proxyLines, rest: rest);
        await using RawClient idler = await proxy.LoginAsync("idler", "app");
        await idler.QueryAsync("select 1");
        var end = await idler.ReadToEndAsync();
        Assert.Equal("57P05", end.SqlState());
        Assert.Equal("client_idle_timeout", end.ErrorText());
    }

    [Fact]
    public async Task Client_idle_timeout_does_not_end_a_query()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync(proxy: "client_idle_timeout = \"100ms\"");
        await using RawClient client = await proxy.LoginAsync("a", "app");
        Assert.Equal("", await client.ScalarAsync("select pg_sleep(0.5)"));
    }

    [Fact]
    public async Task A_client_that_does_not_log_in_in_time_is_sent_away()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync(proxy: "client_login_timeout = \"150ms\"");
        await using RawClient client = await proxy.ConnectAsync();
        // A first byte, because connections are accepted only when one is there (tcp_defer_accept).
        await client.Stream.WriteAsync(new byte[] { 0 });
        Assert.Equal("client_login_timeout", (await client.ReadToEndAsync()).ErrorText());
    }

    [Fact]
    public async Task A_server_that_does_not_answer_the_login_is_given_up_after_server_connect_timeout()
    {
        await using var silent = ScriptedBackend.Start(async session =>
        {
            await session.ReadStartupAsync();
            await session.ReadToEndAsync();
        });
        await using ProxyUnderTest proxy = await ProxyUnderTest.StartAsync(place => PoolScene.Text(
            place.Port, silent.Port, "x", proxy: "server_connect_timeout = \"200ms\"\nserver_login_retry = \"100ms\"\nserver_tls_sslmode = \"disable\""));
        await using RawClient client = await proxy.ConnectAsync();
        RawLogin login = await client.TryLoginAsync("a", "app");
        Assert.Equal("08006", login.Error?.SqlState);
    }

    [Fact]
    public async Task After_a_failed_login_the_next_waits_for_server_login_retry()
    {
        await using var refusing = ScriptedBackend.Start(async session =>
        {
            await session.ReadStartupAsync();
            await session.SendAsync("""ErrorResponse S="FATAL" C="28000" M="secret words of the server" """);
        });
        await using ProxyUnderTest proxy = await ProxyUnderTest.StartAsync(place => PoolScene.Text(
            place.Port, refusing.Port, "x", proxy: "server_login_retry = 60\nserver_tls_sslmode = \"disable\""));
        for (int attempt = 0; attempt < 3; attempt++)
        {
            await using RawClient client = await proxy.ConnectAsync();
            RawLogin login = await client.TryLoginAsync("a", "app");
            Assert.Equal("08006", login.Error?.SqlState);
            Assert.DoesNotContain("secret words", login.Error?.ToString(), StringComparison.Ordinal);
        }
        Assert.Equal(1, refusing.Accepted);
    }

    [Fact]
    public async Task A_server_that_was_idle_is_checked_and_a_dead_one_is_replaced()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync(proxy: "server_check_delay = 0\nserver_check_query = \"insert into checks values (1)\"");
        await scene.Database.ExecuteAsync("create table if not exists checks(x int)");
        await using RawClient client = await proxy.LoginAsync("a", "app");
        await client.QueryAsync("select 1");
        await client.QueryAsync("select 1");
        Assert.NotEqual(0, await scene.Database.QueryAsync<int>("select count(*)::int from checks"));
    }

    [Fact]
    public async Task A_fresh_server_is_not_checked()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync(proxy: "server_check_delay = 3600\nserver_check_query = \"insert into unchecked values (1)\"");
        await scene.Database.ExecuteAsync("create table if not exists unchecked(x int)");
        await using RawClient client = await proxy.LoginAsync("a", "app");
        await client.QueryAsync("select 1");
        await client.QueryAsync("select 1");
        Assert.Equal(0, await scene.Database.QueryAsync<int>("select count(*)::int from unchecked"));
    }
}
