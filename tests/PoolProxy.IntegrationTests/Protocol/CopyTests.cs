using System.Text;
using PoolProxy.Testing;
using PoolProxy.Testing.Proxy;
using Xunit;

namespace PoolProxy.IntegrationTests.Protocol;

/// <summary>COPY in both directions and both protocols, well and badly ended. protocol-flow.html#PROTOCOL-COPY.</summary>
public class CopyTests(PoolScene scene) : IClassFixture<PoolScene>
{
    [Fact]
    public async Task COPY_in_by_simple_query()
    {
        await using var test = await StartAsync();
        RawClient client = test.Client;
        await client.SendQueryAsync($"copy {test.Table} from stdin");
        await client.ExpectAsync("CopyInResponse");
        var answer = await client.CopyData("1\n2\n"u8).CopyData("3\n"u8).CopyDone().RoundTripAsync();
        Assert.Equal("CommandComplete ReadyForQuery", answer.Names());
        Assert.Equal("COPY 3", answer[0].Text);
        Assert.Equal("3", await test.Other.ScalarAsync($"select count(*) from {test.Table}"));
    }

    [Fact]
    public async Task COPY_in_without_waiting_for_the_response()
    {
        await using var test = await StartAsync();
        var answer = await test.Client.Query($"copy {test.Table} from stdin").CopyData("1\n"u8).CopyDone().RoundTripAsync();
        Assert.Equal("CopyInResponse CommandComplete ReadyForQuery", answer.Names());
        Assert.Equal("1", await test.Client.ScalarAsync($"select count(*) from {test.Table}"));
    }

    [Fact]
    public async Task COPY_in_by_extended_query_with_its_Sync_behind_the_data()
    {
        await using var test = await StartAsync();
        RawClient client = test.Client;
        await client.Parse("", $"copy {test.Table} from stdin").Bind("", "").Execute().Flush().SendAsync();
        await client.ExpectAllAsync("ParseComplete", "BindComplete", "CopyInResponse");
        var answer = await client.CopyData("1\n"u8).CopyDone().Sync().RoundTripAsync();
        Assert.Equal("CommandComplete ReadyForQuery", answer.Names());
        Assert.Equal("1", await test.Other.ScalarAsync($"select count(*) from {test.Table}"));
    }

    [Fact]
    public async Task COPY_in_by_extended_query_with_an_early_Sync()
    {
        await using var test = await StartAsync();
        RawClient client = test.Client;
        await client.Parse("", $"copy {test.Table} from stdin").Bind("", "").DescribePortal().Execute().Sync().SendAsync();
        await client.ExpectAllAsync("ParseComplete", "BindComplete", "NoData", "CopyInResponse");
        var answer = await client.CopyData("1\n"u8).CopyDone().Sync().RoundTripAsync();
        Assert.Equal("CommandComplete ReadyForQuery", answer.Names());
        Assert.Equal("1", await test.Other.ScalarAsync($"select count(*) from {test.Table}"));
    }

    [Fact]
    public async Task A_big_COPY_in_passes_whole()
    {
        await using var test = await StartAsync();
        RawClient client = test.Client;
        await client.SendQueryAsync($"copy {test.Table} from stdin");
        await client.ExpectAsync("CopyInResponse");
        byte[] lines = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 20_000).Select(number => $"{number}\n")));
        for (int part = 0; part < 20; part++)
        {
            await client.CopyData(lines).SendAsync();
        }
        Assert.Equal("COPY 400000", (await client.CopyDone().RoundTripAsync())[0].Text);
    }

    [Fact]
    public async Task A_bad_line_fails_the_COPY_and_what_follows_is_dropped()
    {
        await using var test = await StartAsync();
        RawClient client = test.Client;
        await client.SendQueryAsync($"copy {test.Table} from stdin");
        await client.ExpectAsync("CopyInResponse");
        var answer = await client.CopyData("one\n"u8).CopyData("2\n"u8).CopyDone().RoundTripAsync();
        Assert.Equal("22P02", answer.SqlState());
        Assert.Equal('I', answer.Status());
        Assert.Equal("0", await client.ScalarAsync($"select count(*) from {test.Table}"));
        Assert.Equal("1", await test.Other.ScalarAsync("select 1"));
    }

    [Fact]
    public async Task A_COPY_by_extended_query_that_fails_skips_to_Sync()
    {
        await using var test = await StartAsync();
        RawClient client = test.Client;
        await client.Parse("", $"copy {test.Table} from stdin").Bind("", "").Execute().Flush().SendAsync();
        await client.ExpectAllAsync("ParseComplete", "BindComplete", "CopyInResponse");
        var answer = await client.CopyData("one\n"u8).CopyDone().Parse("", "select 'never'").Bind("", "").Execute().Sync().RoundTripAsync();
        Assert.Equal("ErrorResponse ReadyForQuery", answer.Names());
        Assert.Equal("1", await client.ScalarAsync("select 1"));
    }

    [Fact]
    public async Task CopyFail_ends_the_COPY_with_its_reason()
    {
        await using var test = await StartAsync();
        RawClient client = test.Client;
        await client.SendQueryAsync($"copy {test.Table} from stdin");
        await client.ExpectAsync("CopyInResponse");
        var answer = await client.CopyData("1\n"u8).CopyFail("changed my mind").RoundTripAsync();
        Assert.Equal("57014", answer.SqlState());
        Assert.Contains("changed my mind", answer.ErrorText(), StringComparison.Ordinal);
        Assert.Equal("0", await test.Other.ScalarAsync($"select count(*) from {test.Table}"));
    }

    [Fact]
    public async Task Stray_copy_messages_are_dropped_as_PostgreSQL_does()
    {
        await using var test = await StartAsync();
        RawClient client = test.Client;
        var answer = await client.CopyData("1\n"u8).CopyDone().CopyFail("x").Query("select 'still here'").RoundTripAsync();
        Assert.Equal(["still here"], answer.Rows());
        Assert.Equal("1", await test.Other.ScalarAsync("select 1"));
    }

    [Fact]
    public async Task Another_message_inside_a_COPY_fails_it()
    {
        await using var test = await StartAsync();
        RawClient client = test.Client;
        await client.SendQueryAsync($"copy {test.Table} from stdin");
        await client.ExpectAsync("CopyInResponse");
        var answer = await client.CopyData("1\n"u8).Query("select 'in between'").RoundTripAsync();
        Assert.Equal("08P01", answer.SqlState());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100_000)]
    public async Task COPY_out(int rows)
    {
        await using var test = await StartAsync();
        var answer = await test.Client.QueryAsync($"copy (select generate_series(1, {rows})) to stdout");
        Assert.Equal("CopyOutResponse", answer[0].Name);
        Assert.Equal(rows, answer.Count(message => message.Name == "CopyData"));
        Assert.Equal("CopyDone CommandComplete ReadyForQuery", answer.TakeLast(3).Names());
        Assert.Equal("1", await test.Other.ScalarAsync("select 1"));
    }

    [Fact]
    public async Task A_COPY_out_that_fails_in_the_middle()
    {
        await using var test = await StartAsync();
        var answer = await test.Client.QueryAsync("copy (select 1 / (3 - generate_series(1, 5))) to stdout");
        Assert.Equal("22012", answer.SqlState());
        Assert.Equal("1", await test.Other.ScalarAsync("select 1"));
    }

    [Fact]
    public async Task A_client_that_leaves_inside_a_COPY_commits_nothing()
    {
        await using var test = await StartAsync();
        await test.Client.SendQueryAsync($"copy {test.Table} from stdin");
        await test.Client.ExpectAsync("CopyInResponse");
        await test.Client.CopyData("1\n"u8).SendAsync();
        await test.Client.DisposeAsync();
        Assert.Equal("0", await test.Other.ScalarAsync($"select count(*) from {test.Table}"));
    }

    private async Task<CopyTest> StartAsync()
    {
        string table = "copied_" + Guid.NewGuid().ToString("n");
        await scene.Database.ExecuteAsync($"create table {table}(x int)");
        ProxyUnderTest proxy = await scene.StartAsync();
        return new CopyTest(proxy, await proxy.LoginAsync("a", "app"), await proxy.LoginAsync("b", "app"), table);
    }

    private sealed record CopyTest(ProxyUnderTest Proxy, RawClient Client, RawClient Other, string Table) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Client.DisposeAsync();
            await Other.DisposeAsync();
            await Proxy.DisposeAsync();
        }
    }
}

/// <inheritdoc/>
public sealed class CopyTestsOnNewest(PoolSceneOnNewest scene) : CopyTests(scene), IClassFixture<PoolSceneOnNewest>;
