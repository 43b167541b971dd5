using PoolProxy.Sandbox.Postgres;
using PoolProxy.Testing;
using PoolProxy.Testing.Postgres;
using PoolProxy.Testing.Proxy;
using PoolProxy.Testing.Wire;

namespace PoolProxy.IntegrationTests.Statements;

/// <summary>A database of one version and a proxy of one server in front of it that serves unnamed statements by prepared ones.</summary>
internal sealed class KeptPlace : IAsyncDisposable
{
    private KeptPlace(TestDatabase database, ProxyUnderTest proxy)
    {
        Database = database;
        Proxy = proxy;
    }

    public TestDatabase Database { get; }

    public ProxyUnderTest Proxy { get; }

    public static async Task<KeptPlace> StartAsync(int major, string proxy = "", string database = "cache_unnamed_statements = true", string mode = "transaction", int size = 1)
    {
        TestDatabase made = await TestDatabase.CreateAsync(PostgresWish.Exactly(major));
        try
        {
            return new KeptPlace(made, await ProxyUnderTest.StartAsync(place =>
                PoolScene.Text(place.Port, made.Cluster.Port, made.Name, mode, size, proxy, database)));
        }
        catch
        {
            await made.DisposeAsync();
            throw;
        }
    }

    /// <summary>A client of the proxy.</summary>
    public Task<RawClient> LoginAsync(params IEnumerable<(string Name, string Value)> parameters) => Proxy.LoginAsync("a", "app", null, parameters);

    /// <summary>A client of PostgreSQL itself.</summary>
    public async Task<RawClient> LoginDirectlyAsync() => await (await RawClient.ConnectAsync(Database.Cluster.Port)).LoginAsync("postgres", Database.Name);

    public async ValueTask DisposeAsync()
    {
        await Proxy.DisposeAsync();
        await Database.DisposeAsync();
    }
}

/// <summary>The batch that drivers send for a query without a name.</summary>
internal static class UnnamedBatches
{
    /// <summary>Parse, Bind, Describe, Execute and Sync, and their answers.</summary>
    public static Task<IReadOnlyList<WireMessage>> RunAsync(this RawClient client, string sql, params string?[] values) =>
        client.Parse("", sql).Bind("", "", values).DescribePortal().Execute().Sync().RoundTripAsync();

    /// <summary>The first value of the first row of such a batch.</summary>
    public static async Task<string?> AskAsync(this RawClient client, string sql, params string?[] values)
    {
        IReadOnlyList<WireMessage> answer = await client.RunAsync(sql, values);
        return answer.SqlState() is { Length: > 0 } state ? state : answer.Rows().FirstOrDefault();
    }

    /// <summary>How many statements of the proxy's the client's server holds.</summary>
    public static async Task<int> KeptAsync(this RawClient client) =>
        int.Parse((await client.ScalarAsync("select count(*) from pg_prepared_statements where name like 'poolproxy\\_%'"))!, System.Globalization.CultureInfo.InvariantCulture);
}
