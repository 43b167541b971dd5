using PoolProxy.Sandbox.Certificates;
using PoolProxy.Testing;
using PoolProxy.Testing.Proxy;

namespace PoolProxy.IntegrationTests.Identity;

/// <summary>A proxy whose limits count loopback too: alice and bob by password over TCP, with TLS where asked for, and boss in the console by the Unix socket, which is exempt.</summary>
internal sealed class LimitPlace : IAsyncDisposable
{
    private LimitPlace(ProxyUnderTest proxy, TemporaryFolder? folder, SandboxCertificates? certificates)
    {
        Proxy = proxy;
        Folder = folder;
        Certificates = certificates;
    }

    public ProxyUnderTest Proxy { get; }

    private TemporaryFolder? Folder { get; }

    private SandboxCertificates? Certificates { get; }

    public static async Task<LimitPlace> StartAsync(PoolScene scene, string limits, bool hasTls = false)
    {
        var folder = hasTls ? new TemporaryFolder() : null;
        var certificates = folder is null ? null : SandboxCertificates.Create(folder.Path);
        string tls = certificates is null ? "" : $"""
            client_tls_sslmode = "allow"
            client_tls_cert_file = "{certificates.ServerEc.CertificateFile}"
            client_tls_key_file = "{certificates.ServerEc.KeyFile}"
            """;
        return new LimitPlace(await ProxyUnderTest.StartAsync(place => $"""
            [proxy]
            listen_addr = "127.0.0.1"
            listen_port = {place.Port}
            unix_socket_dir = "{place.Folder}"
            auth_type = "plain"
            admin_users = "boss"
            pool_mode = "transaction"
            logfile = "proxy.log"
            {tls}

            [limits]
            address_exempt = "unix"
            {limits}

            [users.alice]
            password = "of alice"

            [users.bob]
            password = "of bob"

            [users.boss]
            password = "of boss"

            [databases.app]
            host = "127.0.0.1"
            port = {scene.Database.Cluster.Port}
            dbname = "{scene.Database.Name}"
            user = "postgres"
            """), folder, certificates);
    }

    /// <summary>Logs in by TCP on a connection of its own; the SQLSTATE of the refusal, or null.</summary>
    public async Task<string?> TryAsync(string user, string password)
    {
        await using RawClient client = await Proxy.ConnectAsync();
        return (await client.TryLoginAsync(user, "app", password)).Error?.SqlState;
    }

    /// <summary>The console, by the Unix socket.</summary>
    public async Task<RawClient> ConsoleAsync() =>
        await (await RawClient.ConnectUnixAsync(Proxy.Place.Folder, Proxy.Port)).LoginAsync("boss", "pgbouncer", "of boss");

    public async ValueTask DisposeAsync()
    {
        await Proxy.DisposeAsync();
        Certificates?.Dispose();
        Folder?.Dispose();
    }
}
