using PoolProxy.IntegrationTests.Admin;
using PoolProxy.IntegrationTests.Loops;
using PoolProxy.Testing;
using PoolProxy.Testing.Proxy;
using Xunit;

namespace PoolProxy.IntegrationTests.Pooling;

/// <summary>server_lifetime = 0: a server is used once, and one that was not used yet is kept for that.</summary>
public sealed class UsedOnceTests(PoolScene scene) : IClassFixture<PoolScene>
{
    private const string Console = "admin_users = \"boss\"\n";

    [Theory]
    [InlineData("server_lifetime = 0", "", true)]
    [InlineData("", "server_lifetime = 0", true)]
    [InlineData("server_lifetime = 0", "server_lifetime = 3600", false)]
    public async Task A_server_serves_one_transaction_and_the_next_has_another(string proxyLines, string databaseLines, bool isUsedOnce)
    {
        await using ProxyUnderTest proxy = await scene.StartAsync(proxy: Console + proxyLines, database: databaseLines);
        await using RawClient console = await proxy.LoginAsync("boss", "pgbouncer");
        await using RawClient client = await proxy.LoginAsync("a", "app");

        // The login has only looked at it.
        string opened = Assert.Single(await console.RowsAsync("SHOW SERVERS"))["remote_pid"]!;
        await client.QueryAsync("begin");
        int first = await client.ServerIdAsync();
        Assert.Equal((opened, first), ($"{first}", await client.ServerIdAsync()));
        await client.QueryAsync("commit");
        int second = await client.ServerIdAsync();
        Assert.Equal(isUsedOnce, first != second);
        await using RawClient other = await proxy.LoginAsync("b", "app");
        Assert.Equal(isUsedOnce, await other.ServerIdAsync() != second);
    }

    [Fact]
    public async Task A_session_is_one_use()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync("session", proxy: "server_lifetime = 0");
        int first;
        await using (RawClient client = await proxy.LoginAsync("a", "app"))
        {
            first = await client.ServerIdAsync();
            Assert.Equal(first, await client.ServerIdAsync());
        }

        await using RawClient next = await proxy.LoginAsync("a", "app");
        Assert.NotEqual(first, await next.ServerIdAsync());
    }

    [Fact]
    public async Task Of_servers_that_were_opened_ahead_only_the_used_one_is_replaced()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync(size: 3, proxy: Console + "server_lifetime = 0\nmin_pool_size = 2");
        await using RawClient console = await proxy.LoginAsync("boss", "pgbouncer");
        await WaitFor.TrueAsync(async () => (await PidsAsync(console)).Length == 2);
        string[] ahead = await PidsAsync(console);
        await using RawClient client = await proxy.LoginAsync("a", "app");
        string used = $"{await client.ServerIdAsync()}";
        Assert.Contains(used, ahead);
        await WaitFor.TrueAsync(async () => await PidsAsync(console) is { Length: 2 } now && !now.Contains(used));
        Assert.Contains(ahead.Single(pid => pid != used), await PidsAsync(console));
    }

    [Fact]
    public async Task RELOAD_to_zero_closes_free_servers_that_have_served()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync(size: 2, proxy: Console + "server_lifetime = 3600");
        await using RawClient console = await proxy.LoginAsync("boss", "pgbouncer");
        await using RawClient client = await proxy.LoginAsync("a", "app");
        string used = $"{await client.ServerIdAsync()}";
        Assert.Equal([used], await PidsAsync(console));
        Assert.Empty(await proxy.ReloadAsync(text => text.Replace("server_lifetime = 3600", "server_lifetime = 0", StringComparison.Ordinal)));
        await WaitFor.TrueAsync(async () => (await PidsAsync(console)).Length == 0);
    }

    [Fact]
    public async Task On_several_loops_a_server_that_moved_is_used_once_too()
    {
        await using LoopPlace place = await LoopPlace.StartAsync(proxy: "server_lifetime = 0");
        await using RawClient here = await place.ClientAsync(0);
        await using RawClient there = await place.ClientAsync(1);
        var seen = new HashSet<int>();
        for (int i = 0; i < 10; i++)
        {
            Assert.True(seen.Add(await here.ServerIdAsync()));
            Assert.True(seen.Add(await there.ServerIdAsync()));
        }
    }

    [Fact]
    public async Task PAUSE_closes_them_all_and_RESUME_opens_them_again()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync(size: 3, proxy: Console + "server_lifetime = 0\nmin_pool_size = 2");
        await using RawClient console = await proxy.LoginAsync("boss", "pgbouncer");
        await using RawClient other = await proxy.LoginAsync("boss", "pgbouncer");
        await using RawClient client = await proxy.LoginAsync("a", "app");
        await client.QueryAsync("begin");
        await console.Query("PAUSE app").SendAsync();
        await WaitFor.TrueAsync(async () => (await other.RowAsync("SHOW DATABASES", "name", "app"))["paused"] == "1");
        await client.QueryAsync("commit");
        Assert.Equal(["CommandComplete", "ReadyForQuery"], (await console.ReadUntilAsync("ReadyForQuery")).Select(message => message.Name));
        Assert.Empty(await PidsAsync(console));

        // It waits, and neither that nor min_pool_size opens anything.
        await client.SendQueryAsync("select 'served'");
        await WaitFor.TrueAsync(async () => (await console.RowAsync("SHOW POOLS", "database", "app"))["cl_waiting"] == "1");
        Assert.Empty(await PidsAsync(console));
        await console.QueryAsync("RESUME app");
        Assert.Equal(["served"], (await client.ReadUntilAsync("ReadyForQuery")).Rows());
        await WaitFor.TrueAsync(async () => (await PidsAsync(console)).Length == 2);
    }

    [Fact]
    public async Task DISABLE_keeps_newcomers_out_and_serves_who_is_there()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync(size: 3, proxy: Console + "server_lifetime = 0\nmin_pool_size = 2");
        await using RawClient console = await proxy.LoginAsync("boss", "pgbouncer");
        await using RawClient client = await proxy.LoginAsync("a", "app");
        await console.QueryAsync("DISABLE app");
        await using RawClient late = await proxy.ConnectAsync();
        Assert.NotNull((await late.TryLoginAsync("b", "app")).Error);
        int first = await client.ServerIdAsync();
        Assert.NotEqual(first, await client.ServerIdAsync());
        await WaitFor.TrueAsync(async () => (await PidsAsync(console)).Length == 2);
    }

    private static async Task<string[]> PidsAsync(RawClient console) => [.. (await console.RowsAsync("SHOW SERVERS")).Where(row => row["remote_pid"] != "0").Select(row => row["remote_pid"]!)];
}
