using PoolProxy.Core;
using PoolProxy.IntegrationTests.Admin;
using PoolProxy.Testing;
using PoolProxy.Testing.Proxy;
using Xunit;

namespace PoolProxy.IntegrationTests.Hosting;

/// <summary>One proxy takes the listening sockets over from another (-R): nobody who comes, and nobody who is there, is lost.</summary>
public sealed class HandOverTests(PoolScene scene) : IClassFixture<PoolScene>
{
    private static readonly StartOptions TakesOver = new() { IsQuiet = true, TakesOver = true };

    [Fact]
    public async Task No_connection_and_no_transaction_fails_while_one_proxy_follows_another()
    {
        await using ProxyUnderTest first = await StartAsync();
        var load = new RestartLoad(first.Port, first.Place.Folder);
        ProxyServer serving = first.Server;
        try
        {
            load.Start();
            for (int restart = 0; restart < 3; restart++)
            {
                await load.SeeMoreAsync(connections: 30, transactions: 60);
                ProxyServer next = await ProxyServer.StartAsync(first.ConfigurationFile, TakesOver);

                // The old one goes by itself, when those who were there have left.
                await serving.Completion.WaitAsync(Deadlines.Step);
                await serving.DisposeAsync();
                serving = next;
            }

            await load.SeeMoreAsync(connections: 30, transactions: 60);
        }
        finally
        {
            await load.StopAsync();
            await serving.DisposeAsync();
        }

        Assert.Empty(load.Failures);
        Assert.False(File.Exists(first.Place.File($".s.PGSQL.{first.Port}")));
    }

    [Fact]
    public async Task Who_is_there_stays_with_the_old_proxy_and_newcomers_are_the_new_ones()
    {
        await using ProxyUnderTest old = await StartAsync();
        await using RawClient there = await old.LoginAsync("a", "app");
        await there.QueryAsync("begin");
        await using ProxyServer next = await ProxyServer.StartAsync(old.ConfigurationFile, TakesOver);
        await using RawClient newcomer = await old.LoginAsync("b", "app");
        await using RawClient console = await OwnConsoleAsync(old);

        Assert.Equal("b", Assert.Single(await console.RowsAsync("SHOW CLIENTS"), row => row["database"] == "app")["user"]);
        Assert.Equal("1", await there.ScalarAsync("select 1"));
        Assert.Equal('I', (await there.QueryAsync("commit")).Status());
        Assert.False(old.Server.Completion.IsCompleted);
        await there.DisposeAsync();
        await old.Server.Completion.WaitAsync(Deadlines.Step);
        Assert.Equal("1", await newcomer.ScalarAsync("select 1"));
    }

    [Fact]
    public async Task A_successor_that_fails_leaves_everything_as_it_was()
    {
        await using ProxyUnderTest old = await StartAsync();
        string other = Path.Combine(old.Place.Folder, "other.toml");

        // It takes the sockets, and then there is one that it cannot have.
        await File.WriteAllTextAsync(other, (await File.ReadAllTextAsync(old.ConfigurationFile)).Replace("\"127.0.0.1\"", "\"127.0.0.1, 192.0.2.1\"", StringComparison.Ordinal));
        await Assert.ThrowsAsync<ProxyFaultException>(() => ProxyServer.StartAsync(other, TakesOver));
        await using RawClient byTcp = await old.LoginAsync("a", "app");
        await using RawClient byUnix = await (await RawClient.ConnectUnixAsync(old.Place.Folder, old.Port)).LoginAsync("a", "app");
        Assert.Equal("1", await byTcp.ScalarAsync("select 1"));
        Assert.Equal("1", await byUnix.ScalarAsync("select 1"));
    }

    [Fact]
    public async Task Where_no_proxy_runs_it_starts_as_ever()
    {
        await using ProxyUnderTest gone = await StartAsync();
        await gone.Server.DisposeAsync();
        await using ProxyServer next = await ProxyServer.StartAsync(gone.ConfigurationFile, TakesOver);
        await using RawClient client = await gone.LoginAsync("a", "app");
        Assert.Equal("1", await client.ScalarAsync("select 1"));
    }

    [Fact]
    public async Task The_proxys_own_account_is_let_into_the_console_on_the_Unix_socket_and_nowhere_else()
    {
        await using ProxyUnderTest proxy = await StartAsync();
        await using RawClient console = await OwnConsoleAsync(proxy);
        Assert.Equal(["127.0.0.1", "unix"], (await console.RowsAsync("SHOW FDS")).Select(row => row["addr"]));
        await using RawClient byTcp = await proxy.ConnectAsync();
        Assert.NotNull((await byTcp.TryLoginAsync("pgbouncer", "pgbouncer")).Error);
        await using RawClient another = await RawClient.ConnectUnixAsync(proxy.Place.Folder, proxy.Port);
        Assert.NotNull((await another.TryLoginAsync("somebody", "pgbouncer")).Error);
    }

    [Fact]
    public async Task A_shutdown_by_somebody_else_is_no_hand_over()
    {
        await using ProxyUnderTest proxy = await StartAsync();
        await using RawClient client = await proxy.LoginAsync("a", "app");
        await using RawClient looker = await OwnConsoleAsync(proxy);
        await looker.RowsAsync("SHOW FDS");
        await using RawClient other = await OwnConsoleAsync(proxy);
        await other.SendQueryAsync("SHUTDOWN");
        await proxy.Server.Completion.WaitAsync(Deadlines.Step);
        Assert.Equal("57P01", (await client.ReadToEndAsync()).SqlState());
    }

    [Theory]
    [InlineData("SHUTDOWN")]
    [InlineData("SHUTDOWN WAIT_FOR_CLIENTS")]
    public async Task As_PgBouncers_successors_ask_the_clients_stay_and_the_console_ends(string shutdown)
    {
        await using ProxyUnderTest proxy = await StartAsync();
        await using RawClient client = await proxy.LoginAsync("a", "app");
        await using RawClient successor = await OwnConsoleAsync(proxy);
        await successor.QueryAsync("SUSPEND");
        await successor.RowsAsync("SHOW FDS");
        await successor.SendQueryAsync(shutdown);
        await successor.Stream.ReadToEndAsync();
        Assert.Equal("1", await client.ScalarAsync("select 1"));
        await client.DisposeAsync();
        await proxy.Server.Completion.WaitAsync(Deadlines.Step);

        // The file belongs to whoever has the socket now.
        Assert.True(File.Exists(proxy.Place.File($".s.PGSQL.{proxy.Port}")));
    }

    private static async Task<RawClient> OwnConsoleAsync(ProxyUnderTest proxy) =>
        await (await RawClient.ConnectUnixAsync(proxy.Place.Folder, proxy.Port)).LoginAsync("pgbouncer", "pgbouncer");

    private Task<ProxyUnderTest> StartAsync() => ProxyUnderTest.StartAsync(
        place => PoolScene.Text(place.Port, scene.Database.Cluster.Port, scene.Database.Name, size: 4, proxy: $"unix_socket_dir = \"{place.Folder}\""));
}
