using PoolProxy.IntegrationTests.Admin;
using PoolProxy.Testing;
using Xunit;

namespace PoolProxy.IntegrationTests.Loops;

/// <summary>Every limit is one over all loops.</summary>
public sealed class LoopLimitTests
{
    [Fact]
    public async Task The_pool_size_is_never_exceeded_with_clients_on_both_loops()
    {
        await using LoopPlace place = await LoopPlace.StartAsync(size: 3);
        var clients = new List<RawClient>();
        for (int i = 0; i < 12; i++)
        {
            clients.Add(await place.ClientAsync(i % LoopPlace.Loops));
        }
        Task load = Task.WhenAll(clients.Select(client => Task.Run(async () =>
        {
            for (int turn = 0; turn < 300; turn++)
            {
                Assert.Equal("", (await client.QueryAsync("select pg_sleep(0.0005)")).SqlState());
            }
        })));
        int most = 0;
        while (!load.IsCompleted)
        {
            most = Math.Max(most, await place.ServersAsync());
        }
        await load;
        Assert.Equal(3, most);
        Assert.True(await place.OfLoopAsync(0, "moved_in") > 0 && await place.OfLoopAsync(1, "moved_in") > 0);
        foreach (RawClient client in clients)
        {
            await client.DisposeAsync();
        }
    }

    [Fact]
    public async Task Min_pool_size_is_met_once()
    {
        await using LoopPlace place = await LoopPlace.StartAsync(size: 8, proxy: "min_pool_size = 3");
        await using RawClient first = await place.ClientAsync(0);
        await using RawClient second = await place.ClientAsync(1);
        await WaitFor.EqualAsync(3, place.ServersAsync);
        await first.QueryAsync("select 1");
        await second.QueryAsync("select 1");
        Assert.Equal(3, await place.ServersAsync());
    }

    [Theory]
    [InlineData("max_db_connections = 2")]
    [InlineData("max_user_connections = 2")]
    public async Task A_limit_over_pools_holds_over_loops(string limit)
    {
        await using LoopPlace place = await LoopPlace.StartAsync(size: 5, proxy: limit);
        await using RawClient first = await place.InTransactionAsync(0);
        await using RawClient second = await place.InTransactionAsync(1);
        await using RawClient third = await place.ClientAsync(0);
        await third.SendQueryAsync("select 'third'");
        await place.WaitingAsync(1);
        Assert.Equal(2, await place.ServersAsync());
        await second.QueryAsync("commit");
        Assert.Equal(["third"], (await third.ReadUntilAsync("ReadyForQuery")).Rows());
        Assert.Equal(2, await place.ServersAsync());
    }

    [Fact]
    public async Task A_free_server_of_another_database_and_loop_makes_room_for_who_waits()
    {
        await using LoopPlace place = await LoopPlace.StartAsync(size: 2, proxy: "max_user_connections = 1");
        string text = LoopPlace.Text(place.Proxy.Place, place.Database, 2, "max_user_connections = 1", rest: $"""
            [databases.other]
            host = "127.0.0.1"
            port = {place.Database.Cluster.Port}
            dbname = "{place.Database.Name}"
            user = "{place.Login}"
            """);
        await File.WriteAllTextAsync(place.Proxy.ConfigurationFile, text);
        Assert.Equal("", (await place.Console.QueryAsync("RELOAD")).SqlState());
        await using RawClient first = await place.ClientAsync(0);
        await using RawClient second = await place.ConnectAsync(1, client => client.LoginAsync("bob", "other"));
        for (int turn = 0; turn < 10; turn++)
        {
            Assert.Equal("1", await first.ScalarAsync("select 1"));
            Assert.Equal("2", await second.ScalarAsync("select 2"));

            // The proxy's own count: PostgreSQL takes a moment to let go of a connection that was closed.
            Assert.Equal("1", (await place.Console.RowAsync("SHOW USERS", "name", place.Login))["current_connections"]);
        }
    }

    [Theory]
    [InlineData("max_user_client_connections = 5")]
    [InlineData("max_db_client_connections = 5")]
    public async Task Clients_that_come_at_once_on_both_loops_share_the_places(string limit)
    {
        await using LoopPlace place = await LoopPlace.StartAsync(proxy: limit);
        await using (RawClient first = await place.ClientAsync(0))
        {
            await first.QueryAsync("select 1");
        }
        await WaitFor.EqualAsync(1, async () => (await place.Console.RowsAsync("SHOW CLIENTS")).Count);
        RawClient[] clients = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => place.ConnectNextAsync()));
        RawLogin[] logins = await Task.WhenAll(clients.Select(client => client.TryLoginAsync("alice", "app")));
        Assert.Equal(5, logins.Count(login => login.Error is null));
        foreach (RawClient client in clients)
        {
            await client.DisposeAsync();
        }
    }
}
