using System.Security.Cryptography;
using Npgsql;
using PoolProxy.Sandbox.Postgres;

namespace PoolProxy.Testing.Postgres;

/// <summary>
/// A database of a test class's own on a shared cluster, dropped with whoever is still connected. Roles belong to the whole cluster:
/// <see cref="Role"/> makes names that no other class has.
/// </summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private readonly string _suffix;

    private TestDatabase(PostgresCluster cluster, string suffix)
    {
        Cluster = cluster;
        _suffix = suffix;
        Name = "test_" + suffix;
    }

    /// <summary>The cluster it is on.</summary>
    public PostgresCluster Cluster { get; }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Creates one on the shared cluster of a version.</summary>
    public static async Task<TestDatabase> CreateAsync(PostgresWish wish = default) => await CreateAsync(await SharedClusters.OfAsync(wish));

    /// <summary>Creates one on a given cluster.</summary>
    public static async Task<TestDatabase> CreateAsync(PostgresCluster cluster)
    {
        var database = new TestDatabase(cluster, RandomNumberGenerator.GetHexString(10, lowercase: true));
        await cluster.ExecuteAsync($"create database {database.Name}");
        return database;
    }

    /// <summary>A role's name that only this database's tests use; the same for the same argument.</summary>
    public string Role(string name) => $"{name}_{_suffix}";

    /// <summary>A connection string for Npgsql straight to the server, without pooling.</summary>
    public string ConnectionString(string user = PostgresCluster.Superuser, string? password = null) => Cluster.ConnectionString(Name, user, password);

    /// <summary>Runs statements as the superuser.</summary>
    public Task ExecuteAsync(string sql) => Cluster.ExecuteAsync(sql, Name);

    /// <summary>Runs a query as the superuser and returns the first value.</summary>
    public Task<T?> QueryAsync<T>(string sql) => Cluster.QueryAsync<T>(sql, Name);

    /// <summary>Opens a connection as the superuser.</summary>
    public Task<NpgsqlConnection> OpenAsync() => Cluster.OpenAsync(Name);

    /// <summary>Connects a raw client straight to the server, logged in by trust.</summary>
    public async Task<RawClient> ConnectRawAsync(string user = PostgresCluster.Superuser)
    {
        RawClient client = await RawClient.ConnectAsync(Cluster.Port);
        return await client.LoginAsync(user, Name);
    }

    /// <summary>Drops it, connections included. A server that a test has stopped for good takes it along.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Cluster.PostmasterId != 0)
        {
            await Cluster.ExecuteAsync($"drop database {Name} with (force)");
        }
    }
}
