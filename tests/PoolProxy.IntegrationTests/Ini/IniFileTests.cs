using PoolProxy.IntegrationTests.Admin;
using PoolProxy.Testing;
using PoolProxy.Testing.Proxy;
using Xunit;

namespace PoolProxy.IntegrationTests.Ini;

/// <summary>A proxy that runs by a pgbouncer.ini, as it was written for PgBouncer.</summary>
public sealed class IniFileTests(PoolScene scene) : IClassFixture<PoolScene>
{
    [Fact]
    public async Task It_serves_by_users_of_the_auth_file_with_a_fallback_database_and_an_included_file()
    {
        await using ProxyUnderTest proxy = await StartAsync("scram-sha-256");
        await using RawClient client = await proxy.LoginAsync("joe", "forced", "se\"cret");
        Assert.Equal(scene.Database.Name, await client.ScalarAsync("select current_database()"));
        // The database's connect_query has run on its server.
        Assert.Equal("7s", await client.ScalarAsync("show lock_timeout"));
        await using RawClient fallback = await proxy.LoginAsync("joe", scene.Database.Name, "se\"cret");
        Assert.Equal("1", await fallback.ScalarAsync("select 1"));
        await using RawClient refused = await proxy.ConnectAsync();
        Assert.Equal("28P01", (await refused.TryLoginAsync("joe", "forced", "secret")).Error!.SqlState);
        await using RawClient console = await proxy.LoginAsync("boss", "pgbouncer", "boss");
        Assert.Equal("11", (await console.RowAsync("SHOW CONFIG", "key", "default_pool_size"))["value"]);
    }

    [Fact]
    public async Task RELOAD_reads_it_again_and_a_fault_in_an_included_file_changes_nothing()
    {
        await using ProxyUnderTest proxy = await StartAsync("scram-sha-256");
        await using RawClient console = await proxy.LoginAsync("boss", "pgbouncer", "boss");
        string more = proxy.Place.File("more.ini");
        await File.WriteAllTextAsync(more, "default_pool_size = 12\nmax_client_conn = x\n");
        string fault = Assert.Single(await proxy.Server.ReloadAsync());
        Assert.Equal($"{more}:2:19: max_client_conn: expected an integer, not \"x\"", fault);
        Assert.Equal("11", (await console.RowAsync("SHOW CONFIG", "key", "default_pool_size"))["value"]);
        await File.WriteAllTextAsync(more, "default_pool_size = 12\n");
        Assert.Empty(await proxy.Server.ReloadAsync());
        Assert.Equal("12", (await console.RowAsync("SHOW CONFIG", "key", "default_pool_size"))["value"]);
    }

    private Task<ProxyUnderTest> StartAsync(string authType) => ProxyUnderTest.StartAsync(
        place =>
        {
            File.WriteAllText(place.File("users.txt"), "\"joe\" \"se\"\"cret\"\n\"boss\" \"boss\"\n");
            File.WriteAllText(place.File("more.ini"), "default_pool_size = 11\n");
            return $"""
                ;; database section
                [databases]
                forced = host=127.0.0.1 port={scene.Database.Cluster.Port} dbname={scene.Database.Name} user=postgres connect_query='set lock_timeout = ''7s'''
                * = host=127.0.0.1 port={scene.Database.Cluster.Port} user=postgres

                [pgbouncer]
                listen_addr = 127.0.0.1
                listen_port = {place.Port}
                unix_socket_dir =
                auth_type = {authType}
                auth_file = {place.File("users.txt")}
                admin_users = boss, root
                pool_mode = Transaction
                pkt_buf = 4096
                %include {place.File("more.ini")}
                """;
        },
        "pgbouncer.ini");
}
