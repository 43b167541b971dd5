using PoolProxy.Testing;
using PoolProxy.Testing.Proxy;
using Xunit;

namespace PoolProxy.IntegrationTests.Statements;

/// <summary>The copies of clients' statements that servers hold: how many, for whom, and what stands in the place of answers that no server gives.</summary>
public class StatementCopyTests(PoolScene scene) : IClassFixture<PoolScene>
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_server_keeps_at_most_max_prepared_statements_and_none_is_lost_to_its_client(int most)
    {
        await using ProxyUnderTest proxy = await scene.StartAsync(proxy: $"max_prepared_statements = {most}");
        await using RawClient client = await proxy.LoginAsync("a", "app");
        for (int number = 0; number < 8; number++)
        {
            await client.Parse($"s{number}", $"select {number}").Sync().RoundTripAsync();
        }
        for (int turn = 0; turn < 2; turn++)
        {
            for (int number = 0; number < 8; number++)
            {
                Assert.Equal([$"{number}"], (await client.Bind("", $"s{number}").Execute().Sync().RoundTripAsync()).Rows());
            }
        }
        int kept = int.Parse((await client.ScalarAsync("select count(*) from pg_prepared_statements"))!, System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(kept, 1, most);
    }

    [Fact]
    public async Task More_statements_in_one_pipeline_than_a_server_may_keep()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync(proxy: "max_prepared_statements = 2");
        await using RawClient client = await proxy.LoginAsync("a", "app");
        for (int number = 0; number < 6; number++)
        {
            client.Parse($"s{number}", $"select {number}");
        }
        for (int number = 0; number < 6; number++)
        {
            client.Bind("", $"s{number}").Execute();
        }
        Assert.Equal(["0", "1", "2", "3", "4", "5"], (await client.Sync().RoundTripAsync()).Rows());
    }

    [Fact]
    public async Task The_same_text_by_two_clients_is_prepared_once()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient first = await proxy.LoginAsync("a", "app");
        await using RawClient second = await proxy.LoginAsync("b", "app");
        await first.Parse("mine", "select 'shared'").Sync().RoundTripAsync();
        Assert.Equal(
            "ParseComplete BindComplete DataRow CommandComplete ReadyForQuery",
            (await second.Parse("yours", "select 'shared'").Bind("", "yours").Execute().Sync().RoundTripAsync()).Names());
        Assert.Equal("1", await first.ScalarAsync("select count(*) from pg_prepared_statements where statement like '%''shared''%'"));
    }

    [Fact]
    public async Task A_statement_prepared_under_one_TimeZone_is_not_shared_with_another()
    {
        const string sql = "select extract(epoch from timestamptz '2024-06-01 12:00')::bigint";
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient tokyo = await proxy.LoginAsync("a", "app", null, ("TimeZone", "Asia/Tokyo"));
        await using RawClient utc = await proxy.LoginAsync("b", "app", null, ("TimeZone", "UTC"));
        await tokyo.Parse("s", sql).Sync().RoundTripAsync();
        await utc.Parse("s", sql).Sync().RoundTripAsync();
        for (int turn = 0; turn < 2; turn++)
        {
            Assert.Equal(["1717210800"], (await tokyo.Bind("", "s").Execute().Sync().RoundTripAsync()).Rows());
            Assert.Equal(["1717243200"], (await utc.Bind("", "s").Execute().Sync().RoundTripAsync()).Rows());
        }
    }

    [Fact]
    public async Task A_made_up_ParseComplete_stands_in_its_place()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient first = await proxy.LoginAsync("a", "app");
        await using RawClient second = await proxy.LoginAsync("b", "app");
        await first.Parse("s", "select 'known'").Sync().RoundTripAsync();
        var answer = await second
            .Parse("", "select 1").Bind("", "").Execute()
            .Parse("k", "select 'known'").CloseStatement("nobody").Bind("", "k").Execute()
            .Parse("", "select 1/0").Bind("", "").Execute().CloseStatement("k").Parse("k2", "select 'known'")
            .Sync().RoundTripAsync();
        Assert.Equal(
            "ParseComplete BindComplete DataRow CommandComplete ParseComplete CloseComplete BindComplete DataRow CommandComplete ParseComplete ErrorResponse ReadyForQuery",
            answer.Names());
        Assert.Equal(["known"], (await second.Bind("", "k").Execute().Sync().RoundTripAsync()).Rows());
        Assert.Equal("26000", (await second.Bind("", "k2").Execute().Sync().RoundTripAsync()).SqlState());
    }

    [Fact]
    public async Task Parse_and_Flush_without_Sync_keep_the_server()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient client = await proxy.LoginAsync("a", "app");
        await using RawClient other = await proxy.LoginAsync("b", "app");
        await client.Parse("s", "select 'mine'").DescribeStatement("s").Flush().SendAsync();
        await client.ExpectAllAsync("ParseComplete", "ParameterDescription", "RowDescription");
        await other.SendQueryAsync("select 'other'");
        await client.Bind("", "s").Execute().Flush().SendAsync();
        await client.ExpectAllAsync("BindComplete", "DataRow", "CommandComplete");
        Assert.Equal(0, other.Stream.Socket.Available);
        await client.Sync().RoundTripAsync();
        Assert.Equal(["other"], (await other.ReadUntilAsync("ReadyForQuery")).Rows());
    }

    [Fact]
    public async Task A_changed_result_type_fails_once_and_works_after_the_next_Parse()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient client = await proxy.LoginAsync("a", "app");
        string table = scene.Database.Role("changing");
        await client.QueryAsync($"create table {table}(x int); insert into {table} values (1)");
        await client.Parse("s", $"select * from {table}").Sync().RoundTripAsync();
        await client.Bind("", "s").Execute().Sync().RoundTripAsync();
        await client.QueryAsync($"alter table {table} add y int default 2");
        var failed = await client.Bind("", "s").Execute().Sync().RoundTripAsync();
        Assert.True(failed.SqlState() is "0A000" or "");
        Assert.Equal(["1"], (await client.Bind("", "s").Execute().Sync().RoundTripAsync()).Rows());
    }

    [Fact]
    public async Task SQL_PREPARE_and_EXECUTE_work_within_a_transaction()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient client = await proxy.LoginAsync("a", "app");
        await client.QueryAsync("begin");
        await client.QueryAsync("prepare p(int) as select $1 * 2");
        Assert.Equal("42", await client.ScalarAsync("execute p(21)"));
        await client.QueryAsync("deallocate p; commit");
        Assert.Equal("26000", (await client.QueryAsync("execute p(21)")).SqlState());
    }

    [Theory]
    [InlineData("")]
    [InlineData("s")]
    public async Task A_statement_above_max_statement_bytes_keeps_its_client_on_its_server_until_closed(string name)
    {
        await using ProxyUnderTest proxy = await scene.StartAsync(size: 1, proxy: "max_statement_bytes = 2048");
        await using RawClient client = await proxy.LoginAsync("a", "app");
        await using RawClient other = await proxy.LoginAsync("b", "app");
        string sql = $"select $1::int + length('{new string('x', 5000)}')";
        Assert.Equal("ParseComplete ReadyForQuery", (await client.Parse(name, sql).Sync().RoundTripAsync()).Names());
        await other.SendQueryAsync("select 'other'");
        for (int turn = 0; turn < 3; turn++)
        {
            Assert.Equal(["5001"], (await client.Bind("", name, "1").Execute().Sync().RoundTripAsync()).Rows());
        }
        Assert.Equal(0, other.Stream.Socket.Available);
        await client.CloseStatement(name).Sync().RoundTripAsync();
        Assert.Equal(["other"], (await other.ReadUntilAsync("ReadyForQuery")).Rows());
    }

    [Fact]
    public async Task One_above_max_statement_bytes_that_fails_was_never_there()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync(size: 1, proxy: "max_statement_bytes = 1024");
        await using RawClient client = await proxy.LoginAsync("a", "app");
        await using RawClient other = await proxy.LoginAsync("b", "app");
        string padding = new('x', 1024);
        Assert.Equal("42601", (await client.Parse("s", $"selec 1 -- {padding}").Sync().RoundTripAsync()).SqlState());
        // Nothing keeps the client on the server any more.
        Assert.Equal("1", await other.ScalarAsync("select 1"));
        Assert.Equal("ParseComplete ReadyForQuery", (await client.Parse("s", $"select 'again' -- {padding}").Sync().RoundTripAsync()).Names());
        Assert.Equal(["again"], (await client.Bind("", "s").Execute().Sync().RoundTripAsync()).Rows());
        // A Close that is skipped has closed nothing.
        await client.Parse("", "selec 1").CloseStatement("s").Sync().RoundTripAsync();
        Assert.Equal(["again"], (await client.Bind("", "s").Execute().Sync().RoundTripAsync()).Rows());
        Assert.Equal(
            "CloseComplete ParseComplete BindComplete DataRow CommandComplete CloseComplete ReadyForQuery",
            (await client.CloseStatement("s").Parse("s", $"select 'new' -- {padding}").Bind("", "s").Execute().CloseStatement("s").Sync().RoundTripAsync()).Names());
        Assert.Equal("1", await other.ScalarAsync("select 1"));
    }

    [Fact]
    public async Task One_that_resets_and_is_too_long_to_look_into_is_followed_up_even_in_a_pipeline()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync(proxy: "max_statement_bytes = 1024");
        await using RawClient client = await proxy.LoginAsync("a", "app", parameters: [("timezone", "Europe/Paris")]);
        await client.Parse("reset", $"reset all -- {new string('x', 1024)}").Sync().RoundTripAsync();
        await client.Bind("", "reset").Execute().Sync().Query("show timezone").SendAsync();
        await client.ReadUntilAsync("ReadyForQuery");
        Assert.Equal(["Europe/Paris"], (await client.ReadUntilAsync("ReadyForQuery")).Rows());
    }

    [Fact]
    public async Task Without_tracking_names_are_the_servers()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync(proxy: "max_prepared_statements = 0");
        await using RawClient first = await proxy.LoginAsync("a", "app");
        await using RawClient second = await proxy.LoginAsync("b", "app");
        await first.Parse("s", "select 'first'").Sync().RoundTripAsync();
        Assert.Equal(["first"], (await second.Bind("", "s").Execute().Sync().RoundTripAsync()).Rows());
    }
}

/// <inheritdoc/>
public sealed class StatementCopyTestsOnNewest(PoolSceneOnNewest scene) : StatementCopyTests(scene), IClassFixture<PoolSceneOnNewest>;
