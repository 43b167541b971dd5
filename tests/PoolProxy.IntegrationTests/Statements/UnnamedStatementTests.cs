using PoolProxy.Testing;
using PoolProxy.Testing.Proxy;
using Xunit;

namespace PoolProxy.IntegrationTests.Statements;

/// <summary>The unnamed statement is its client's too, though every client of a server uses the same one.</summary>
public class UnnamedStatementTests(PoolScene scene) : IClassFixture<PoolScene>
{
    [Fact]
    public async Task Parse_and_Bind_may_stand_in_different_transactions_with_other_clients_between()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient first = await proxy.LoginAsync("a", "app");
        await using RawClient second = await proxy.LoginAsync("b", "app");
        Assert.Equal("ParseComplete ReadyForQuery", (await first.Parse("", "select 'first', $1::int").Sync().RoundTripAsync()).Names());
        Assert.Equal("ParseComplete ReadyForQuery", (await second.Parse("", "select 'second'").Sync().RoundTripAsync()).Names());
        for (int turn = 0; turn < 2; turn++)
        {
            var answer = await first.Bind("", "", "1").Execute().Sync().RoundTripAsync();
            Assert.Equal("BindComplete DataRow CommandComplete ReadyForQuery", answer.Names());
            Assert.Equal(["first"], answer.Rows());
            Assert.Equal(["second"], (await second.Bind("", "").Execute().Sync().RoundTripAsync()).Rows());
        }
    }

    [Fact]
    public async Task A_client_that_parsed_nothing_never_sees_anothers_unnamed_statement()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient first = await proxy.LoginAsync("a", "app");
        await using RawClient second = await proxy.LoginAsync("b", "app");
        await first.Parse("", "select 'secret'").Sync().RoundTripAsync();
        foreach (RawClient put in new[] { second.Bind("", "").Execute().Sync(), second.DescribeStatement("").Sync() })
        {
            Assert.Equal("26000", (await put.RoundTripAsync()).SqlState());
        }
    }

    [Fact]
    public async Task Anothers_Close_of_the_unnamed_statement_does_not_take_it_from_its_client()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient first = await proxy.LoginAsync("a", "app");
        await using RawClient second = await proxy.LoginAsync("a", "app");
        await first.Parse("", "select 'first'").DescribeStatement("").Sync().RoundTripAsync();
        Assert.Equal("CloseComplete ReadyForQuery", (await second.CloseStatement("").Sync().RoundTripAsync()).Names());
        Assert.Equal(["first"], (await first.Bind("", "").Execute().Sync().RoundTripAsync()).Rows());
    }

    [Fact]
    public async Task A_simple_query_drops_the_unnamed_statement_as_in_PostgreSQL()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient client = await proxy.LoginAsync("a", "app");
        await client.Parse("", "select 1").Sync().RoundTripAsync();
        await client.QueryAsync("select 2");
        Assert.Equal("26000", (await client.Bind("", "").Execute().Sync().RoundTripAsync()).SqlState());
    }

    [Fact]
    public async Task An_unnamed_Parse_that_fails_drops_the_one_before()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient client = await proxy.LoginAsync("a", "app");
        await client.Parse("", "select 1").Sync().RoundTripAsync();
        Assert.Equal("42601", (await client.Parse("", "selec 1").Sync().RoundTripAsync()).SqlState());
        Assert.NotEqual("", (await client.Bind("", "").Execute().Sync().RoundTripAsync()).SqlState());
        Assert.Equal("1", await client.ScalarAsync("select 1"));
    }

    [Fact]
    public async Task Two_unnamed_statements_in_one_pipeline()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient client = await proxy.LoginAsync("a", "app");
        var answer = await client.Parse("", "select 1").Bind("", "").Execute().Parse("", "select 2").Bind("", "").Execute().Sync().RoundTripAsync();
        Assert.Equal(["1", "2"], answer.Rows());
        Assert.Equal(["2"], (await client.Bind("", "").Execute().Sync().RoundTripAsync()).Rows());
    }

    [Fact]
    public async Task An_unnamed_Close_is_answered_and_the_statement_is_gone()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient client = await proxy.LoginAsync("a", "app");
        await client.Parse("", "select 1").Sync().RoundTripAsync();
        Assert.Equal("CloseComplete ReadyForQuery", (await client.CloseStatement("").Sync().RoundTripAsync()).Names());
        Assert.Equal("26000", (await client.Bind("", "").Execute().Sync().RoundTripAsync()).SqlState());
    }

    [Fact]
    public async Task One_too_long_to_remember_outlives_a_RESET_that_the_proxy_follows_up()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync(proxy: $"max_statement_bytes = {SmallestStatementLimit}");
        await using RawClient client = await proxy.LoginAsync("a", "app", parameters: [("timezone", "Europe/Paris")]);
        await client.Parse("reset", "reset all").Sync().RoundTripAsync();
        await client.Parse("", TooLong("current_setting('timezone')")).Sync().RoundTripAsync();
        for (int turn = 0; turn < 3; turn++)
        {
            await client.Bind("", "reset").Execute().Sync().RoundTripAsync();
            Assert.Equal(["Europe/Paris"], (await client.Bind("", "").Execute().Sync().RoundTripAsync()).Rows());
        }
    }

    [Fact]
    public async Task It_outlives_what_the_proxy_sets_on_its_server_for_another_client()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient first = await proxy.LoginAsync("a", "app", parameters: [("timezone", "Europe/Paris")]);
        await using RawClient second = await proxy.LoginAsync("b", "app", parameters: [("timezone", "Asia/Tokyo")]);
        await second.Parse("named", "select current_setting('timezone')").Sync().RoundTripAsync();
        for (int turn = 0; turn < 2; turn++)
        {
            await first.Parse("", "select current_setting('timezone')").Sync().RoundTripAsync();
            // The second client has no Query and no unnamed statement of its own: only the proxy's SET comes between.
            Assert.Equal(["Asia/Tokyo"], (await second.Bind("", "named").Execute().Sync().RoundTripAsync()).Rows());
            Assert.Equal(["Europe/Paris"], (await first.Bind("", "").Execute().Sync().RoundTripAsync()).Rows());
        }
    }

    [Theory]
    [InlineData("server_check_query = \"select 'check'\"\nserver_check_delay = 0")]
    [InlineData("server_reset_query = \"select 'reset'\"\nserver_reset_query_always = true")]
    public async Task It_outlives_what_the_proxy_asks_its_server(string settings)
    {
        await using ProxyUnderTest proxy = await scene.StartAsync(proxy: settings);
        await using RawClient client = await proxy.LoginAsync("a", "app");
        await client.Parse("", "select 'mine'").Sync().RoundTripAsync();
        for (int turn = 0; turn < 3; turn++)
        {
            Assert.Equal(["mine"], (await client.Bind("", "").Execute().Sync().RoundTripAsync()).Rows());
        }
    }

    [Fact]
    public async Task DISCARD_ALL_as_the_unnamed_statement_can_be_run_again()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient client = await proxy.LoginAsync("a", "app");
        await client.Parse("", "discard all").Sync().RoundTripAsync();
        for (int turn = 0; turn < 2; turn++)
        {
            Assert.Equal("", (await client.Bind("", "").Execute().Sync().RoundTripAsync()).SqlState());
        }
    }

    private const int SmallestStatementLimit = 1024;

    private static string TooLong(string expression) => $"select {expression} /* {new string('x', SmallestStatementLimit)} */";
}

/// <inheritdoc/>
public sealed class UnnamedStatementTestsOnNewest(PoolSceneOnNewest scene) : UnnamedStatementTests(scene), IClassFixture<PoolSceneOnNewest>;
