using PoolProxy.Sandbox.Postgres;

namespace PoolProxy.UnitTests.Sandbox;

/// <summary>The program that this assembly is when run by itself: it starts a cluster, says where, and stays until it is ended.</summary>
internal static class ClusterParent
{
    private static async Task Main()
    {
        PostgresCluster cluster = await PostgresCluster.StartAsync();
        Console.WriteLine($"{cluster.PostmasterId} {cluster.DataFolder}");
        await Console.In.ReadToEndAsync();
    }
}
