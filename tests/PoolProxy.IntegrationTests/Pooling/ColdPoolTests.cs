using PoolProxy.Testing;
using PoolProxy.Testing.Proxy;
using Xunit;

namespace PoolProxy.IntegrationTests.Pooling;

/// <summary>Clients that log in to a pool without servers wait for the first: what is asked again when it comes, and how long they wait.</summary>
public sealed class ColdPoolTests
{
    [Theory]
    [InlineData("", "max_db_client_connections = 1", "", "client connections exceeded (max_db_client_connections)")]
    [InlineData("max_db_client_connections = 1", "", "", "client connections exceeded (max_db_client_connections)")]
    [InlineData("max_user_client_connections = 1", "", "", "client connections exceeded (max_user_client_connections)")]
    [InlineData("", "", "[users.same]\nmax_user_client_connections = 1", "client connections exceeded (max_user_client_connections)")]
    public async Task Of_those_who_waited_together_no_more_come_in_than_the_limit_allows(string proxyLines, string databaseLines, string rest, string text)
    {
        var gate = new TaskCompletionSource();
        await using var backend = ScriptedBackend.Start(async session =>
        {
            await gate.Task.WaitAsync(Deadlines.Step);
            await session.LoginAsync();
            await session.ReadToEndAsync();
        });
        await using ProxyUnderTest proxy = await ColdAsync(backend.Port, proxyLines, databaseLines, rest);
        RawClient[] clients = [await proxy.ConnectAsync(), await proxy.ConnectAsync(), await proxy.ConnectAsync()];
        Task<RawLogin>[] logins = [.. clients.Select(client => client.TryLoginAsync("same", "app"))];
        await using RawClient console = await proxy.LoginAsync("boss", "pgbouncer");
        await WaitForWaitersAsync(console, clients.Length);
        gate.SetResult();
        RawLogin[] ends = await Task.WhenAll(logins);
        Assert.Equal(["", "53300", "53300"], ends.Select(end => end.Error?.SqlState ?? "").Order(StringComparer.Ordinal));
        Assert.All(ends.Where(end => end.Error is not null), end => Assert.Equal(text, end.Error!.ErrorText));
        foreach (RawClient client in clients)
        {
            await client.DisposeAsync();
        }
    }

    [Theory]
    [InlineData("query_wait_timeout = \"200ms\"", "", "")]
    [InlineData("query_wait_timeout = 60", "query_wait_timeout = \"200ms\"", "")]
    [InlineData("query_wait_timeout = 60", "query_wait_timeout = 60", "[users.hasty]\nquery_wait_timeout = \"200ms\"")]
    public async Task The_wait_ends_after_the_nearest_query_wait_timeout(string proxyLines, string databaseLines, string rest)
    {
        await using var silent = ScriptedBackend.Start(async session => await session.ReadToEndAsync());
        await using ProxyUnderTest proxy = await ColdAsync(silent.Port, proxyLines + "\nserver_connect_timeout = 60", databaseLines, rest);
        await using RawClient hasty = await proxy.ConnectAsync();
        RawLogin login = await hasty.TryLoginAsync("hasty", "app");
        Assert.Equal("53300 query_wait_timeout", $"{login.Error?.SqlState} {login.Error?.ErrorText}");
        Assert.Empty(await hasty.ReadToEndAsync());
    }

    [Fact]
    public async Task A_users_query_wait_timeout_is_nobody_elses()
    {
        var gate = new TaskCompletionSource();
        await using var late = ScriptedBackend.Start(async session =>
        {
            await gate.Task.WaitAsync(Deadlines.Step);
            await session.LoginAsync();
            await session.ReadToEndAsync();
        });
        await using ProxyUnderTest proxy = await ColdAsync(late.Port, "", "", "[users.hasty]\nquery_wait_timeout = \"150ms\"");
        await using RawClient patient = await proxy.ConnectAsync();
        Task<RawLogin> waiting = patient.TryLoginAsync("patient", "app");
        await using RawClient hasty = await proxy.ConnectAsync();
        Assert.Equal("53300", (await hasty.TryLoginAsync("hasty", "app")).Error?.SqlState);
        gate.SetResult();
        Assert.Null((await waiting).Error);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_client_that_leaves_while_it_waits_gives_its_place_up_at_once(bool replicates)
    {
        await using var silent = ScriptedBackend.Start(async session => await session.ReadToEndAsync());
        await using ProxyUnderTest proxy = await ColdAsync(silent.Port, "server_connect_timeout = 600\nclient_login_timeout = 0\nmax_client_conn = 2", "", "");
        await using RawClient console = await proxy.LoginAsync("boss", "pgbouncer");
        for (int i = 0; i < 3; i++)
        {
            RawClient client = await proxy.ConnectAsync();
            Task<RawLogin> login = client.TryLoginAsync("same", "app", null, replicates ? [("replication", "database")] : []);
            await WaitForWaitersAsync(console, 1);
            await client.DisposeAsync();
            Assert.NotNull(await Record.ExceptionAsync(() => login));
            await WaitForWaitersAsync(console, 0);
        }
    }

    [Fact]
    public async Task One_that_leaves_as_the_first_server_comes_takes_nothing_along()
    {
        const int Rounds = 40;
        await using var backend = ScriptedBackend.Start(async session =>
        {
            await session.LoginAsync();
            await session.ReadToEndAsync();
        });
        await using ProxyUnderTest proxy = await ColdAsync(
            backend.Port, "max_client_conn = 3", "", $"[databases.\"*\"]\nhost = \"127.0.0.1\"\nport = {backend.Port}\nuser = \"postgres\"");
        await using RawClient console = await proxy.LoginAsync("boss", "pgbouncer");
        for (int i = 0; i < Rounds; i++)
        {
            await using RawClient leaves = await proxy.ConnectAsync();
            await leaves.StartupAsync("leaves", $"cold{i}");
            for (int turns = 0; turns < i; turns++)
            {
                await Task.Yield();
            }

            // Before its server has come, as it comes, and behind that.
            await leaves.DisposeAsync();
            await WaitFor.TrueAsync(async () => (await Admin.ConsoleRows.RowsAsync(console, "SHOW SOCKETS")).All(row => row["type"] != "C" || row["database"] == "pgbouncer"));
        }

        await WaitFor.TrueAsync(async () =>
            (await Admin.ConsoleRows.RowsAsync(console, "SHOW POOLS")).All(pool => (pool["cl_waiting"], pool["sv_login"], pool["sv_tested"], pool["sv_active"]) == ("0", "0", "0", "0")));
    }

    private static Task WaitForWaitersAsync(RawClient console, int count) => WaitFor.TrueAsync(async () =>
        (await Admin.ConsoleRows.RowsAsync(console, "SHOW SOCKETS")).Count(row => row["state"] == "cl_login" && row["database"] == "app") == count);

    private static Task<ProxyUnderTest> ColdAsync(int serverPort, string proxyLines, string databaseLines, string rest) => ProxyUnderTest.StartAsync(place => PoolScene.Text(
        place.Port, serverPort, "x", proxy: $"admin_users = \"boss\"\nserver_tls_sslmode = \"disable\"\n{proxyLines}", database: databaseLines, rest: rest));
}
