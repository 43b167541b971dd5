using PoolProxy.Testing;
using PoolProxy.Testing.Proxy;
using Xunit;

namespace PoolProxy.IntegrationTests.Protocol;

/// <summary>Simple queries, functions and notices, as PostgreSQL answers them.</summary>
public sealed class QueryTests(PoolScene scene) : IClassFixture<PoolScene>
{
    [Theory]
    [InlineData("")]
    [InlineData(";")]
    [InlineData("select 1; select 'two'; select 3 where false")]
    [InlineData("select 1; select 1/0; select 3")]
    [InlineData("begin; select 1; commit; select 2")]
    [InlineData("do $$ begin raise notice 'hello'; end $$")]
    [InlineData("selec 1")]
    [InlineData("values (null, '', 'x')")]
    public async Task A_query_is_answered_byte_for_byte_as_without_the_proxy(string sql)
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient direct = await scene.Database.ConnectRawAsync();
        await using RawClient proxied = await proxy.LoginAsync("a", "app");
        Assert.Equal((await direct.QueryAsync(sql)).Select(message => message.ToString()), (await proxied.QueryAsync(sql)).Select(message => message.ToString()));
        Assert.Equal("1", await proxied.ScalarAsync("select 1"));
    }

    [Fact]
    public async Task A_failed_transaction_stays_failed_until_ROLLBACK()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient client = await proxy.LoginAsync("a", "app");
        await client.QueryAsync("begin");
        Assert.Equal('E', (await client.QueryAsync("select 1/0")).Status());
        var refused = await client.QueryAsync("select 1");
        Assert.Equal("25P02", refused.SqlState());
        Assert.Equal('I', (await client.QueryAsync("rollback")).Status());
        Assert.Equal("1", await client.ScalarAsync("select 1"));
    }

    [Fact]
    public async Task Queries_may_be_sent_without_waiting()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient client = await proxy.LoginAsync("a", "app");
        for (int number = 0; number < 100; number++)
        {
            client.Query($"select {number}");
        }
        await client.SendAsync();
        for (int number = 0; number < 100; number++)
        {
            Assert.Equal([$"{number}"], (await client.ReadUntilAsync("ReadyForQuery")).Rows());
        }
    }

    [Fact]
    public async Task A_function_call_is_answered()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient client = await proxy.LoginAsync("a", "app");
        string oid = (await client.ScalarAsync("select 'int4pl(int4,int4)'::regprocedure::oid::int"))!;
        var answer = await client.Put($"""FunctionCall {oid} () ("20" "22") 0""").RoundTripAsync();
        Assert.Equal("""FunctionCallResponse "42" """.TrimEnd(), answer[0].ToString());
    }

    [Fact]
    public async Task A_notice_reaches_the_client_that_caused_it()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient first = await proxy.LoginAsync("a", "app");
        await using RawClient second = await proxy.LoginAsync("b", "app");
        Assert.Equal("NoticeResponse CommandComplete ReadyForQuery", (await first.QueryAsync("do $$ begin raise notice 'mine'; end $$")).Names());
        Assert.Equal("RowDescription DataRow CommandComplete ReadyForQuery", (await second.QueryAsync("select 1")).Names());
    }

    [Fact]
    public async Task A_Sync_alone_is_answered_without_a_server()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient holder = await proxy.LoginAsync("a", "app");
        await using RawClient client = await proxy.LoginAsync("b", "app");
        await holder.QueryAsync("begin");
        Assert.Equal("ReadyForQuery I", (await client.Sync().RoundTripAsync()).Single().ToString());
    }

    [Fact]
    public async Task A_pipeline_goes_on_behind_an_error_with_the_next_Sync()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient client = await proxy.LoginAsync("a", "app");
        await client
            .Parse("", "select 1").Bind("", "").Execute().Sync()
            .Parse("", "select 1/0").Bind("", "").Execute().Parse("", "select 'never'").Bind("", "").Execute().Sync()
            .Parse("", "select 3").Bind("", "").Execute().Sync()
            .SendAsync();
        Assert.Equal("ParseComplete BindComplete DataRow CommandComplete ReadyForQuery", (await client.ReadUntilAsync("ReadyForQuery")).Names());
        var second = await client.ReadUntilAsync("ReadyForQuery");
        Assert.Equal("22012", second.SqlState());
        Assert.Empty(second.Rows());
        Assert.Equal(["3"], (await client.ReadUntilAsync("ReadyForQuery")).Rows());
    }

    [Fact]
    public async Task A_portal_can_be_read_in_parts()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient client = await proxy.LoginAsync("a", "app");
        await client.Query("begin").RoundTripAsync();
        var first = await client.Parse("", "select generate_series(1, 3)").Bind("p", "").Execute("p", 2).Sync().RoundTripAsync();
        Assert.Equal("ParseComplete BindComplete DataRow DataRow PortalSuspended ReadyForQuery", first.Names());
        var second = await client.Execute("p", 2).ClosePortal("p").Sync().RoundTripAsync();
        Assert.Equal("DataRow CommandComplete CloseComplete ReadyForQuery", second.Names());
    }
}
