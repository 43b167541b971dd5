using PoolProxy.Sandbox.Certificates;
using PoolProxy.Sandbox.Issuers;
using PoolProxy.Sandbox.Postgres;
using PoolProxy.Testing;
using PoolProxy.Testing.Proxy;

namespace PoolProxy.Soak;

/// <summary>One PostgreSQL, one issuer that can be stopped, and one proxy with TLS and one loop, in this process.</summary>
internal sealed class OutageWorld : IAsyncDisposable
{
    private const string Role = "outage_reader";

    private readonly PostgresCluster _cluster;
    private readonly SandboxCertificates _certificates;
    private readonly TemporaryFolder _folder;
    private readonly ProxyUnderTest _proxy;

    private OutageWorld(PostgresCluster cluster, SandboxCertificates certificates, TemporaryFolder folder, TestIssuer issuer, ProxyUnderTest proxy)
    {
        _cluster = cluster;
        _certificates = certificates;
        _folder = folder;
        Issuer = issuer;
        _proxy = proxy;
    }

    public TestIssuer Issuer { get; }

    public static async Task<OutageWorld> StartAsync()
    {
        PostgresCluster cluster = await PostgresCluster.StartAsync(new PostgresClusterOptions());
        await cluster.ExecuteAsync($"create role {Role} nologin; create role outage_login login noinherit; grant {Role} to outage_login");
        var folder = new TemporaryFolder();
        SandboxCertificates certificates = SandboxCertificates.Create(folder.Path);
        TestIssuer issuer = await TestIssuer.StartAsync(new TestIssuerOptions { Algorithm = "ES256", Life = TimeSpan.FromHours(2) });
        ProxyUnderTest proxy = await ProxyUnderTest.StartAsync(place => $"""
            [proxy]
            listen_addr = "127.0.0.1"
            listen_port = {place.Port}
            unix_socket_dir = ""
            auth_type = "jwt"
            pool_mode = "transaction"
            max_client_conn = 5000
            logfile = "{place.File("proxy.log")}"
            log_connections = false
            log_disconnections = false
            client_tls_sslmode = "require"
            client_tls_cert_file = "{certificates.ServerEc.CertificateFile}"
            client_tls_key_file = "{certificates.ServerEc.KeyFile}"

            [limits]
            address_exempt = ""
            address_failures = 20

            [issuers.corp]
            issuer = "{issuer.Issuer}"
            audience = "{issuer.Audience}"
            algorithms = ["ES256"]
            allow_http = true
            jwks_refresh_interval = 30

            [[rules]]
            issuer = "corp"
            role = "{Role}"

            [databases.postgres]
            host = "127.0.0.1"
            port = {cluster.Port}
            server_tls_sslmode = "disable"

            [databases.postgres.logins.{Role}]
            user = "outage_login"
            """);
        return new OutageWorld(cluster, certificates, folder, issuer, proxy);
    }

    /// <summary>A token of somebody of whom nothing else is asked.</summary>
    public string Token(IssuerKey key) => Issuer.Token("somebody").SignedBy(key).Build();

    /// <summary>One login over TLS, one query, and away; the SQLSTATE of the refusal, or null.</summary>
    public async Task<string?> LoginAsync(string token)
    {
        await using RawClient client = await _proxy.ConnectAsync();
        await client.StartTlsAsync();
        RawLogin login = await client.TryLoginAsync(Role, "postgres", token);
        if (login.Error is { } error)
        {
            return error.SqlState;
        }

        await client.ScalarAsync("select 1");
        return null;
    }

    public async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        await Issuer.DisposeAsync();
        _certificates.Dispose();
        _folder.Dispose();
        await _cluster.DisposeAsync();
    }
}
