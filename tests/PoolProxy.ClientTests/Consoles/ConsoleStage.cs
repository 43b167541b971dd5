using PoolProxy.ClientTests.Targets;
using PoolProxy.Testing.Proxy;

namespace PoolProxy.ClientTests.Consoles;

/// <summary>A proxy of a test's own whose console is to be read; its one database is of no matter, and has no server.</summary>
internal sealed class ConsoleStage : IAsyncDisposable
{
    private ConsoleStage(ProxyUnderTest proxy)
    {
        Proxy = proxy;
        Console = new Target("127.0.0.1", proxy.Port, "boss", "the boss' password", "pgbouncer", null);
    }

    /// <summary>The proxy.</summary>
    public ProxyUnderTest Proxy { get; }

    /// <summary>Its console, for somebody who may do everything.</summary>
    public Target Console { get; }

    /// <summary>Starts the proxy.</summary>
    public static async Task<ConsoleStage> OpenAsync() => new(await ProxyUnderTest.StartAsync(place => $"""
        [proxy]
        listen_addr = "127.0.0.1"
        listen_port = {place.Port}
        auth_type = "scram-sha-256"
        admin_users = "boss"
        max_client_conn = 50

        [users.boss]
        password = "the boss' password"

        [databases.app]
        host = "127.0.0.1"
        port = 1
        user = "nobody"
        """));

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Proxy.DisposeAsync();
}
