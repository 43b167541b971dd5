using PoolProxy.IntegrationTests.Admin;
using PoolProxy.Testing;
using Xunit;

namespace PoolProxy.IntegrationTests.Loops;

/// <summary>Servers go from loop to loop, to whoever has waited for longest.</summary>
public sealed class HandOverTests
{
    [Fact]
    public async Task A_server_that_comes_free_on_one_loop_serves_a_waiter_of_the_other()
    {
        await using LoopPlace place = await LoopPlace.StartAsync();
        await using RawClient holder = await place.InTransactionAsync(0);
        int server = await holder.ServerIdAsync();
        await using RawClient waiter = await place.ClientAsync(1);
        await waiter.SendQueryAsync("select pg_backend_pid()");
        await place.WaitingAsync(1);
        await holder.QueryAsync("commit");
        Assert.Equal([$"{server}"], (await waiter.ReadUntilAsync("ReadyForQuery")).Rows());
        Assert.Equal("1", (await place.Console.RowAsync("SHOW SERVERS", "remote_pid", $"{server}"))["loop"]);
        Assert.Equal(1, await place.OfLoopAsync(1, "moved_in"));
        Assert.Equal(0, await place.OfLoopAsync(0, "moved_in"));
    }

    [Fact]
    public async Task A_free_server_of_the_other_loop_is_taken_before_another_is_opened()
    {
        await using LoopPlace place = await LoopPlace.StartAsync(size: 5);
        await using RawClient first = await place.ClientAsync(0);
        await using RawClient second = await place.ClientAsync(1);
        int server = await first.ServerIdAsync();
        for (int turn = 0; turn < 20; turn++)
        {
            // An answer reaches its client a moment before the server is let go, and here somebody else could already ask on the other loop.
            await WaitFor.EqualAsync("1", async () => (await place.PoolAsync())["sv_idle"]);
            Assert.Equal(server, await (turn % 2 == 0 ? second : first).ServerIdAsync());
        }
        Assert.Equal(1, await place.ServersAsync());
    }

    [Fact]
    public async Task Waiters_are_served_in_the_order_in_which_they_came_whatever_loop_they_are_on()
    {
        await using LoopPlace place = await LoopPlace.StartAsync();
        await place.Database.ExecuteAsync("create table arrivals(id int generated always as identity, who int)");
        await using RawClient holder = await place.InTransactionAsync(0);
        int[] loops = [1, 0, 0, 1, 1, 0, 1, 0];
        var waiters = new List<RawClient>();
        foreach (int loop in loops)
        {
            RawClient waiter = await place.ClientAsync(loop);
            waiters.Add(waiter);
            await waiter.SendQueryAsync($"insert into arrivals(who) values ({waiters.Count})");
            await place.WaitingAsync(waiters.Count);
        }
        await holder.QueryAsync("commit");
        foreach (RawClient waiter in waiters)
        {
            await waiter.ReadUntilAsync("ReadyForQuery");
            await waiter.DisposeAsync();
        }
        Assert.Equal("1,2,3,4,5,6,7,8", await place.Database.QueryAsync<string>("select string_agg(who::text, ',' order by id) from arrivals"));
    }

    [Fact]
    public async Task A_waiter_that_leaves_while_its_server_comes_leaves_it_to_the_next()
    {
        await using LoopPlace place = await LoopPlace.StartAsync();
        await using RawClient holder = await place.ClientAsync(0);
        await using RawClient next = await place.ClientAsync(0);
        for (int turn = 0; turn < 60; turn++)
        {
            await holder.QueryAsync("begin");
            RawClient leaver = await place.ClientAsync(1);
            await leaver.SendQueryAsync("select 1");
            await place.WaitingAsync(1);
            await next.SendQueryAsync("select 'served'");
            await place.WaitingAsync(2);

            // Both ends of the race: sometimes it is gone before the server is let go, sometimes after.
            if (turn % 2 == 0)
            {
                await holder.SendQueryAsync("commit");
                await leaver.DisposeAsync();
            }
            else
            {
                await leaver.DisposeAsync();
                await holder.SendQueryAsync("commit");
            }
            await holder.ReadUntilAsync("ReadyForQuery");
            Assert.Equal(["served"], (await next.ReadUntilAsync("ReadyForQuery")).Rows());
        }
        Assert.Equal(1, await place.ServersAsync());
        await WaitFor.EqualAsync(("0", "1"), async () => await place.PoolAsync() is var pool ? (pool["sv_active"], pool["sv_idle"]) : default);
    }

    [Fact]
    public async Task A_waiter_whose_time_is_over_is_told_on_its_own_loop()
    {
        await using LoopPlace place = await LoopPlace.StartAsync(proxy: "query_wait_timeout = \"200ms\"");
        await using RawClient holder = await place.InTransactionAsync(0);
        await using RawClient waiter = await place.ClientAsync(1);
        await waiter.SendQueryAsync("select 1");
        Assert.Equal("query_wait_timeout", (await waiter.ReadToEndAsync()).ErrorText());
        Assert.Equal('I', (await holder.QueryAsync("commit")).Status());
    }

    [Fact]
    public async Task The_reserve_helps_a_client_of_any_loop()
    {
        await using LoopPlace place = await LoopPlace.StartAsync(proxy: "reserve_pool_size = 1\nreserve_pool_timeout = \"100ms\"");
        await using RawClient first = await place.InTransactionAsync(0);
        await using RawClient second = await place.InTransactionAsync(1);
        Assert.NotEqual(await first.ServerIdAsync(), await second.ServerIdAsync());
    }

    [Fact]
    public async Task A_server_keeps_its_copies_of_statements_on_the_way()
    {
        await using LoopPlace place = await LoopPlace.StartAsync();
        await using RawClient first = await place.ClientAsync(0);
        await using RawClient second = await place.ClientAsync(1);
        await first.Parse("one", "select 'prepared'").Sync().RoundTripAsync();
        await second.Parse("two", "select 'prepared'").Sync().RoundTripAsync();
        for (int turn = 0; turn < 10; turn++)
        {
            Assert.Equal(["prepared"], (await first.Bind("", "one").Execute().Sync().RoundTripAsync()).Rows());
            Assert.Equal(["prepared"], (await second.Bind("", "two").Execute().Sync().RoundTripAsync()).Rows());
        }
        Assert.Equal("1", await second.ScalarAsync("select count(*) from pg_prepared_statements where name like 'poolproxy\\_%'"));
        Assert.True(await place.OfLoopAsync(0, "moved_in") >= 10 && await place.OfLoopAsync(1, "moved_in") >= 10);
    }

    [Fact]
    public async Task Clients_parameters_follow_them_and_not_the_server()
    {
        await using LoopPlace place = await LoopPlace.StartAsync();
        await using RawClient first = await place.ClientAsync(0);
        await using RawClient second = await place.ClientAsync(1);
        await first.QueryAsync("set timezone = 'Asia/Tokyo'");
        await second.QueryAsync("set datestyle = 'German'");
        for (int turn = 0; turn < 10; turn++)
        {
            Assert.Equal("Asia/Tokyo", await first.ScalarAsync("show timezone"));
            Assert.Equal("German, DMY", await second.ScalarAsync("show datestyle"));
            Assert.NotEqual("Asia/Tokyo", await second.ScalarAsync("show timezone"));
            Assert.NotEqual("German, DMY", await first.ScalarAsync("show datestyle"));
        }
    }

    [Fact]
    public async Task Servers_that_die_on_the_way_are_replaced_and_nobody_waits_for_ever()
    {
        await using LoopPlace place = await LoopPlace.StartAsync(size: 2, proxy: "server_login_retry = \"50ms\"");
        using var over = new CancellationTokenSource();
        var clients = new Task[8];
        var opened = new List<RawClient>();
        for (int i = 0; i < clients.Length; i++)
        {
            // A client whose parameters have never been tried is ended when the server dies over them.
            opened.Add(await place.ClientAsync(i % LoopPlace.Loops));
            await opened[^1].QueryAsync("select 1");
        }
        int served = 0;
        for (int i = 0; i < clients.Length; i++)
        {
            RawClient client = opened[i];
            clients[i] = Task.Run(async () =>
            {
                while (!over.IsCancellationRequested)
                {
                    // A lost server is an error in the answer's place; the client stays.
                    if ((await client.QueryAsync("select 1")).SqlState().Length == 0)
                    {
                        Interlocked.Increment(ref served);
                    }
                }
            });
        }
        for (int turn = 0; turn < 30; turn++)
        {
            int before = Volatile.Read(ref served);
            await place.Database.ExecuteAsync($"select pg_terminate_backend(pid) from pg_stat_activity where usename = '{place.Login}'");
            await WaitFor.TrueAsync(() => Volatile.Read(ref served) > before + 50);
            // A server that has said goodbye may be listed for a moment longer than it is counted.
            await WaitFor.TrueAsync(async () => await place.ServersAsync() <= 2);
        }
        await over.CancelAsync();
        await Task.WhenAll(clients);
        foreach (RawClient client in opened)
        {
            Assert.Equal("1", await client.ScalarAsync("select 1"));
            await client.DisposeAsync();
        }
        Assert.Equal("0", (await place.Console.RowAsync("SHOW STATE", "key", "loop_faults"))["value"]);
    }
}
