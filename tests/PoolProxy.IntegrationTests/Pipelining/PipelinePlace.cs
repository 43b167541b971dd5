using PoolProxy.Sandbox.Postgres;
using PoolProxy.Testing;
using PoolProxy.Testing.Postgres;
using PoolProxy.Testing.Proxy;

namespace PoolProxy.IntegrationTests.Pipelining;

/// <summary>A database of one version of PostgreSQL, and a proxy that pipelines in front of it.</summary>
internal sealed class PipelinePlace : IAsyncDisposable
{
    private PipelinePlace(TestDatabase database, ProxyUnderTest proxy, RawClient console)
    {
        Database = database;
        Proxy = proxy;
        Console = console;
    }

    public TestDatabase Database { get; }

    public ProxyUnderTest Proxy { get; }

    public RawClient Console { get; }

    public static async Task<PipelinePlace> StartAsync(int major, int size = 1, string proxy = "", string database = "", string mode = "transaction")
    {
        TestDatabase made = await TestDatabase.CreateAsync(PostgresWish.Exactly(major));
        try
        {
            ProxyUnderTest started = await ProxyUnderTest.StartAsync(place => PoolScene.Text(
                place.Port, made.Cluster.Port, made.Name, mode, size, "admin_users = \"boss\"\n" + proxy, PipelinePlay.Lines + "\n" + database));
            return new PipelinePlace(made, started, await started.LoginAsync("boss", "pgbouncer"));
        }
        catch
        {
            await made.DisposeAsync();
            throw;
        }
    }

    /// <summary>A client of the proxy.</summary>
    public Task<RawClient> LoginAsync(params IEnumerable<(string Name, string Value)> parameters) => Proxy.LoginAsync("a", "app", null, parameters);

    /// <summary>What one value of the database is, asked through the proxy.</summary>
    public async Task<string?> ScalarAsync(string sql)
    {
        await using RawClient client = await LoginAsync();
        return await client.ScalarAsync(sql);
    }

    /// <summary>How many requests were sent behind others so far.</summary>
    public Task<long> PipelinedAsync() => PipelinePlay.PipelinedAsync(Console);

    /// <summary>Several clients do the same at once, each a number of times.</summary>
    public async Task CrowdAsync(int clients, int times, Func<RawClient, Task> act, Func<RawClient, Task>? begin = null)
    {
        await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(async () =>
        {
            await using RawClient client = await LoginAsync();
            if (begin is not null)
            {
                await begin(client);
            }

            for (int i = 0; i < times; i++)
            {
                await act(client);
            }
        })));
    }

    public async ValueTask DisposeAsync()
    {
        await Console.DisposeAsync();
        await Proxy.DisposeAsync();
        await Database.DisposeAsync();
    }
}
