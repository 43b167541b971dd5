using System.Collections.Concurrent;
using PoolProxy.Sandbox.Certificates;
using PoolProxy.Sandbox.Postgres;

namespace PoolProxy.ClientTests.Targets;

/// <summary>
/// One cluster a version for all client tests of the process, started by the first that asks and ended with the process. It has TLS and
/// demands SCRAM, so that a script that works directly has used what it is to use with the proxy.
/// </summary>
internal sealed class ClientClusters
{
    /// <summary>The role that all scripts log in as; it owns the databases.</summary>
    public const string Guest = "guest";

    /// <summary>The guest's password.</summary>
    public const string Password = "a guest's password";

    private static readonly ConcurrentDictionary<PostgresWish, Lazy<Task<ClientClusters>>> All = new();

    private ClientClusters(PostgresCluster cluster, SandboxCertificates certificates)
    {
        Cluster = cluster;
        Certificates = certificates;
    }

    /// <summary>The cluster.</summary>
    public PostgresCluster Cluster { get; }

    /// <summary>The authority of its certificate, and of the proxies before it.</summary>
    public SandboxCertificates Certificates { get; }

    /// <summary>The cluster of a version; one that is missing is a failure.</summary>
    public static Task<ClientClusters> OfAsync(PostgresWish wish) =>
        All.GetOrAdd(wish, static wished => new Lazy<Task<ClientClusters>>(() => StartAsync(wished))).Value;

    private static async Task<ClientClusters> StartAsync(PostgresWish wish)
    {
        PostgresCluster cluster = await PostgresCluster.StartAsync(new PostgresClusterOptions
        {
            Wish = wish,
            HbaLines = ["host all all 127.0.0.1/32 scram-sha-256"],
        });
        SandboxCertificates certificates = SandboxCertificates.Create(cluster.CreateFolder("certificates"));
        cluster.Certificate = certificates.ServerEc;
        await cluster.ReloadAsync();
        await cluster.ExecuteAsync($"create role {Guest} login password '{Password.Replace("'", "''", StringComparison.Ordinal)}'");
        return new ClientClusters(cluster, certificates);
    }
}
