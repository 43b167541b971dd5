using PoolProxy.Testing;
using PoolProxy.Testing.Proxy;
using Xunit;

namespace PoolProxy.IntegrationTests.Identity;

/// <summary><c>peer</c> by the lines of an HBA file, maps, and the console's own door: the kernel says who is at the other end of the Unix socket.</summary>
public sealed class PeerLoginTests(PoolScene scene) : IClassFixture<PoolScene>
{
    private static readonly string Me = Environment.UserName;

    [Fact]
    public async Task The_system_user_is_the_user_or_whom_a_map_says()
    {
        await using ProxyUnderTest proxy = await StartAsync(
            $"local all {Me},ghost peer\nlocal all stranger peer\nlocal all all peer map=m\nhost all all all reject\n",
            $"# MAP SYSTEM USER\nm {Me} alice\nm /^({Me})$ of_\\1\nm nobody bob\n");
        Assert.Null(await CodeAsync(proxy, Me));
        Assert.Null(await CodeAsync(proxy, "alice"));
        Assert.Null(await CodeAsync(proxy, $"of_{Me}"));
        Assert.Equal("28P01", await CodeAsync(proxy, "bob"));
        Assert.Equal("28P01", await CodeAsync(proxy, "stranger"));
        Assert.Equal("28P01", await CodeAsync(proxy, "ghost"));
        await using RawClient byTcp = await proxy.ConnectAsync();
        Assert.Equal("28P01", (await byTcp.TryLoginAsync("alice", "app")).Error?.SqlState);
    }

    [Fact]
    public async Task Who_runs_as_the_proxy_does_is_admin_of_the_console_as_pgbouncer_over_the_Unix_socket_alone()
    {
        await using ProxyUnderTest proxy = await StartAsync("local all all reject\nhost all all all reject\n", "");
        foreach (string database in (string[])["pgbouncer", "poolproxy"])
        {
            await using RawClient console = await RawClient.ConnectUnixAsync(proxy.Place.Folder, proxy.Port);
            Assert.Equal(["AuthenticationOk"], (await console.TryLoginAsync("pgbouncer", database)).Names.Take(1));
            Assert.Contains("CommandComplete", (await console.QueryAsync("reload")).Select(message => message.Name));
        }

        Assert.Equal("28P01", await CodeAsync(proxy, "alice", "pgbouncer"));
        Assert.Equal("28P01", await CodeAsync(proxy, "pgbouncer"));
        await using RawClient byTcp = await proxy.ConnectAsync();
        Assert.Equal("28P01", (await byTcp.TryLoginAsync("pgbouncer", "pgbouncer")).Error?.SqlState);
    }

    [Fact]
    public async Task A_reload_with_a_fault_in_a_map_keeps_the_old_one()
    {
        await using ProxyUnderTest proxy = await StartAsync("local all all peer map=m\n", $"m {Me} alice\n");
        await File.WriteAllTextAsync(proxy.Place.File("ident.conf"), $"m {Me} bob\nm {Me}\n");
        Assert.Contains("ident.conf:2:1: the line is no line of a map", Assert.Single(await proxy.ReloadAsync(text => text)), StringComparison.Ordinal);
        Assert.Null(await CodeAsync(proxy, "alice"));
        await File.WriteAllTextAsync(proxy.Place.File("ident.conf"), $"x {Me} bob\n");
        Assert.Contains("hba.conf:1:20: there is no map \"m\"", Assert.Single(await proxy.ReloadAsync(text => text)), StringComparison.Ordinal);
        await File.WriteAllTextAsync(proxy.Place.File("ident.conf"), $"m {Me} bob\n");
        Assert.Empty(await proxy.ReloadAsync(text => text));
        Assert.Equal("28P01", await CodeAsync(proxy, "alice"));
        Assert.Null(await CodeAsync(proxy, "bob"));
    }

    private Task<ProxyUnderTest> StartAsync(string hba, string ident) => ProxyUnderTest.StartAsync(place =>
    {
        File.WriteAllText(place.File("hba.conf"), hba);
        File.WriteAllText(place.File("ident.conf"), ident);
        return $"""
            [proxy]
            listen_addr = "127.0.0.1"
            listen_port = {place.Port}
            unix_socket_dir = "{place.Folder}"
            auth_type = "hba"
            auth_hba_file = "hba.conf"
            auth_ident_file = "ident.conf"
            pool_mode = "transaction"

            [users.{Me}]
            [users.alice]
            [users.of_{Me}]
            [users.bob]
            [users.stranger]

            [databases.app]
            host = "127.0.0.1"
            port = {scene.Database.Cluster.Port}
            dbname = "{scene.Database.Name}"
            user = "postgres"
            """;
    });

    private static async Task<string?> CodeAsync(ProxyUnderTest proxy, string user, string database = "app")
    {
        await using RawClient client = await RawClient.ConnectUnixAsync(proxy.Place.Folder, proxy.Port);
        return (await client.TryLoginAsync(user, database)).Error?.SqlState;
    }
}
