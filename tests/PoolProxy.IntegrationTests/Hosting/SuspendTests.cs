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
    public async Task A_replication_connection_stands_still_on_both_sides()
    {
        await using ProxyUnderTest proxy = await StartAsync();
        await using RawClient asking = await proxy.LoginAsync("a", "app", null, ("replication", "database"));
        await using RawClient answered = await proxy.LoginAsync("b", "app", null, ("replication", "database"));
        await answered.SendQueryAsync("select 'said', pg_sleep(0.3)");
        await WaitFor.TrueAsync(() => IsRunningAsync("select 'said'%"));
        await using RawClient console = await ConsoleAsync(proxy);
        Assert.Equal("", (await console.QueryAsync("SUSPEND")).SqlState());
        await asking.SendQueryAsync("IDENTIFY_SYSTEM");
        await WaitFor.TrueAsync(async () => !await IsRunningAsync("select 'said'%"));
        await console.RowsAsync("SHOW STATE");
        Assert.Equal(0, asking.Stream.Socket.Available + answered.Stream.Socket.Available);

        await console.QueryAsync("RESUME");
        Assert.Equal("CommandComplete", (await asking.ReadUntilAsync("ReadyForQuery"))[^2].Name);
        Assert.StartsWith("said", Assert.Single((await answered.ReadUntilAsync("ReadyForQuery")).Rows()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_timeout_is_met_until_RESUME_and_then_what_has_come_in_counts_first()
    {
        await using ProxyUnderTest proxy = await StartAsync("client_idle_timeout = 4\nserver_idle_timeout = 4");
        await using RawClient console = await ConsoleAsync(proxy);
        await using RawClient silent = await proxy.LoginAsync("a", "app");
        await using RawClient asking = await proxy.LoginAsync("b", "app");
        Assert.Equal("1", await asking.ScalarAsync("select 1"));
        Assert.Equal("", (await console.QueryAsync("SUSPEND")).SqlState());
        await asking.SendQueryAsync("select 2");

        // By PostgreSQL's clock.
        await scene.Database.QueryAsync<int>("select 1 from pg_sleep(4.5)");
        Assert.Equal(2, (await console.RowsAsync("SHOW CLIENTS")).Count(row => row["database"] == "app"));
        Assert.NotEmpty(await console.RowsAsync("SHOW SERVERS"));
        await console.QueryAsync("RESUME");
        Assert.Equal(["2"], (await asking.ReadUntilAsync("ReadyForQuery")).Rows());
        Assert.Equal("client_idle_timeout", (await silent.ReadToEndAsync()).ErrorText());
    }

    [Fact]
    public async Task It_waits_for_a_login_under_way_and_then_that_client_stands_still_too()
    {
        await using ProxyUnderTest proxy = await StartAsync();
        await using RawClient console = await ConsoleAsync(proxy);
        await using RawClient late = await proxy.ConnectAsync();
        Assert.Equal('N', await late.RequestTlsAsync());
        await console.SendQueryAsync("SUSPEND");
        await WaitFor.TrueAsync(() => proxy.Server.IsSuspended);
        await proxy.Server.TurnAsync();
        Assert.Equal(0, console.Stream.Socket.Available);
        await late.LoginAsync("a", "app");
        Assert.Equal("", (await console.ReadUntilAsync("ReadyForQuery")).SqlState());
        await late.SendQueryAsync("select 'late'");
        await console.RowsAsync("SHOW STATE");
        Assert.Equal(0, late.Stream.Socket.Available);
        await console.QueryAsync("RESUME");
        Assert.Equal(["late"], (await late.ReadUntilAsync("ReadyForQuery")).Rows());
    }

    [Fact]
    public async Task A_login_that_does_not_end_is_ended_after_suspend_timeout_and_no_sooner()
    {
        await using ProxyUnderTest proxy = await StartAsync("suspend_timeout = 4\nclient_login_timeout = 3");
        await using RawClient console = await ConsoleAsync(proxy);
        await using RawClient silent = await proxy.ConnectAsync();
        Assert.Equal('N', await silent.RequestTlsAsync());
        Assert.Equal("", (await console.QueryAsync("SUSPEND")).SqlState());
        Assert.Equal("suspend_timeout", (await silent.ReadToEndAsync()).ErrorText());
    }

    [Fact]
    public async Task Who_waits_for_a_server_is_given_one_first()
    {
        await using ProxyUnderTest proxy = await StartAsync(size: 1);
        await using RawClient console = await ConsoleAsync(proxy);
        await using RawClient first = await proxy.LoginAsync("a", "app");
        await using RawClient second = await proxy.LoginAsync("b", "app");
        await first.SendQueryAsync("select 'first', pg_sleep(0.5)");
        await WaitFor.TrueAsync(() => IsRunningAsync("select 'first'%"));
        await second.SendQueryAsync("select 'second'");
        await WaitFor.TrueAsync(async () => (await console.RowsAsync("SHOW CLIENTS")).Any(row => row["user"] == "b" && row["state"] == "waiting"));
        Assert.Equal("", (await console.QueryAsync("SUSPEND")).SqlState());

        // Its answer may have come just in time, or lies in the server's socket.
        Assert.DoesNotContain(await console.RowsAsync("SHOW CLIENTS"), row => row["state"] == "waiting");
        await console.QueryAsync("RESUME");
        Assert.Equal(["second"], (await second.ReadUntilAsync("ReadyForQuery")).Rows());
    }

    [Fact]
    public async Task Who_waits_for_a_server_in_vain_is_ended_after_suspend_timeout()
    {
        await using ProxyUnderTest proxy = await StartAsync("suspend_timeout = 1", size: 1);
        await using RawClient console = await ConsoleAsync(proxy);
        await using RawClient holder = await proxy.LoginAsync("a", "app");
        await using RawClient waiter = await proxy.LoginAsync("b", "app");
        await holder.QueryAsync("begin");
        await waiter.SendQueryAsync("select 1");
        await WaitFor.TrueAsync(async () => (await console.RowsAsync("SHOW CLIENTS")).Any(row => row["user"] == "b" && row["state"] == "waiting"));
        Assert.Equal("", (await console.QueryAsync("SUSPEND")).SqlState());
        Assert.Equal("suspend_timeout", (await waiter.ReadToEndAsync()).ErrorText());
        await console.QueryAsync("RESUME");
        Assert.Equal('I', (await holder.QueryAsync("commit")).Status());
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

    private async Task<bool> IsRunningAsync(string query) => await scene.Database.QueryAsync<int>(
        $"select count(*)::int from pg_stat_activity where state = 'active' and query like '{query.Replace("'", "''", StringComparison.Ordinal)}' and datname = current_database() and pid <> pg_backend_pid()") > 0;

    private Task<ProxyUnderTest> StartAsync(string more = "", int size = 4) => ProxyUnderTest.StartAsync(
        place => PoolScene.Text(place.Port, scene.Database.Cluster.Port, scene.Database.Name, size: size, proxy: $"unix_socket_dir = \"{place.Folder}\"\n{more}"));
}
