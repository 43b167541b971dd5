using PoolProxy.IntegrationTests.Admin;
using PoolProxy.Testing;
using PoolProxy.Testing.Proxy;
using Xunit;

namespace PoolProxy.IntegrationTests.Pooling;

/// <summary>Databases of the fallback and pools that nobody uses: when they are forgotten, and that whoever comes again notices nothing.</summary>
public sealed class IdlePoolTests(PoolScene scene) : IClassFixture<PoolScene>
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_database_of_the_fallback_is_forgotten_once_it_has_neither_clients_nor_servers(int threads)
    {
        await using ProxyUnderTest proxy = await StartAsync("autodb_idle_timeout = \"100ms\"\nserver_idle_timeout = \"50ms\"", threads);
        await using RawClient console = await proxy.LoginAsync("boss", "pgbouncer");
        RawClient client = await proxy.LoginAsync("anyone", "one");
        await using RawClient named = await proxy.LoginAsync("anyone", "app");
        Assert.Equal(scene.Database.Name, await client.ScalarAsync("select current_database()"));
        Assert.Equal(["app", "one"], await NamesAsync(console));

        // One with a client stays, whatever its servers do, and so does one of the file.
        await WaitFor.TrueAsync(async () => (await console.RowsAsync("SHOW POOLS")).All(pool => pool["sv_idle"] == "0"));
        await client.ScalarAsync("select 1");
        Assert.Contains("one", await NamesAsync(console));
        await client.DisposeAsync();
        await WaitFor.TrueAsync(async () => (await NamesAsync(console)).SequenceEqual(["app"]));
        Assert.DoesNotContain(await console.RowsAsync("SHOW POOLS"), pool => pool["database"] == "one");
        await WaitFor.TrueAsync(() => File.ReadAllText(proxy.Place.File("proxy.log")).Contains("dropping database 'one' as it does not exist anymore or inactive auto-database", StringComparison.Ordinal));
        for (int i = 0; i < 2 * threads; i++)
        {
            await using RawClient again = await proxy.LoginAsync("anyone", "one");
            Assert.Equal("1", await again.ScalarAsync("select 1"));
        }

        Assert.Equal("1", await named.ScalarAsync("select 1"));
    }

    [Fact]
    public async Task One_that_is_paused_or_disabled_by_name_is_remembered()
    {
        await using ProxyUnderTest proxy = await StartAsync("autodb_idle_timeout = \"100ms\"\nserver_idle_timeout = \"50ms\"");
        await using RawClient console = await proxy.LoginAsync("boss", "pgbouncer");
        foreach (string name in (string[])["paused", "disabled", "neither"])
        {
            await using RawClient client = await proxy.LoginAsync("anyone", name);
            await client.ScalarAsync("select 1");
        }

        await console.QueryAsync("PAUSE paused");
        await console.QueryAsync("DISABLE disabled");
        await WaitFor.TrueAsync(async () => (await NamesAsync(console)).SequenceEqual(["app", "disabled", "paused"]));
        await console.QueryAsync("RESUME paused");
        await console.QueryAsync("ENABLE disabled");
        await WaitFor.TrueAsync(async () => (await NamesAsync(console)).SequenceEqual(["app"]));
    }

    [Fact]
    public async Task A_pool_is_forgotten_behind_pool_idle_timeout_and_made_anew_for_who_comes_at_that_moment()
    {
        await using ProxyUnderTest proxy = await StartAsync("pool_idle_timeout = \"20ms\"\nserver_idle_timeout = \"20ms\"", threads: 2);
        await using RawClient console = await proxy.LoginAsync("boss", "pgbouncer");
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            for (int i = 0; i < 60; i++)
            {
                await using RawClient client = await proxy.LoginAsync("anyone", "app");
                Assert.Equal("1", await client.ScalarAsync("select 1"));
                await Task.Yield();
            }
        }));
        await WaitFor.TrueAsync(async () => (await console.RowsAsync("SHOW POOLS")).All(pool => pool["database"] == "pgbouncer"));
        Assert.DoesNotContain(await console.RowsAsync("SHOW USERS"), user => user["name"] == "postgres");
        Assert.Contains("app", await NamesAsync(console));
    }

    private static async Task<string[]> NamesAsync(RawClient console) =>
        [.. (await console.RowsAsync("SHOW DATABASES")).Select(row => row["name"]!).Where(name => name != "pgbouncer").Order(StringComparer.Ordinal)];

    private Task<ProxyUnderTest> StartAsync(string proxy, int threads = 1) => ProxyUnderTest.StartAsync(place => $"""
        [proxy]
        threads = {threads}
        listen_addr = "127.0.0.1"
        listen_port = {place.Port}
        unix_socket_dir = ""
        auth_type = "any"
        admin_users = "boss"
        pool_mode = "transaction"
        verbose = 1
        logfile = "proxy.log"
        {proxy}

        [databases.app]
        host = "127.0.0.1"
        port = {scene.Database.Cluster.Port}
        dbname = "{scene.Database.Name}"
        user = "postgres"

        [databases."*"]
        host = "127.0.0.1"
        port = {scene.Database.Cluster.Port}
        dbname = "{scene.Database.Name}"
        user = "postgres"
        """);
}
