using System.Globalization;
using PoolProxy.IntegrationTests.Admin;
using PoolProxy.Testing;
using PoolProxy.Testing.Postgres;
using PoolProxy.Testing.Proxy;
using Xunit;

namespace PoolProxy.IntegrationTests.Loops;

/// <summary>
/// A proxy of two loops with one database, <c>app</c>, served by a login of its own, and an administrator in the console. Newcomers go to the
/// loops in turn, so a test says on which loop it wants its client.
/// </summary>
internal sealed class LoopPlace : IAsyncDisposable
{
    public const int Loops = 2;

    private int _accepted;

    private LoopPlace(TestDatabase database, ProxyUnderTest proxy)
    {
        Database = database;
        Proxy = proxy;
    }

    public TestDatabase Database { get; }

    public ProxyUnderTest Proxy { get; }

    /// <summary>The console, on loop 0.</summary>
    public RawClient Console { get; private set; } = null!;

    /// <summary>The login of the servers.</summary>
    public string Login => Database.Role("looped");

    public static async Task<LoopPlace> StartAsync(int size = 1, string proxy = "", string database = "", string rest = "")
    {
        TestDatabase own = await TestDatabase.CreateAsync();
        await own.ExecuteAsync($"create role {own.Role("looped")} login superuser");
        ProxyUnderTest started = await ProxyUnderTest.StartAsync(place => Text(place, own, size, proxy, database, rest));
        var made = new LoopPlace(own, started);
        made.Console = await made.ConnectAsync(0, client => client.LoginAsync("boss", "pgbouncer"));
        return made;
    }

    /// <summary>The pool.toml, to reload.</summary>
    public static string Text(ProxyPlace place, TestDatabase own, int size, string proxy = "", string database = "", string rest = "") => $"""
        [proxy]
        threads = 2
        listen_addr = "127.0.0.1"
        listen_port = {place.Port}
        auth_type = "any"
        admin_users = "boss"
        pool_mode = "transaction"
        default_pool_size = {size}
        logfile = "{place.File("proxy.log")}"
        {proxy}

        [databases.app]
        host = "127.0.0.1"
        port = {own.Cluster.Port}
        dbname = "{own.Name}"
        user = "{own.Role("looped")}"
        {database}

        [users.boss]

        {rest}
        """;

    /// <summary>A client of the database that lives on the loop.</summary>
    public async Task<RawClient> ClientAsync(int loop, string user = "alice")
    {
        string mark = Guid.NewGuid().ToString("n");
        RawClient client = await ConnectAsync(loop, client => client.LoginAsync(user, "app", null, [("application_name", mark)]));
        Assert.Equal($"{loop}", (await Console.RowAsync("SHOW CLIENTS", "application_name", mark))["loop"]);
        return client;
    }

    /// <summary>A client that has begun a transaction there.</summary>
    public async Task<RawClient> InTransactionAsync(int loop)
    {
        RawClient client = await ClientAsync(loop);
        Assert.Equal('T', (await client.QueryAsync("begin")).Status());
        return client;
    }

    /// <summary>Connects to the loop, and does with the connection what the test wants.</summary>
    public async Task<RawClient> ConnectAsync(int loop, Func<RawClient, Task<RawClient>> open)
    {
        while (_accepted % Loops != loop)
        {
            await (await ConnectNextAsync()).DisposeAsync();
        }
        return await open(await ConnectNextAsync());
    }

    /// <summary>Connects to the loop whose turn it is.</summary>
    public Task<RawClient> ConnectNextAsync()
    {
        _accepted++;
        return Proxy.ConnectAsync();
    }

    /// <summary>Waits until so many clients wait for a server.</summary>
    public Task WaitingAsync(int count) => WaitFor.EqualAsync($"{count}", async () => (await PoolAsync())["cl_waiting"]);

    /// <summary>The pool's row in SHOW POOLS.</summary>
    public Task<Dictionary<string, string?>> PoolAsync() => Console.RowAsync("SHOW POOLS", "database", "app");

    /// <summary>A number of one loop in SHOW LOOPS.</summary>
    public async Task<long> OfLoopAsync(int loop, string column) =>
        long.Parse((await Console.RowAsync("SHOW LOOPS", "loop", $"{loop}"))[column]!, CultureInfo.InvariantCulture);

    /// <summary>How many servers PostgreSQL sees.</summary>
    public Task<int> ServersAsync() => Database.QueryAsync<int>($"select count(*)::int from pg_stat_activity where usename = '{Login}'");

    public async ValueTask DisposeAsync()
    {
        await Console.DisposeAsync();
        await Proxy.DisposeAsync();
        await Database.DisposeAsync();
    }
}
