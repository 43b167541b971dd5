using System.Collections.Concurrent;
using PoolProxy.Sandbox.Postgres;

namespace PoolProxy.Testing.Postgres;

/// <summary>
/// One cluster per version for all tests of the process, started by the first that asks. None is disposed: each ends with the process.
/// A test that stops, kills or reconfigures a server starts a <see cref="PostgresCluster"/> of its own.
/// </summary>
public static class SharedClusters
{
    private static readonly ConcurrentDictionary<PostgresWish, Lazy<Task<PostgresCluster>>> Clusters = new();

    /// <summary>The cluster of the first version that is found.</summary>
    public static Task<PostgresCluster> AnyAsync() => OfAsync(PostgresWish.Any);

    /// <summary>The cluster of a version.</summary>
    public static Task<PostgresCluster> OfAsync(PostgresWish wish) =>
        Clusters.GetOrAdd(wish, static wished => new Lazy<Task<PostgresCluster>>(() => StartAsync(wished))).Value;

    private static async Task<PostgresCluster> StartAsync(PostgresWish wish)
    {
        // "Any" and the version that it finds are the same cluster.
        PostgresBinaries binaries = await PostgresBinaries.FindAsync(wish);
        if (wish.Major is null)
        {
            return await OfAsync(PostgresWish.Exactly(binaries.Major));
        }
        PostgresCluster cluster = await PostgresCluster.StartAsync(new PostgresClusterOptions
        {
            Binaries = binaries,
            // Many test classes, each with pools of its own, share it.
            Settings = new Dictionary<string, string> { ["max_connections"] = "400" },
            // A test's role chooses its method by membership; every other role is trusted.
            HbaLines = [
                "local all +test_scram scram-sha-256",
                "local all +test_md5 md5",
                "local all +test_cleartext password",
                "local all all trust",
                "host all +test_scram 127.0.0.1/32 scram-sha-256",
                "host all +test_md5 127.0.0.1/32 md5",
                "host all +test_cleartext 127.0.0.1/32 password",
                "host all all 127.0.0.1/32 trust",
            ],
        });
        await cluster.ExecuteAsync("create role test_scram; create role test_md5; create role test_cleartext");
        return cluster;
    }
}
