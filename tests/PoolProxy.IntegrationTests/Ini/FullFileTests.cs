using PoolProxy.IntegrationTests.Admin;
using PoolProxy.IntegrationTests.Lookups;
using PoolProxy.Testing;
using PoolProxy.Testing.Proxy;
using Xunit;

namespace PoolProxy.IntegrationTests.Ini;

/// <summary>
/// A pgbouncer.ini of a site that has grown: users that the server is asked for, databases that nobody has written down, servers by name, two included files, users and peers of their own. It starts,
/// serves, and is read again, as PgBouncer has it.
/// </summary>
public sealed class FullFileTests(AskedServer server) : IClassFixture<AskedServer>, IAsyncLifetime
{
    private const string Host = "db.example.test";

    private readonly ScriptedDns _dns = ScriptedDns.Start();

    public Task InitializeAsync()
    {
        _dns.Set(Host, 60, "127.0.0.1");
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _dns.DisposeAsync();

    [Fact]
    public async Task It_starts_serves_and_reloads()
    {
        string joe = await server.MakeAsync("joe");
        await using ProxyUnderTest proxy = await StartAsync(joe);
        await using RawClient client = await proxy.LoginAsync(joe, "forced", AskedServer.Password);
        Assert.Equal(server.Database.Name, await client.ScalarAsync("select current_database()"));
        await using (RawClient refused = await proxy.ConnectAsync())
        {
            Assert.Equal("28P01", (await refused.TryLoginAsync(joe, "forced", "wrong")).Error!.SqlState);
        }

        // A database of the fallback, whose name only the client knows.
        await using (RawClient fallback = await proxy.LoginAsync(joe, server.Database.Name, AskedServer.Password))
        {
            Assert.Equal("1", await fallback.ScalarAsync("select 1"));
        }

        await using RawClient console = await proxy.LoginAsync("boss", "pgbouncer", "boss");
        Assert.Equal([Host], (await console.RowsAsync("SHOW DNS_HOSTS")).Select(row => row["hostname"]));
        Assert.Equal([("1", "/nowhere/1", "6432"), ("2", "10.0.0.2", "6433")], (await console.RowsAsync("SHOW PEERS")).Select(row => (row["peer_id"]!, row["host"]!, row["port"]!)));
        Dictionary<string, string?> user = await console.RowAsync("SHOW USERS", "name", joe);
        Assert.Equal(("session", "7"), (user["pool_mode"], user["max_user_connections"]));
        Assert.Equal(["11", "3600", "15", "16", "0", "authdb", server.Asker], await ConfigAsync(
            console, "default_pool_size", "autodb_idle_timeout", "dns_max_ttl", "dns_nxdomain_ttl", "dns_zone_check_period", "auth_dbname", "auth_user"));
        Assert.Contains(server.Database.Name, (await console.RowsAsync("SHOW DATABASES")).Select(row => row["name"]));

        // What an included file says is read again too, by a command of the console; who is there stays.
        await File.WriteAllTextAsync(proxy.Place.File("pool.ini"), "default_pool_size = 12\nautodb_idle_timeout = 1\n");
        await File.WriteAllTextAsync(proxy.Place.File("databases.ini"), $"added = host={Host} port={server.Database.Cluster.Port} dbname={server.Database.Name} user=postgres\n");
        Assert.Equal("", (await console.QueryAsync("RELOAD")).SqlState());
        Assert.Equal(["12", "1"], await ConfigAsync(console, "default_pool_size", "autodb_idle_timeout"));
        await using RawClient added = await proxy.LoginAsync(joe, "added", AskedServer.Password);
        Assert.Equal("1", await added.ScalarAsync("select 1"));
        Assert.Equal("1", await client.ScalarAsync("select 1"));

        // Nobody uses it, and its servers go with it.
        await WaitFor.TrueAsync(async () => !(await console.RowsAsync("SHOW DATABASES")).Any(row => row["name"] == server.Database.Name));
    }

    private static async Task<IEnumerable<string?>> ConfigAsync(RawClient console, params string[] keys)
    {
        List<Dictionary<string, string?>> rows = await console.RowsAsync("SHOW CONFIG");
        return keys.Select(key => rows.Single(row => row["key"] == key)["value"]);
    }

    private Task<ProxyUnderTest> StartAsync(string user) => ProxyUnderTest.StartAsync(
        place =>
        {
            string target = $"host={Host} port={server.Database.Cluster.Port}";
            File.WriteAllText(place.File("userlist.txt"), $"\"{server.Asker}\" \"{AskedServer.AskersPassword}\"\n\"boss\" \"boss\"\n");
            File.WriteAllText(place.File("resolv.conf"), _dns.ResolvConf);
            File.WriteAllText(place.File("pool.ini"), "default_pool_size = 11\nautodb_idle_timeout = 3600\n");
            File.WriteAllText(place.File("databases.ini"), "");
            return $"""
                ; the site's databases
                [databases]
                forced = {target} dbname={server.Database.Name} user=postgres pool_size=3 application_name='the site'
                authdb = {target} dbname={server.Database.Name}
                * = {target} user=postgres server_lifetime=1
                %include {place.File("databases.ini")}

                [users]
                {user} = pool_mode=session max_user_connections=7

                [peers]
                1 = host=/nowhere/1 port=6432
                2 = host=10.0.0.2 port=6433 pool_size=5

                [pgbouncer]
                peer_id = 1
                listen_addr = 127.0.0.1
                listen_port = {place.Port}
                unix_socket_dir =
                auth_type = scram-sha-256
                auth_file = {place.File("userlist.txt")}
                auth_user = {server.Asker}
                auth_dbname = authdb
                auth_query = SELECT rolname, CASE WHEN rolvaliduntil < now() THEN NULL ELSE rolpassword END FROM pg_authid WHERE rolname=$1 AND rolcanlogin
                admin_users = boss
                pool_mode = transaction
                dns_max_ttl = 15
                dns_nxdomain_ttl = 16
                dns_zone_check_period = 0
                resolv_conf = {place.File("resolv.conf")}
                %include {place.File("pool.ini")}
                """;
        },
        "pgbouncer.ini");
}
