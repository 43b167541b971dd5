using PoolProxy.Core;
using PoolProxy.Core.Frontend;
using PoolProxy.IntegrationTests.Admin;
using PoolProxy.Sandbox;
using PoolProxy.Sandbox.Certificates;
using PoolProxy.Testing;
using Xunit;

namespace PoolProxy.IntegrationTests.Failure;

/// <summary>A client that stops in the middle of its TLS handshake: nothing can be said to it, and it holds nobody up.</summary>
public sealed class UnfinishedHandshakeTests(PoolScene scene) : IClassFixture<PoolScene>, IDisposable
{
    // The head of a TLS record that announces 512 bytes of ClientHello, and the first few of them.
    private static readonly byte[] PartOfHello = [0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Client_login_timeout_ends_it()
    {
        await using ProxyServer proxy = await StartAsync("client_login_timeout = 2");
        await using RawClient served = await (await RawClient.ConnectAsync(proxy.Port)).LoginAsync("a", "app");
        await using RawClient client = await BeginAsync(proxy);
        // Bytes in the clear would be an attacker's gift: the connection just ends.
        Assert.Empty(await client.Stream.ReadToEndAsync());
        Assert.Equal("1", await served.ScalarAsync("select 1"));
    }

    [Fact]
    public async Task It_counts_as_a_login_until_it_ends_and_not_longer()
    {
        await using ProxyServer proxy = await StartAsync("max_client_conn = 1\nclient_login_timeout = 60");
        RawClient client = await BeginAsync(proxy);
        await using (RawClient refused = await RawClient.ConnectAsync(proxy.Port))
        {
            Assert.Equal("53300", (await refused.TryLoginAsync("a", "app")).Error?.SqlState);
        }
        await client.DisposeAsync();
        await WaitFor.TrueAsync(async () =>
        {
            await using RawClient next = await RawClient.ConnectAsync(proxy.Port);
            return (await next.TryLoginAsync("a", "app")).Error is null;
        });
    }

    [Theory]
    [InlineData(ShutdownMode.Immediate)]
    [InlineData(ShutdownMode.WaitForServers)]
    [InlineData(ShutdownMode.WaitForClients)]
    public async Task A_shutdown_ends_it_and_does_not_wait_for_it(ShutdownMode mode)
    {
        await using ProxyServer proxy = await StartAsync("client_login_timeout = 0");
        await using RawClient client = await BeginAsync(proxy);
        await proxy.ShutdownAsync(mode);
        await proxy.Completion.WaitAsync(Deadlines.Step);
        Assert.Empty(await client.Stream.ReadToEndAsync());
    }

    [Fact]
    public async Task KILL_and_KILL_CLIENT_are_for_clients_that_are_in_and_leave_it_alone()
    {
        await using ProxyServer proxy = await StartAsync("");
        await using RawClient served = await (await RawClient.ConnectAsync(proxy.Port)).LoginAsync("a", "app");
        await using RawClient client = await BeginAsync(proxy);
        await using RawClient console = await (await RawClient.ConnectAsync(proxy.Port)).LoginAsync("boss", "pgbouncer");
        var sockets = await console.RowsAsync("SHOW SOCKETS");
        string id = Assert.Single(sockets, row => row["state"] == "cl_login")["id"]!;
        Assert.NotEqual("", (await console.QueryAsync("KILL_CLIENT " + id)).SqlState());
        Assert.Equal("", (await console.QueryAsync("KILL app")).SqlState());
        Assert.Equal("57P01", (await served.ReadToEndAsync()).SqlState());
        // Another KILL_CLIENT would say so if it were gone; and the handshake's client can still leave by itself.
        Assert.Single(await console.RowsAsync("SHOW SOCKETS"), row => row["id"] == id);
        await client.DisposeAsync();
        await WaitFor.TrueAsync(async () => (await console.RowsAsync("SHOW SOCKETS")).TrueForAll(row => row["id"] != id));
        Assert.Equal("", (await console.QueryAsync("RESUME app")).SqlState());
    }

    [Fact]
    public async Task What_is_no_handshake_is_logged_as_a_fault_of_TLS()
    {
        string log = Path.Combine(_folder.Path, "proxy.log");
        await using ProxyServer proxy = await StartAsync($"logfile = \"{log}\"");
        await using RawClient client = await RawClient.ConnectAsync(proxy.Port);
        Assert.Equal('S', await client.RequestTlsAsync());
        await client.Stream.WriteAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray());
        await client.Stream.ReadToEndAsync();
        await WaitFor.TrueAsync(() => Task.FromResult(File.Exists(log) && File.ReadAllText(log).Contains("TLS failed: ", StringComparison.Ordinal)));
    }

    private static async Task<RawClient> BeginAsync(ProxyServer proxy)
    {
        RawClient client = await RawClient.ConnectAsync(proxy.Port);
        Assert.Equal('S', await client.RequestTlsAsync());
        await client.Stream.WriteAsync(PartOfHello);
        return client;
    }

    private async Task<ProxyServer> StartAsync(string lines)
    {
        using SandboxCertificates certificates = SandboxCertificates.Create(_folder.Path);
        CertificateFiles certificate = certificates.ServerEc;
        string file = _folder.Write("pool.toml", PoolScene.Text(
            LoopbackPorts.Take(), scene.Database.Cluster.Port, scene.Database.Name, proxy: $"""
            admin_users = "boss"
            client_tls_sslmode = "allow"
            client_tls_cert_file = "{certificate.CertificateFile}"
            client_tls_key_file = "{certificate.KeyFile}"
            {lines}
            """));
        return await ProxyServer.StartAsync(file, isQuiet: true);
    }
}
