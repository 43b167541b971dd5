using PoolProxy.Testing;
using PoolProxy.Testing.Proxy;
using Xunit;

namespace PoolProxy.IntegrationTests.Statements;

/// <summary>What a batch that failed did not prepare is not counted on by a batch that was sent before anybody knew.</summary>
public class FailedBatchTests(PoolScene scene) : IClassFixture<PoolScene>
{
    private static readonly string LongText = new('x', 5000);

    [Fact]
    public async Task A_statement_whose_preparation_was_skipped_is_prepared_for_the_next_batch()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient client = await proxy.LoginAsync("a", "app");
        await using RawClient other = await proxy.LoginAsync("b", "app");
        await client.Parse("s", "select 'there'").Sync().RoundTripAsync();
        await other.QueryAsync("deallocate all");
        await client.Parse("", "select 1/0").Bind("", "").Execute().Bind("", "s").Execute().Sync()
            .Bind("", "s").Execute().Sync()
            .DescribeStatement("s").Sync()
            .Parse("t", "select 'there'").Bind("", "t").Execute().Sync().SendAsync();
        Assert.Equal("22012", (await client.ReadUntilAsync("ReadyForQuery")).SqlState());
        Assert.Equal(["there"], (await client.ReadUntilAsync("ReadyForQuery")).Rows());
        Assert.Equal("ParameterDescription RowDescription ReadyForQuery", (await client.ReadUntilAsync("ReadyForQuery")).Names());
        Assert.Equal(["there"], (await client.ReadUntilAsync("ReadyForQuery")).Rows());
    }

    [Fact]
    public async Task A_Parse_behind_one_that_was_skipped_is_answered_by_the_server()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient client = await proxy.LoginAsync("a", "app");
        await client.Parse("", "select 1/0").Bind("", "").Execute().Parse("s", "select 'same'").Sync()
            .Parse("t", "select 'same'").Sync()
            .Bind("", "t").Execute().Sync().SendAsync();
        Assert.Equal("22012", (await client.ReadUntilAsync("ReadyForQuery")).SqlState());
        Assert.Equal("ParseComplete ReadyForQuery", (await client.ReadUntilAsync("ReadyForQuery")).Names());
        Assert.Equal(["same"], (await client.ReadUntilAsync("ReadyForQuery")).Rows());
    }

    [Theory]
    [InlineData(10)]
    [InlineData(5000)]
    public async Task Nobody_elses_unnamed_statement_is_run_in_place_of_one_that_was_not_prepared(int length)
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient client = await proxy.LoginAsync("a", "app");
        await using RawClient other = await proxy.LoginAsync("b", "app");
        string mine = $"select 'mine' /* {new string('x', length)} */";
        await client.Parse("", mine).Sync().RoundTripAsync();
        await other.Parse("", "select 'secret'").Sync().RoundTripAsync();
        await client.Parse("bad", "selec").Bind("", "").Execute().Sync()
            .Bind("", "").Execute().Sync()
            .Bind("", "").Execute().Parse("", "select 'new'").Bind("", "").Execute().Sync()
            .Bind("", "").Execute().Sync().SendAsync();
        Assert.Equal("42601", (await client.ReadUntilAsync("ReadyForQuery")).SqlState());
        Assert.Equal(["mine"], (await client.ReadUntilAsync("ReadyForQuery")).Rows());
        Assert.Equal(["mine", "new"], (await client.ReadUntilAsync("ReadyForQuery")).Rows());
        Assert.Equal(["new"], (await client.ReadUntilAsync("ReadyForQuery")).Rows());
    }

    [Fact]
    public async Task Nor_in_place_of_one_too_long_to_be_sent_again()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync(proxy: "max_statement_bytes = 2048");
        await using RawClient client = await proxy.LoginAsync("a", "app");
        await using RawClient other = await proxy.LoginAsync("b", "app");
        await other.Parse("", "select 'secret'").Sync().RoundTripAsync();
        await client.Parse("bad", "selec").Parse("", $"select '{LongText}'").Sync().Bind("", "").Execute().Sync().SendAsync();
        Assert.Equal("42601", (await client.ReadUntilAsync("ReadyForQuery")).SqlState());
        Assert.Equal("26000", (await client.ReadUntilAsync("ReadyForQuery")).SqlState());
        Assert.Equal(["secret"], (await other.Bind("", "").Execute().Sync().RoundTripAsync()).Rows());
    }

    [Fact]
    public async Task A_long_unnamed_statement_can_be_used_by_batches_sent_with_it()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync(proxy: "max_statement_bytes = 2048");
        await using RawClient client = await proxy.LoginAsync("a", "app");
        await client.Parse("", $"select length('{LongText}')").Sync().Bind("", "").Execute().Sync().Bind("", "").Execute().Sync().SendAsync();
        Assert.Equal("ParseComplete ReadyForQuery", (await client.ReadUntilAsync("ReadyForQuery")).Names());
        Assert.Equal(["5000"], (await client.ReadUntilAsync("ReadyForQuery")).Rows());
        Assert.Equal(["5000"], (await client.ReadUntilAsync("ReadyForQuery")).Rows());
    }

    [Theory]
    [InlineData("s")]
    [InlineData("")]
    public async Task A_long_Parse_that_fails_leaves_neither_its_name_nor_its_client_on_the_server(string name)
    {
        await using ProxyUnderTest proxy = await scene.StartAsync(proxy: "max_statement_bytes = 2048");
        await using RawClient client = await proxy.LoginAsync("a", "app");
        await using RawClient other = await proxy.LoginAsync("b", "app");
        Assert.Equal("42601", (await client.Parse(name, $"selec '{LongText}'").Sync().RoundTripAsync()).SqlState());
        Assert.Equal("1", await other.ScalarAsync("select 1"));
        Assert.Equal("26000", (await client.Bind("", name).Execute().Sync().RoundTripAsync()).SqlState());
        Assert.Equal("ParseComplete ReadyForQuery", (await client.Parse(name, "select 2").Sync().RoundTripAsync()).Names());
        Assert.Equal(["2"], (await client.Bind("", name).Execute().Sync().RoundTripAsync()).Rows());
    }

    [Fact]
    public async Task A_Close_of_a_long_statement_that_was_skipped_never_happened()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync(proxy: "max_statement_bytes = 2048");
        await using RawClient client = await proxy.LoginAsync("a", "app");
        await using RawClient other = await proxy.LoginAsync("b", "app");
        await client.Parse("s", $"select length('{LongText}')").Sync().RoundTripAsync();
        await client.Parse("", "selec").CloseStatement("s").Sync().RoundTripAsync();
        await other.SendQueryAsync("select 'other'");
        Assert.Equal(["5000"], (await client.Bind("", "s").Execute().Sync().RoundTripAsync()).Rows());
        // Closed and defined anew in one batch, shared this time: the server can be let go.
        var answer = await client.CloseStatement("s").Parse("s", "select 'short'").Bind("", "s").Execute().Sync().RoundTripAsync();
        Assert.Equal(["short"], answer.Rows());
        Assert.Equal(["other"], (await other.ReadUntilAsync("ReadyForQuery")).Rows());
        Assert.Equal(["short"], (await client.Bind("", "s").Execute().Sync().RoundTripAsync()).Rows());
    }

    [Fact]
    public async Task DEALLOCATE_of_a_long_statement_frees_name_and_server()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync(proxy: "max_statement_bytes = 2048");
        await using RawClient client = await proxy.LoginAsync("a", "app");
        await using RawClient other = await proxy.LoginAsync("b", "app");
        await client.Parse("s", $"select length('{LongText}')").Sync().RoundTripAsync();
        Assert.Equal("", (await client.QueryAsync("deallocate s")).ErrorText());
        Assert.Equal("1", await other.ScalarAsync("select 1"));
        Assert.Equal("26000", (await client.Bind("", "s").Execute().Sync().RoundTripAsync()).SqlState());
    }

    [Fact]
    public async Task More_statements_than_a_server_keeps_survive_a_failed_batch_and_what_was_sent_behind_it()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync(proxy: "max_prepared_statements = 2");
        await using RawClient client = await proxy.LoginAsync("a", "app");
        for (int number = 0; number < 2; number++)
        {
            await client.Parse($"s{number}", $"select {number}").Sync().RoundTripAsync();
        }
        await client.Parse("", "select 1/0").Bind("", "").Execute().Parse("new", "select 'new'").Sync()
            .Bind("", "s0").Execute().Sync().SendAsync();
        Assert.Equal("22012", (await client.ReadUntilAsync("ReadyForQuery")).SqlState());
        await client.ReadUntilAsync("ReadyForQuery");
        for (int turn = 0; turn < 2; turn++)
        {
            for (int number = 0; number < 2; number++)
            {
                Assert.Equal([$"{number}"], (await client.Bind("", $"s{number}").Execute().Sync().RoundTripAsync()).Rows());
            }
        }
    }

    [Fact]
    public async Task A_name_whose_Parse_was_skipped_is_free_for_the_batch_behind()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient client = await proxy.LoginAsync("a", "app");
        await client.Parse("", "selec").Parse("s", "select 'first'").Sync()
            .Parse("s", "select 'second'").Bind("", "s").Execute().Sync().SendAsync();
        Assert.Equal("42601", (await client.ReadUntilAsync("ReadyForQuery")).SqlState());
        Assert.Equal(["second"], (await client.ReadUntilAsync("ReadyForQuery")).Rows());
    }

    [Theory]
    [InlineData("bind")]
    [InlineData("describe")]
    [InlineData("deallocate")]
    [InlineData("deallocate extended")]
    public async Task It_is_unknown_to_the_batch_behind(string how)
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient client = await proxy.LoginAsync("a", "app");
        await using RawClient other = await proxy.LoginAsync("b", "app");
        // The server has a copy already: nothing but the client's own name is missing.
        await other.Parse("t", "select 'shared'").Sync().RoundTripAsync();
        client.Parse("", "selec").Parse("s", "select 'shared'").Sync();
        RawClient put = how switch
        {
            "bind" => client.Bind("", "s").Execute().Sync(),
            "describe" => client.DescribeStatement("s").Sync(),
            "deallocate" => client.Query("deallocate s"),
            _ => client.Parse("", "deallocate s").Bind("", "").Execute().Sync(),
        };
        await put.SendAsync();
        Assert.Equal("42601", (await client.ReadUntilAsync("ReadyForQuery")).SqlState());
        Assert.Equal("26000", (await client.ReadUntilAsync("ReadyForQuery")).SqlState());
    }

    [Fact]
    public async Task A_name_whose_Close_was_skipped_is_there_for_the_batch_behind()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient client = await proxy.LoginAsync("a", "app");
        await client.Parse("s", "select 'still'").Sync().RoundTripAsync();
        await client.Parse("", "selec").CloseStatement("s").Sync().Bind("", "s").Execute().Sync().CloseStatement("s").Sync().Bind("", "s").Sync().SendAsync();
        Assert.Equal("42601", (await client.ReadUntilAsync("ReadyForQuery")).SqlState());
        Assert.Equal(["still"], (await client.ReadUntilAsync("ReadyForQuery")).Rows());
        Assert.Equal("CloseComplete ReadyForQuery", (await client.ReadUntilAsync("ReadyForQuery")).Names());
        Assert.Equal("26000", (await client.ReadUntilAsync("ReadyForQuery")).SqlState());
    }

    [Fact]
    public async Task Names_of_batches_that_go_well_are_known_to_those_behind()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient client = await proxy.LoginAsync("a", "app");
        await client.Parse("s", "select 's'").Sync().Bind("", "s").Execute().Sync().Parse("s", "select 'no'").Sync()
            .CloseStatement("s").Sync().Parse("s", "select 'new'").Sync().Bind("", "s").Execute().Sync().SendAsync();
        foreach (string names in (string[])["ParseComplete ReadyForQuery", "BindComplete DataRow CommandComplete ReadyForQuery", "ErrorResponse ReadyForQuery", "CloseComplete ReadyForQuery", "ParseComplete ReadyForQuery"])
        {
            Assert.Equal(names, (await client.ReadUntilAsync("ReadyForQuery")).Names());
        }
        Assert.Equal(["new"], (await client.ReadUntilAsync("ReadyForQuery")).Rows());
    }
}

/// <inheritdoc/>
public sealed class FailedBatchTestsOnNewest(PoolSceneOnNewest scene) : FailedBatchTests(scene), IClassFixture<PoolSceneOnNewest>;
