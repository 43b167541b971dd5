using PoolProxy.Sandbox;
using PoolProxy.Sandbox.Issuers;
using PoolProxy.Sandbox.Postgres;
using PoolProxy.Testing;
using PoolProxy.Testing.Proxy;

namespace PoolProxy.Soak;

/// <summary>One PostgreSQL, one issuer and one proxy with two loops, in this process, and every way to revoke.</summary>
internal sealed class RevocationWorld : IAsyncDisposable
{
    private const string Role = "revoked_reader";
    private const string Audience = "https://proxy.example.com/events";
    private const string Bearer = "a-bearer-token-of-the-transmitter";

    private readonly PostgresCluster _cluster;
    private readonly TemporaryFolder _folder;
    private readonly ProxyUnderTest _proxy;

    private RevocationWorld(PostgresCluster cluster, TemporaryFolder folder, TestIssuer issuer, ProxyUnderTest proxy, int httpPort)
    {
        _cluster = cluster;
        _folder = folder;
        Issuer = issuer;
        _proxy = proxy;
        Transmitter = new SharedSignalsTransmitter(issuer, Audience, new Uri($"http://127.0.0.1:{httpPort}/events"), $"Bearer {Bearer}");
    }

    public TestIssuer Issuer { get; }

    public SharedSignalsTransmitter Transmitter { get; }

    /// <summary>The watched file.</summary>
    public string File => Path.Combine(_folder.Path, "revoked.txt");

    public static async Task<RevocationWorld> StartAsync()
    {
        PostgresCluster cluster = await PostgresCluster.StartAsync(new PostgresClusterOptions());
        await cluster.ExecuteAsync($"create role {Role} nologin; create role revoked_login login noinherit; grant {Role} to revoked_login");
        var folder = new TemporaryFolder();
        TestIssuer issuer = await TestIssuer.StartAsync(new TestIssuerOptions { Algorithm = "ES256", Life = TimeSpan.FromHours(2) });
        string secret = folder.Write("introspection.secret", issuer.Opaque.ClientSecret + "\n");
        string bearer = folder.Write("events.token", Bearer + "\n");
        string revoked = folder.Write("revoked.txt", "# nobody\n");
        int httpPort = LoopbackPorts.Take();
        ProxyUnderTest proxy = await ProxyUnderTest.StartAsync(place => $"""
            [proxy]
            listen_addr = "127.0.0.1"
            listen_port = {place.Port}
            unix_socket_dir = ""
            auth_type = "jwt"
            token_without_tls = "loopback"
            pool_mode = "transaction"
            max_client_conn = 10000
            threads = 2
            logfile = "{place.File("proxy.log")}"
            log_connections = false
            log_disconnections = false

            [revocation]
            file = "{revoked}"
            state_file = "{place.File("revocations.state")}"

            [http]
            listen_port = {httpPort}

            [issuers.corp]
            issuer = "{issuer.Issuer}"
            audience = "{issuer.Audience}"
            algorithms = ["ES256"]
            allow_http = true
            introspection_url = "{issuer.IntrospectionAddress}"
            introspection_client_id = "poolproxy"
            introspection_secret_file = "{secret}"
            introspection_ttl = "500ms"
            events_audience = "{Audience}"
            events_token_file = "{bearer}"

            [[rules]]
            issuer = "corp"
            when.groups = "admins"
            console = "admin"

            [[rules]]
            issuer = "corp"
            role = "{Role}"

            [databases.postgres]
            host = "127.0.0.1"
            port = {cluster.Port}
            server_tls_sslmode = "disable"

            [databases.postgres.logins.{Role}]
            user = "revoked_login"
            pool_size = 20
            """);
        return new RevocationWorld(cluster, folder, issuer, proxy, httpPort);
    }

    /// <summary>A session by this token.</summary>
    public Task<RawClient> LoginAsync(string token) => _proxy.LoginAsync(Role, "postgres", token);

    /// <summary>The console.</summary>
    public Task<RawClient> ConsoleAsync() => _proxy.LoginAsync("admin", "poolproxy", Issuer.Token("admin").Groups("admins").Build());

    /// <summary>How many servers run a statement.</summary>
    public Task<int> SleepersAsync() => _cluster.QueryAsync<int>("select count(*)::int from pg_stat_activity where query = 'select pg_sleep(60)' and state = 'active'", "postgres");

    public async ValueTask DisposeAsync()
    {
        Transmitter.Dispose();
        await _proxy.DisposeAsync();
        await Issuer.DisposeAsync();
        _folder.Dispose();
        await _cluster.DisposeAsync();
    }
}
