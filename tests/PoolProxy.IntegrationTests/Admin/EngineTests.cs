using PoolProxy.Testing.Loops;
using PoolProxy.Testing.Proxy;
using Xunit;

namespace PoolProxy.IntegrationTests.Admin;

/// <summary><c>io_engine</c>: the engine asked for is the one in use, and the console names it.</summary>
public sealed class EngineTests
{
    [Theory]
    [InlineData("epoll")]
    [InlineData("auto")]
    public async Task SHOW_STATE_names_the_engine_in_use(string setting)
    {
        string expected = setting == "auto" && AvailableEngines.HasUring ? "io_uring" : "epoll";
        await using var proxy = await ProxyUnderTest.StartAsync(place => Toml(place, setting));
        await using var console = await proxy.LoginAsync("admin", "pgbouncer");

        Assert.Equal(expected, (await console.RowAsync("SHOW STATE", "key", "io_engine"))["value"]);
    }

    private static string Toml(ProxyPlace place, string engine) => $"""
        [proxy]
        listen_addr = "127.0.0.1"
        listen_port = {place.Port}
        unix_socket_dir = ""
        auth_type = "any"
        admin_users = ["admin"]
        io_engine = "{engine}"

        [databases.app]
        host = "127.0.0.1"
        user = "nobody"
        """;
}
