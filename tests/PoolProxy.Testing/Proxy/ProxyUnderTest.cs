using Npgsql;
using PoolProxy.Core;
using PoolProxy.Sandbox;

namespace PoolProxy.Testing.Proxy;

/// <summary>A proxy in this process, with a port and a folder of its own, from the text of a pool.toml (or pgbouncer.ini).</summary>
public sealed class ProxyUnderTest : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly IAsyncDisposable _proxy;

    private ProxyUnderTest(TemporaryFolder folder, ProxyPlace place, string configurationFile, IAsyncDisposable proxy)
    {
        _folder = folder;
        _proxy = proxy;
        Place = place;
        ConfigurationFile = configurationFile;
    }

    /// <summary>What starts proxies; set once, before the first test.</summary>
    public static IProxyStarter? Starter { get; set; }

    /// <summary>Its folder and port.</summary>
    public ProxyPlace Place { get; }

    /// <summary>The port it listens on.</summary>
    public int Port => Place.Port;

    /// <summary>The file it was started from; a test may write it anew and reload.</summary>
    public string ConfigurationFile { get; }

    /// <summary>Starts a proxy.</summary>
    /// <param name="configuration">Makes the file's text; <c>listen_port</c> has to be the place's port.</param>
    /// <param name="fileName"><c>pool.toml</c>, or <c>pgbouncer.ini</c> for that form.</param>
    public static async Task<ProxyUnderTest> StartAsync(Func<ProxyPlace, string> configuration, string fileName = "pool.toml")
    {
        IProxyStarter starter = Starter ?? throw new InvalidOperationException("ProxyUnderTest.Starter is not set");
        SandboxEnvironment.Clear();
        var folder = new TemporaryFolder();
        try
        {
            var place = new ProxyPlace(folder.Path, LoopbackPorts.Take());
            string file = folder.Write(fileName, EngineUnderTest.Choose(Adapt(configuration(place))));
            using var deadline = new CancellationTokenSource(Deadlines.Step);
            return new ProxyUnderTest(folder, place, file, await starter.StartAsync(file, deadline.Token));
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>The proxy itself, in this process.</summary>
    public ProxyServer Server => (ProxyServer)_proxy;

    /// <summary>Writes the file anew and has it read; the faults found, none when it is in force.</summary>
    public async Task<IReadOnlyList<string>> ReloadAsync(Func<string, string> change)
    {
        await File.WriteAllTextAsync(ConfigurationFile, change(await File.ReadAllTextAsync(ConfigurationFile)));
        return await Server.ReloadAsync();
    }

    /// <summary>Connects a raw client. Nothing is sent.</summary>
    public Task<RawClient> ConnectAsync() => RawClient.ConnectAsync(Port);

    /// <summary>Connects a raw client and logs in without TLS.</summary>
    public async Task<RawClient> LoginAsync(string user, string database, string? password = null, params IEnumerable<(string Name, string Value)> parameters) =>
        await (await ConnectAsync()).LoginAsync(user, database, password, parameters);

    /// <summary>A connection string for Npgsql without pooling of its own; TLS is verified against the authority where one is given, else off.</summary>
    public string ConnectionString(string user, string database, string? password = null, string? authorityFile = null) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = Port,
        Username = user,
        Database = database,
        Password = password,
        Pooling = false,
        SslMode = authorityFile is null ? SslMode.Disable : SslMode.VerifyFull,
        RootCertificate = authorityFile,
    }.ConnectionString;

    // POOLPROXY_TEST_THREADS runs every test that does not say how many loops it wants on so many.
    private static string Adapt(string configuration) =>
        Environment.GetEnvironmentVariable("POOLPROXY_TEST_THREADS") is { Length: > 0 } threads && !configuration.Contains("threads =", StringComparison.Ordinal)
            ? configuration.Replace("[proxy]\n", $"[proxy]\nthreads = {threads}\n", StringComparison.Ordinal)
            : configuration;

    /// <summary>Stops the proxy and removes its folder.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await _proxy.DisposeAsync();
        }
        finally
        {
            _folder.Dispose();
        }
    }
}
