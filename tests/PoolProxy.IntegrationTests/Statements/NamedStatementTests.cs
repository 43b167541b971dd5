using PoolProxy.Testing;
using PoolProxy.Testing.Proxy;
using Xunit;

namespace PoolProxy.IntegrationTests.Statements;

/// <summary>A client's prepared statements are its own, on whichever server it is served, and behave as PostgreSQL's.</summary>
public class NamedStatementTests(PoolScene scene) : IClassFixture<PoolScene>
{
    [Fact]
    public async Task A_statement_can_be_used_on_a_server_that_never_saw_its_Parse()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync(size: 2);
        await using RawClient client = await proxy.LoginAsync("a", "app");
        await using RawClient other = await proxy.LoginAsync("b", "app");
        await client.Parse("s", "select $1::int + 1, pg_backend_pid()", 23).Sync().RoundTripAsync();
        int server = await client.ServerIdAsync();
        // The other client takes the server that holds it.
        await other.QueryAsync("begin");
        while (await other.ServerIdAsync() != server)
        {
            await other.QueryAsync("commit");
            await other.QueryAsync("begin");
        }
        var answer = await client.Bind("", "s", "41").Execute().Sync().RoundTripAsync();
        Assert.Equal("BindComplete DataRow CommandComplete ReadyForQuery", answer.Names());
        Assert.Equal(["42"], answer.Rows());
        Assert.NotEqual($"{server}", answer[1].Values[1]);
    }

    [Fact]
    public async Task Two_clients_may_use_one_name_for_different_statements()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient first = await proxy.LoginAsync("a", "app");
        await using RawClient second = await proxy.LoginAsync("b", "app");
        await first.Parse("s", "select 'first'").Sync().RoundTripAsync();
        await second.Parse("s", "select 'second'").Sync().RoundTripAsync();
        Assert.Equal(["first"], (await first.Bind("", "s").Execute().Sync().RoundTripAsync()).Rows());
        Assert.Equal(["second"], (await second.Bind("", "s").Execute().Sync().RoundTripAsync()).Rows());
    }

    [Fact]
    public async Task Parse_of_a_name_that_is_taken_answers_42P05_and_skips_to_Sync()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient client = await proxy.LoginAsync("a", "app");
        await client.Parse("s", "select 1").Sync().RoundTripAsync();
        var answer = await client.Parse("s", "select 2").Bind("", "s").Execute().Sync().RoundTripAsync();
        Assert.Equal("ErrorResponse ReadyForQuery", answer.Names());
        Assert.Equal("42P05", answer.SqlState());
        Assert.Equal("prepared statement \"s\" already exists", answer.ErrorText());
        Assert.Equal(["1"], (await client.Bind("", "s").Execute().Sync().RoundTripAsync()).Rows());
    }

    [Theory]
    [InlineData("bind")]
    [InlineData("describe")]
    public async Task An_unknown_name_answers_26000_and_skips_to_Sync(string how)
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient client = await proxy.LoginAsync("a", "app");
        RawClient put = how == "bind" ? client.Bind("", "nobody") : client.DescribeStatement("nobody");
        var answer = await put.Execute().Parse("later", "select 1").Sync().RoundTripAsync();
        Assert.Equal("ErrorResponse ReadyForQuery", answer.Names());
        Assert.Equal("26000", answer.SqlState());
        Assert.Equal("prepared statement \"nobody\" does not exist", answer.ErrorText());
        // What was skipped has no effect: the name is free.
        Assert.Equal("ParseComplete ReadyForQuery", (await client.Parse("later", "select 2").Sync().RoundTripAsync()).Names());
    }

    [Fact]
    public async Task An_unknown_name_inside_a_transaction_fails_the_transaction()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient client = await proxy.LoginAsync("a", "app");
        await client.QueryAsync("begin");
        var answer = await client.Bind("", "nobody").Execute().Sync().RoundTripAsync();
        Assert.Equal("26000", answer.SqlState());
        Assert.Equal('E', answer.Status());
        Assert.Equal("25P02", (await client.QueryAsync("select 1")).SqlState());
        Assert.Equal('I', (await client.QueryAsync("rollback")).Status());
    }

    [Fact]
    public async Task Close_frees_a_name_and_Close_of_an_unknown_name_is_no_error()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient client = await proxy.LoginAsync("a", "app");
        await client.Parse("s", "select 1").Sync().RoundTripAsync();
        Assert.Equal("CloseComplete CloseComplete ReadyForQuery", (await client.CloseStatement("s").CloseStatement("nobody").Sync().RoundTripAsync()).Names());
        Assert.Equal("26000", (await client.Bind("", "s").Execute().Sync().RoundTripAsync()).SqlState());
        Assert.Equal("ParseComplete ReadyForQuery", (await client.Parse("s", "select 2").Sync().RoundTripAsync()).Names());
    }

    [Theory]
    [InlineData("deallocate s", false)]
    [InlineData("DEALLOCATE PREPARE \"s\"", false)]
    [InlineData("deallocate all", true)]
    [InlineData("discard all", true)]
    [InlineData("/* well */ deallocate prepare all;", true)]
    public async Task DEALLOCATE_and_DISCARD_free_names(string sql, bool all)
    {
        foreach (bool extended in new[] { false, true })
        {
            await using ProxyUnderTest proxy = await scene.StartAsync();
            await using RawClient client = await proxy.LoginAsync("a", "app");
            await using RawClient other = await proxy.LoginAsync("b", "app");
            await client.Parse("s", "select 1").Parse("t", "select 'kept'").Sync().RoundTripAsync();
            await other.Parse("s", "select 'others'").Sync().RoundTripAsync();
            var answer = extended ? await client.Parse("", sql).Bind("", "").Execute().Sync().RoundTripAsync() : await client.QueryAsync(sql);
            Assert.Equal("", answer.ErrorText());
            Assert.Equal("26000", (await client.Bind("", "s").Execute().Sync().RoundTripAsync()).SqlState());
            var second = await client.Bind("", "t").Execute().Sync().RoundTripAsync();
            Assert.Equal(all ? "26000" : "", second.SqlState());
            Assert.Equal(["others"], (await other.Bind("", "s").Execute().Sync().RoundTripAsync()).Rows());
        }
    }

    [Fact]
    public async Task DEALLOCATE_of_an_unknown_name_fails_as_in_PostgreSQL()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient client = await proxy.LoginAsync("a", "app");
        Assert.Equal("26000", (await client.QueryAsync("deallocate nobody")).SqlState());
        Assert.Equal("1", await client.ScalarAsync("select 1"));
    }

    [Fact]
    public async Task A_failed_Parse_leaves_no_name()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient client = await proxy.LoginAsync("a", "app");
        Assert.Equal("42601", (await client.Parse("s", "selec 1").Bind("", "s").Execute().Sync().RoundTripAsync()).SqlState());
        Assert.Equal("26000", (await client.Bind("", "s").Execute().Sync().RoundTripAsync()).SqlState());
        Assert.Equal("ParseComplete ReadyForQuery", (await client.Parse("s", "select 1").Sync().RoundTripAsync()).Names());
        Assert.Equal(["1"], (await client.Bind("", "s").Execute().Sync().RoundTripAsync()).Rows());
    }

    [Fact]
    public async Task A_failed_Parse_is_tried_again_when_it_can_succeed()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient client = await proxy.LoginAsync("a", "app");
        string table = scene.Database.Role("later");
        Assert.Equal("42P01", (await client.Parse("s", $"select count(*) from {table}").Sync().RoundTripAsync()).SqlState());
        await client.QueryAsync($"create table {table}(x int)");
        Assert.Equal("ParseComplete ReadyForQuery", (await client.Parse("s", $"select count(*) from {table}").Sync().RoundTripAsync()).Names());
        Assert.Equal(["0"], (await client.Bind("", "s").Execute().Sync().RoundTripAsync()).Rows());
    }

    [Fact]
    public async Task A_Parse_behind_an_error_never_happened()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient client = await proxy.LoginAsync("a", "app");
        var answer = await client.Parse("", "select 1/0").Bind("", "").Execute().Parse("s", "select 1").Sync().RoundTripAsync();
        Assert.Equal("22012", answer.SqlState());
        Assert.Equal("26000", (await client.Bind("", "s").Execute().Sync().RoundTripAsync()).SqlState());
        Assert.Equal("ParseComplete ReadyForQuery", (await client.Parse("s", "select 1").Sync().RoundTripAsync()).Names());
    }

    [Fact]
    public async Task A_Close_behind_an_error_never_happened()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient client = await proxy.LoginAsync("a", "app");
        await client.Parse("s", "select 'still'").Sync().RoundTripAsync();
        await client.Parse("", "select 1/0").Bind("", "").Execute().CloseStatement("s").Sync().RoundTripAsync();
        Assert.Equal(["still"], (await client.Bind("", "s").Execute().Sync().RoundTripAsync()).Rows());
    }

    [Fact]
    public async Task A_Parse_in_an_aborted_transaction_fails_and_leaves_no_name()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient client = await proxy.LoginAsync("a", "app");
        await client.QueryAsync("begin; select 1/0");
        Assert.Equal("25P02", (await client.Parse("s", "select 1").Sync().RoundTripAsync()).SqlState());
        await client.QueryAsync("rollback");
        Assert.Equal("26000", (await client.Bind("", "s").Execute().Sync().RoundTripAsync()).SqlState());
    }

    [Fact]
    public async Task A_Parse_in_a_transaction_that_rolls_back_stays()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient client = await proxy.LoginAsync("a", "app");
        await client.QueryAsync("begin");
        await client.Parse("s", "select 'stays'").Sync().RoundTripAsync();
        await client.QueryAsync("rollback");
        Assert.Equal(["stays"], (await client.Bind("", "s").Execute().Sync().RoundTripAsync()).Rows());
        Assert.Equal("42P05", (await client.Parse("s", "select 1").Sync().RoundTripAsync()).SqlState());
    }

    [Fact]
    public async Task Describe_answers_alike_before_and_after_the_statement_is_prepared_again()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient client = await proxy.LoginAsync("a", "app");
        var before = await client.Parse("s", "select $1::int as one, 'x'::text as two where $2").DescribeStatement("s").Sync().RoundTripAsync();
        await scene.Database.ExecuteAsync($"select pg_terminate_backend({await client.ServerIdAsync()})");
        await WaitFor.TrueAsync(async () => (await client.QueryAsync("select 1")).ErrorText().Length == 0);
        var after = await client.DescribeStatement("s").Sync().RoundTripAsync();
        Assert.Equal(before.Skip(1).Select(message => message.ToString()), after.Select(message => message.ToString()));
        Assert.Equal("ParameterDescription RowDescription ReadyForQuery", after.Names());
    }

    [Fact]
    public async Task Describe_of_a_statement_without_rows_answers_NoData()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient client = await proxy.LoginAsync("a", "app");
        Assert.Equal(
            "ParseComplete ParameterDescription NoData BindComplete NoData CommandComplete ReadyForQuery",
            (await client.Parse("s", "begin").DescribeStatement("s").Bind("", "s").DescribePortal().Execute().Sync().RoundTripAsync()).Names());
    }
}

/// <inheritdoc/>
public sealed class NamedStatementTestsOnNewest(PoolSceneOnNewest scene) : NamedStatementTests(scene), IClassFixture<PoolSceneOnNewest>;
