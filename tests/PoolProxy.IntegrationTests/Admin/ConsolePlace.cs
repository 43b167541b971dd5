using PoolProxy.Testing;
using PoolProxy.Testing.Postgres;
using PoolProxy.Testing.Proxy;

namespace PoolProxy.IntegrationTests.Admin;

/// <summary>A proxy with one database, <c>app</c>, on a real server; <c>boss</c> is an administrator of the console, <c>watcher</c> may see statistics.</summary>
internal sealed class ConsolePlace : IAsyncDisposable
{
    private ConsolePlace(TestDatabase database, ProxyUnderTest proxy)
    {
        Database = database;
        Proxy = proxy;
    }

    public TestDatabase Database { get; }

    public ProxyUnderTest Proxy { get; }

    public static async Task<ConsolePlace> StartAsync(string more = "")
    {
        var database = await TestDatabase.CreateAsync();
        var proxy = await ProxyUnderTest.StartAsync(place =>
        {
            File.WriteAllText(place.File("userlist.txt"), "\"boss\" \"secret-of-boss\"\n\"watcher\" \"\"\n\"alice\" \"\"\n");
            return $"""
                [proxy]
                listen_addr = "127.0.0.1"
                listen_port = {place.Port}
                unix_socket_dir = ""
                auth_type = "trust"
                auth_file = "{place.File("userlist.txt")}"
                admin_users = "boss"
                stats_users = "watcher"
                pool_mode = "transaction"
                default_pool_size = 3
                {more}

                [databases.app]
                host = "{database.Cluster.Host}"
                port = {database.Cluster.Port}
                dbname = "{database.Name}"
                user = "postgres"
                password = "secret-of-login"
                """;
        });
        return new ConsolePlace(database, proxy);
    }

    public Task<RawClient> AdminAsync(string console = "pgbouncer") => Proxy.LoginAsync("boss", console);

    public Task<RawClient> StatsAsync() => Proxy.LoginAsync("watcher", "pgbouncer");

    public Task<RawClient> ClientAsync() => Proxy.LoginAsync("alice", "app");

    public async ValueTask DisposeAsync()
    {
        await Proxy.DisposeAsync();
        await Database.DisposeAsync();
    }
}
