using PoolProxy.Testing;
using PoolProxy.Testing.Proxy;
using Xunit;

namespace PoolProxy.IntegrationTests.Protocol;

/// <summary>What failed in the middle of a COPY or of a batch leaves neither the client waiting nor its server with it.</summary>
public class RecoveryTests(PoolScene scene) : IClassFixture<PoolScene>
{
    [Theory]
    [InlineData("transaction", "set work_mem = '5MB'")]
    [InlineData("session", "set work_mem = '5MB'")]
    [InlineData("session", "set work_mem = 'much'")]
    [InlineData("session", "reset all")]
    public async Task A_client_whose_COPY_failed_behind_an_early_Sync_can_change_settings_and_go_on(string mode, string sql)
    {
        await using ProxyUnderTest proxy = await scene.StartAsync(mode);
        await using RawClient client = await proxy.LoginAsync("a", "app");
        await FailCopyAsync(client);
        await client.QueryAsync(sql);
        Assert.Equal("1", await client.ScalarAsync("select 1"));
        Assert.Equal(["2"], (await client.Parse("", "select 2").Bind("", "").Execute().Sync().RoundTripAsync()).Rows());
    }

    [Fact]
    public async Task It_does_not_keep_its_server_while_it_is_idle()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient client = await proxy.LoginAsync("a", "app");
        await using RawClient other = await proxy.LoginAsync("b", "app");
        await FailCopyAsync(client);
        Assert.Equal("1", await other.ScalarAsync("select 1"));
        Assert.Equal("2", await client.ScalarAsync("select 2"));
    }

    [Fact]
    public async Task Data_behind_a_failed_COPY_is_no_request()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync(proxy: "idle_transaction_timeout = \"300ms\"");
        await using RawClient client = await proxy.LoginAsync("a", "app");
        await client.QueryAsync("begin");
        await client.CopyData("1\n"u8).CopyData("2\n"u8).CopyDone().SendAsync();
        // The client counts as idle, not as waiting for an answer.
        Assert.Equal("25P03", (await client.ReadToEndAsync()).SqlState());
    }

    [Theory]
    [InlineData("set work_mem = '5MB'")]
    [InlineData("discard all")]
    [InlineData("select 1")]
    public async Task A_Query_behind_a_message_that_failed_is_skipped_to_the_Sync(string sql)
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient client = await proxy.LoginAsync("a", "app");
        var answer = await client.Parse("", "selec").Query(sql).Sync().RoundTripAsync();
        Assert.Equal("ErrorResponse ReadyForQuery", answer.Names());
        Assert.Equal("42601", answer.SqlState());
        Assert.Equal("1", await client.ScalarAsync("select 1"));
    }

    [Fact]
    public async Task So_it_is_when_the_error_has_come_already()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient client = await proxy.LoginAsync("a", "app");
        await client.Parse("", "selec").Flush().SendAsync();
        await client.ExpectAsync("ErrorResponse");
        await client.Query("set work_mem = '5MB'").Query("select 1").Sync().SendAsync();
        await client.ExpectAsync("ReadyForQuery");
        Assert.Equal("1", await client.ScalarAsync("select 1"));
    }

    /// <summary>As libpq does it: its Sync stands right behind Execute, and the server reads and ignores it.</summary>
    private async Task FailCopyAsync(RawClient client)
    {
        await client.QueryAsync("create table if not exists refuses(x int)");
        await client.Parse("", "copy refuses from stdin").Bind("", "").Execute().Sync().SendAsync();
        await client.ExpectAllAsync("ParseComplete", "BindComplete", "CopyInResponse");
        var answer = await client.CopyData("one\n"u8).CopyDone().Sync().RoundTripAsync();
        Assert.Equal("22P02", answer.SqlState());
        Assert.Equal("ErrorResponse ReadyForQuery", answer.Names());
    }
}

/// <inheritdoc/>
public sealed class RecoveryTestsOnNewest(PoolSceneOnNewest scene) : RecoveryTests(scene), IClassFixture<PoolSceneOnNewest>;
