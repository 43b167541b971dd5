using PoolProxy.Sandbox.Postgres;
using PoolProxy.Testing.Postgres;
using PoolProxy.Testing.Proxy;
using Xunit;

namespace PoolProxy.IntegrationTests;

/// <summary>What a class of tests shares: a database of its own on the shared cluster, and the words to start proxies in front of it.</summary>
public class PoolScene : IAsyncLifetime
{
    private readonly PostgresWish _wish;

    /// <summary>On whichever PostgreSQL is found first.</summary>
    public PoolScene()
    {
    }

    /// <summary>On a version of PostgreSQL.</summary>
    protected PoolScene(PostgresWish wish) => _wish = wish;

    /// <summary>The database.</summary>
    public TestDatabase Database { get; private set; } = null!;

    /// <inheritdoc/>
    public async Task InitializeAsync() => Database = await TestDatabase.CreateAsync(_wish);

    /// <inheritdoc/>
    public async Task DisposeAsync() => await Database.DisposeAsync();

    /// <summary>
    /// Starts a proxy whose database <c>app</c> is this scene's. Everybody is let in and served as the superuser, on one server by default.
    /// </summary>
    /// <param name="mode">The proxy's pool_mode.</param>
    /// <param name="size">The proxy's default_pool_size.</param>
    /// <param name="proxy">Further lines of [proxy].</param>
    /// <param name="database">Further lines of [databases.app].</param>
    /// <param name="rest">Whole sections behind them.</param>
    public Task<ProxyUnderTest> StartAsync(string mode = "transaction", int size = 1, string proxy = "", string database = "", string rest = "") =>
        ProxyUnderTest.StartAsync(place => Text(place.Port, Database.Cluster.Port, Database.Name, mode, size, proxy, database, rest));

    /// <summary>The pool.toml of <see cref="StartAsync"/>, for other servers or to reload.</summary>
    public static string Text(int listenPort, int serverPort, string name, string mode = "transaction", int size = 1, string proxy = "", string database = "", string rest = "") => $"""
        [proxy]
        listen_addr = "127.0.0.1"
        listen_port = {listenPort}
        auth_type = "any"
        pool_mode = "{mode}"
        default_pool_size = {size}
        {proxy}

        [databases.app]
        host = "127.0.0.1"
        port = {serverPort}
        dbname = "{name}"
        user = "postgres"
        {database}

        {rest}
        """;
}
