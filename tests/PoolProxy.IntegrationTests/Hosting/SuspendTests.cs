using PoolProxy.IntegrationTests.Admin;
using PoolProxy.Testing;
using PoolProxy.Testing.Proxy;
using Xunit;

namespace PoolProxy.IntegrationTests.Hosting;

/// <summary>SUSPEND and its end.</summary>
public sealed class SuspendTests(PoolScene scene) : IClassFixture<PoolScene>
{
    [Fact]
    public async Task Nothing_moves_until_RESUME_and_nothing_is_lost()
    {
        await using ProxyUnderTest proxy = await StartAsync();
        await using RawClient idle = await proxy.LoginAsync("a", "app");
        await using RawClient busy = await proxy.LoginAsync("b", "app");
        await busy.QueryAsync("begin");
        await using RawClient console = await ConsoleAsync(proxy);
        Assert.Equal("CommandComplete ReadyForQuery", (await console.QueryAsync("SUSPEND")).Names());
        Assert.Equal("yes", (await console.RowAsync("SHOW STATE", "key", "suspended"))["value"]);
        await idle.SendQueryAsync("select 'idle'");
        await busy.SendQueryAsync("select 'busy'");
        Task<RawClient> newcomer = proxy.LoginAsync("c", "app");

        // A console that is there answers, so that all loops have turned since.
        Assert.Equal("55000", (await console.QueryAsync("SUSPEND")).SqlState());
        Assert.Equal("55000", (await console.QueryAsync("PAUSE")).SqlState());
        Assert.False(newcomer.IsCompleted);
        Assert.Equal(0, idle.Stream.Socket.Available + busy.Stream.Socket.Available);

        await console.QueryAsync("RESUME");
        Assert.Equal(["idle"], (await idle.ReadUntilAsync("ReadyForQuery")).Rows());
        Assert.Equal(["busy"], (await busy.ReadUntilAsync("ReadyForQuery")).Rows());
        await using RawClient late = await newcomer;
        Assert.Equal("1", await late.ScalarAsync("select 1"));
        Assert.Equal("no", (await console.RowAsync("SHOW STATE", "key", "suspended"))["value"]);
        Assert.Equal("55000", (await console.QueryAsync("RESUME")).SqlState());
    }

    [Fact]
    public async Task The_end_of_the_console_that_asked_is_a_RESUME()
    {
        await using ProxyUnderTest proxy = await StartAsync();
        await using RawClient client = await proxy.LoginAsync("a", "app");
        await using (RawClient console = await ConsoleAsync(proxy))
        {
            await console.QueryAsync("SUSPEND");
            await client.SendQueryAsync("select 1");
        }

        Assert.Equal(["1"], (await client.ReadUntilAsync("ReadyForQuery")).Rows());
        await using RawClient newcomer = await proxy.LoginAsync("b", "app");
        Assert.Equal("1", await newcomer.ScalarAsync("select 1"));
    }

    [Fact]
    public async Task Who_does_not_take_what_was_sent_is_closed_after_suspend_timeout()
    {
        await using ProxyUnderTest proxy = await StartAsync("suspend_timeout = 1");
        await using RawClient reading = await proxy.LoginAsync("a", "app");
        await using RawClient deaf = await proxy.LoginAsync("b", "app");
        await deaf.SendQueryAsync("select repeat('x', 1000000) from generate_series(1, 40)");
        await using RawClient console = await ConsoleAsync(proxy);
        await WaitFor.TrueAsync(async () => (await console.RowsAsync("SHOW SOCKETS")).Any(row => row["user"] == "b" && row["send_avail"] != "0"));
        Assert.Equal("", (await console.QueryAsync("SUSPEND")).SqlState());
        Assert.DoesNotContain(await console.RowsAsync("SHOW CLIENTS"), row => row["user"] == "b");
        await console.QueryAsync("RESUME");
        Assert.Equal("1", await reading.ScalarAsync("select 1"));
    }

    [Fact]
    public async Task It_is_refused_while_a_database_is_paused()
    {
        await using ProxyUnderTest proxy = await StartAsync();
        await using RawClient console = await ConsoleAsync(proxy);
        await console.QueryAsync("PAUSE app");
        Assert.Equal("cannot suspend with paused databases", (await console.QueryAsync("SUSPEND")).ErrorText());
    }

    private static async Task<RawClient> ConsoleAsync(ProxyUnderTest proxy) =>
        await (await RawClient.ConnectUnixAsync(proxy.Place.Folder, proxy.Port)).LoginAsync("pgbouncer", "pgbouncer");

    private Task<ProxyUnderTest> StartAsync(string more = "") => ProxyUnderTest.StartAsync(
        place => PoolScene.Text(place.Port, scene.Database.Cluster.Port, scene.Database.Name, size: 4, proxy: $"unix_socket_dir = \"{place.Folder}\"\n{more}"));
}
