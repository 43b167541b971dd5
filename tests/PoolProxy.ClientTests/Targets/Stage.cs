using PoolProxy.Sandbox.Postgres;
using PoolProxy.Testing.Postgres;
using PoolProxy.Testing.Proxy;

namespace PoolProxy.ClientTests.Targets;

/// <summary>A database of a test's own on the shared cluster and, on the way through a proxy, a proxy of its own in front of it.</summary>
internal sealed class Stage : IAsyncDisposable
{
    private readonly ProxyUnderTest? _proxy;

    private Stage(TestDatabase database, ProxyUnderTest? proxy, Target target)
    {
        Database = database;
        _proxy = proxy;
        Target = target;
    }

    /// <summary>The database; its own connections go to the server directly, as the superuser.</summary>
    public TestDatabase Database { get; }

    /// <summary>Where clients connect.</summary>
    public Target Target { get; }

    /// <summary>Opens a stage.</summary>
    /// <param name="way">Directly, or through a proxy.</param>
    /// <param name="poolSize">The proxy's server connections. Two make a client meet both as soon as another holds one.</param>
    /// <param name="tls">Whether clients use TLS; the proxy does so towards the server in any case.</param>
    /// <param name="wish">The version.</param>
    /// <param name="proxyLines">Further lines of [proxy].</param>
    public static async Task<Stage> OpenAsync(Way way, int poolSize = 2, bool tls = true, PostgresWish wish = default, string proxyLines = "")
    {
        ClientClusters clusters = await ClientClusters.OfAsync(wish);
        TestDatabase database = await TestDatabase.CreateAsync(clusters.Cluster);
        try
        {
            await clusters.Cluster.ExecuteAsync($"alter database {database.Name} owner to {ClientClusters.Guest}");
            ProxyUnderTest? proxy = way == Way.Proxy ? await ProxyUnderTest.StartAsync(place => Configuration(place, clusters, poolSize, proxyLines)) : null;
            return new Stage(database, proxy, new Target(
                "127.0.0.1",
                proxy?.Port ?? clusters.Cluster.Port,
                ClientClusters.Guest,
                ClientClusters.Password,
                database.Name,
                tls ? clusters.Certificates.AuthorityFile : null));
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops the proxy, then drops the database.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_proxy is not null)
        {
            await _proxy.DisposeAsync();
        }
        await Database.DisposeAsync();
    }

    private static string Configuration(ProxyPlace place, ClientClusters clusters, int poolSize, string proxyLines) => $"""
        [proxy]
        listen_addr = "127.0.0.1"
        listen_port = {place.Port}
        auth_type = "scram-sha-256"
        pool_mode = "transaction"
        default_pool_size = {poolSize}
        max_client_conn = 200
        client_tls_sslmode = "allow"
        client_tls_cert_file = "{clusters.Certificates.ServerEc.CertificateFile}"
        client_tls_key_file = "{clusters.Certificates.ServerEc.KeyFile}"
        {proxyLines}

        [users.{ClientClusters.Guest}]
        password = "{ClientClusters.Password}"

        [databases."*"]
        host = "127.0.0.1"
        port = {clusters.Cluster.Port}
        user = "{ClientClusters.Guest}"
        password = "{ClientClusters.Password}"
        server_tls_sslmode = "verify-full"
        server_tls_ca_file = "{clusters.Certificates.AuthorityFile}"
        """;
}
