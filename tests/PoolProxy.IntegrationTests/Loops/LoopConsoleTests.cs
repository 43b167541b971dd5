using PoolProxy.IntegrationTests.Admin;
using PoolProxy.Testing;
using PoolProxy.Testing.Wire;
using Xunit;

namespace PoolProxy.IntegrationTests.Loops;

/// <summary>The console, cancels, reloads and the shutdown reach every loop.</summary>
public sealed class LoopConsoleTests
{
    [Fact]
    public async Task SHOW_tells_the_loop_behind_PgBouncers_columns_and_STATE_their_number()
    {
        await using LoopPlace place = await LoopPlace.StartAsync(size: 2);
        await using RawClient first = await place.InTransactionAsync(0);
        await using RawClient second = await place.InTransactionAsync(1);
        foreach (string list in new[] { "SHOW CLIENTS", "SHOW SERVERS", "SHOW SOCKETS" })
        {
            List<Dictionary<string, string?>> rows = await place.Console.RowsAsync(list);
            Assert.All(rows, row => Assert.Equal(list == "SHOW CLIENTS" ? "loop pinned channels" : "loop", string.Join(' ', row.Keys.Skip(row.Keys.ToList().IndexOf("loop")))));
            Assert.Equal(["0", "1"], rows.Select(row => row["loop"]).Distinct().Order());
        }
        List<Dictionary<string, string?>> servers = await place.Console.RowsAsync("SHOW SERVERS");
        Assert.Equal(2, servers.Select(row => row["ptr"]).Distinct().Count());
        Assert.All(servers, row => Assert.NotEqual("", row["link"]));
        Assert.Equal("2", (await place.Console.RowAsync("SHOW STATE", "key", "threads"))["value"]);
        Dictionary<string, string?> pool = await place.PoolAsync();
        Assert.Equal(("2", "2"), (pool["cl_active"], pool["sv_active"]));
        Assert.Equal("2", (await place.Console.RowAsync("SHOW LISTS", "list", "used_servers"))["items"]);
    }

    [Fact]
    public async Task Statistics_are_the_sum_of_what_the_loops_did()
    {
        await using LoopPlace place = await LoopPlace.StartAsync();
        await using RawClient first = await place.ClientAsync(0);
        await using RawClient second = await place.ClientAsync(1);
        for (int turn = 0; turn < 7; turn++)
        {
            await first.QueryAsync("select 1");
            await second.QueryAsync("select 1");
        }
        Dictionary<string, string?> row = await place.Console.RowAsync("SHOW STATS_TOTALS", "database", "app");
        Assert.Equal(("14", "14", "2"), (row["xact_count"], row["query_count"], row["client_login_count"]));
        Assert.Equal((7, 7), (await place.OfLoopAsync(0, "xact_count"), await place.OfLoopAsync(1, "xact_count")));
    }

    [Fact]
    public async Task SHOW_LOOPS_counts_system_calls_and_io_uring_makes_fewer_than_there_are_reads_and_writes()
    {
        const int Transactions = 200;
        const int ReadsAndWritesEach = 4;
        await using LoopPlace place = await LoopPlace.StartAsync();
        await using RawClient client = await place.ClientAsync(1);
        await client.QueryAsync("select 1");
        long before = await place.OfLoopAsync(1, "io_calls");
        for (int turn = 0; turn < Transactions; turn++)
        {
            await client.QueryAsync("select 1");
        }
        long calls = await place.OfLoopAsync(1, "io_calls") - before;
        string? engine = (await place.Console.RowAsync("SHOW STATE", "key", "io_engine"))["value"];
        Assert.InRange(calls, engine == "epoll" ? Transactions * ReadsAndWritesEach : 1, engine == "epoll" ? long.MaxValue : Transactions * ReadsAndWritesEach);
    }

    [Fact]
    public async Task KILL_ends_the_clients_and_servers_of_every_loop()
    {
        await using LoopPlace place = await LoopPlace.StartAsync(size: 2);
        await using RawClient busy = await place.InTransactionAsync(0);
        await using RawClient other = await place.InTransactionAsync(1);
        await using RawClient idle = await place.ClientAsync(1);
        await using RawClient waiter = await place.ClientAsync(0);
        await waiter.SendQueryAsync("select 1");
        await place.WaitingAsync(1);
        Assert.Equal("", (await place.Console.QueryAsync("KILL app")).SqlState());
        foreach (RawClient client in new[] { busy, other, idle, waiter })
        {
            Assert.Equal("57P01", (await client.ReadToEndAsync()).SqlState());
        }
        await WaitFor.EqualAsync(0, place.ServersAsync);
        await place.Console.QueryAsync("RESUME app");
        await using RawClient next = await place.ClientAsync(1);
        Assert.Equal("1", await next.ScalarAsync("select 1"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task KILL_CLIENT_finds_its_client_on_any_loop(int loop)
    {
        await using LoopPlace place = await LoopPlace.StartAsync();
        await using RawClient client = await place.ClientAsync(loop, "victim");
        string? id = (await place.Console.RowAsync("SHOW CLIENTS", "user", "victim"))["id"];
        Assert.Equal("", (await place.Console.QueryAsync($"KILL_CLIENT {id}")).SqlState());
        Assert.Equal("57P01", (await client.ReadToEndAsync()).SqlState());
    }

    [Fact]
    public async Task PAUSE_waits_for_the_transactions_of_every_loop_and_RESUME_wakes_all_waiters()
    {
        await using LoopPlace place = await LoopPlace.StartAsync(size: 2);
        await using RawClient first = await place.InTransactionAsync(0);
        await using RawClient second = await place.InTransactionAsync(1);
        await using RawClient admin = await place.ConnectAsync(1, client => client.LoginAsync("boss", "pgbouncer"));
        await admin.SendQueryAsync("PAUSE app");
        await WaitFor.EqualAsync("1", async () => (await place.Console.RowAsync("SHOW DATABASES", "name", "app"))["paused"]);
        await first.QueryAsync("commit");
        // PostgreSQL's processes end some time after their connections.
        await WaitFor.EqualAsync(1, place.ServersAsync);
        await second.QueryAsync("commit");
        Assert.Equal("", (await admin.ReadUntilAsync("ReadyForQuery")).SqlState());
        await WaitFor.EqualAsync(0, place.ServersAsync);
        await first.SendQueryAsync("select 'first'");
        await second.SendQueryAsync("select 'second'");
        await place.WaitingAsync(2);
        await place.Console.QueryAsync("RESUME app");
        Assert.Equal(["first"], (await first.ReadUntilAsync("ReadyForQuery")).Rows());
        Assert.Equal(["second"], (await second.ReadUntilAsync("ReadyForQuery")).Rows());
    }

    [Fact]
    public async Task RECONNECT_replaces_the_servers_of_every_loop_and_WAIT_CLOSE_waits_for_the_last()
    {
        await using LoopPlace place = await LoopPlace.StartAsync(size: 3);
        await using RawClient first = await place.InTransactionAsync(0);
        await using RawClient second = await place.InTransactionAsync(1);
        int[] old = [await first.ServerIdAsync(), await second.ServerIdAsync()];
        await place.Console.QueryAsync("RECONNECT app");
        await using RawClient admin = await place.ConnectAsync(1, client => client.LoginAsync("boss", "pgbouncer"));
        await admin.SendQueryAsync("WAIT_CLOSE app");
        await first.QueryAsync("commit");
        Assert.DoesNotContain(await first.ServerIdAsync(), old);
        Assert.Equal(0, admin.Stream.Socket.Available);
        await second.QueryAsync("commit");
        Assert.Equal("", (await admin.ReadUntilAsync("ReadyForQuery")).SqlState());
        Assert.DoesNotContain(await second.ServerIdAsync(), old);
    }

    [Fact]
    public async Task RECONNECT_under_load_leaves_no_old_server_even_of_those_on_their_way()
    {
        await using LoopPlace place = await LoopPlace.StartAsync(size: 2);
        var clients = new List<RawClient>();
        for (int i = 0; i < 6; i++)
        {
            clients.Add(await place.ClientAsync(i % LoopPlace.Loops));
        }
        using var over = new CancellationTokenSource();
        Task load = Task.WhenAll(clients.Select(client => Task.Run(async () =>
        {
            while (!over.IsCancellationRequested)
            {
                Assert.Equal("", (await client.QueryAsync("select 1")).SqlState());
            }
        })));
        for (int turn = 0; turn < 20; turn++)
        {
            string? oldest = await place.Database.QueryAsync<string>("select clock_timestamp()::text");
            await place.Console.QueryAsync("RECONNECT app");
            await place.Console.QueryAsync("WAIT_CLOSE app");

            // PostgreSQL takes a moment to notice that a connection was closed.
            await WaitFor.EqualAsync(0, () => place.Database.QueryAsync<int>($"select count(*)::int from pg_stat_activity where usename = '{place.Login}' and backend_start < '{oldest}'"));
        }
        await over.CancelAsync();
        await load;
        foreach (RawClient client in clients)
        {
            await client.DisposeAsync();
        }
    }

    [Fact]
    public async Task RELOAD_reaches_the_clients_of_every_loop_and_says_that_threads_need_a_restart()
    {
        await using LoopPlace place = await LoopPlace.StartAsync();
        await using RawClient first = await place.ClientAsync(0);
        await using RawClient second = await place.ClientAsync(1);
        string text = LoopPlace.Text(place.Proxy.Place, place.Database, 1, "client_idle_timeout = \"100ms\"").Replace("threads = 2", "threads = 3", StringComparison.Ordinal);
        await File.WriteAllTextAsync(place.Proxy.ConfigurationFile, text);
        Assert.Equal("", (await place.Console.QueryAsync("RELOAD")).SqlState());
        Assert.Equal("client_idle_timeout", (await first.ReadToEndAsync()).ErrorText());
        Assert.Equal("client_idle_timeout", (await second.ReadToEndAsync()).ErrorText());
        await WaitFor.TrueAsync(async () => (await File.ReadAllTextAsync(place.Proxy.Place.File("proxy.log"))).Contains("threads", StringComparison.Ordinal));
        Assert.Equal("2", (await place.Console.RowAsync("SHOW STATE", "key", "threads"))["value"]);
    }

    [Fact]
    public async Task RELOAD_that_takes_the_database_away_ends_the_clients_of_every_loop()
    {
        await using LoopPlace place = await LoopPlace.StartAsync();
        await using RawClient first = await place.ClientAsync(0);
        await using RawClient second = await place.ClientAsync(1);
        await first.QueryAsync("select 1");
        string text = LoopPlace.Text(place.Proxy.Place, place.Database, 1).Replace("[databases.app]", "[databases.elsewhere]", StringComparison.Ordinal);
        await File.WriteAllTextAsync(place.Proxy.ConfigurationFile, text);
        await place.Console.QueryAsync("RELOAD");
        Assert.NotEqual("", (await first.ReadToEndAsync()).SqlState());
        Assert.NotEqual("", (await second.ReadToEndAsync()).SqlState());
        await WaitFor.EqualAsync(0, place.ServersAsync);
    }

    [Fact]
    public async Task SHUTDOWN_WAIT_FOR_SERVERS_lets_the_transactions_of_every_loop_end()
    {
        await using LoopPlace place = await LoopPlace.StartAsync(size: 2);
        await using RawClient first = await place.InTransactionAsync(0);
        await using RawClient second = await place.InTransactionAsync(1);
        await using RawClient idle = await place.ClientAsync(1);
        await place.Console.QueryAsync("SHUTDOWN WAIT_FOR_SERVERS");
        Assert.Equal("57P01", (await idle.ReadToEndAsync()).SqlState());
        foreach (RawClient client in new[] { first, second })
        {
            IReadOnlyList<WireMessage> answer = await client.QueryAsync("commit");
            Assert.Equal('I', answer.Status());
            Assert.Equal("57P01", (await client.ReadToEndAsync()).SqlState());
        }
        Assert.Equal("57P01", (await place.Console.ReadToEndAsync()).SqlState());
        await WaitFor.EqualAsync(0, place.ServersAsync);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    [InlineData(1, 1)]
    public async Task A_cancel_that_comes_in_on_any_loop_reaches_its_client(int home, int away)
    {
        await using LoopPlace place = await LoopPlace.StartAsync();
        await using RawClient client = await place.ClientAsync(home);
        await client.SendQueryAsync("select pg_sleep(60) /* to be cancelled */");
        await WaitFor.TrueAsync(async () => await place.Database.QueryAsync<int>(
            $"select count(*)::int from pg_stat_activity where state = 'active' and usename = '{place.Login}' and query like 'select pg_sleep(60)%'") == 1);
        await using RawClient canceller = await place.ConnectAsync(away, Task.FromResult);
        await canceller.Stream.WriteAsync(StartupPackets.CancelRequest(client.ProcessId, client.SecretKey));
        await canceller.Stream.ReadToEndAsync();
        Assert.Equal("57014", (await client.ReadUntilAsync("ReadyForQuery")).SqlState());
        Assert.Equal("1", await client.ScalarAsync("select 1"));
    }
}
