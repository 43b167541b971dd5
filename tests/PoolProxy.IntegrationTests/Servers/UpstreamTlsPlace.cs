using PoolProxy.Sandbox.Certificates;
using PoolProxy.Sandbox.Postgres;
using PoolProxy.Testing;
using PoolProxy.Testing.Postgres;
using Xunit;

namespace PoolProxy.IntegrationTests.Servers;

/// <summary>Two authorities, and servers of one version with a good certificate, with one for another host, and without TLS; each made when it is asked for.</summary>
public sealed class UpstreamTlsPlace : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<(int Major, string Kind), PostgresCluster> _clusters = [];

    /// <summary>The authority of every server's certificate, and of the clients' that servers accept.</summary>
    public SandboxCertificates Authority { get; private set; } = null!;

    /// <summary>Another, which nobody trusts.</summary>
    public SandboxCertificates Stranger { get; private set; } = null!;

    /// <inheritdoc/>
    public Task InitializeAsync()
    {
        Authority = SandboxCertificates.Create(Path.Combine(_folder.Path, "authority"));
        Stranger = SandboxCertificates.Create(Path.Combine(_folder.Path, "stranger"));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        foreach (PostgresCluster cluster in _clusters.Values)
        {
            await cluster.DisposeAsync();
        }
        Authority.Dispose();
        Stranger.Dispose();
        _folder.Dispose();
    }

    /// <summary>A server: <c>good</c>, <c>wrong-host</c> or <c>plain</c>. Its role <c>certified</c> comes in by TLS with a client certificate of its name only.</summary>
    public async Task<PostgresCluster> ServerAsync(int major, string kind)
    {
        if (kind == "plain")
        {
            return await SharedClusters.OfAsync(PostgresWish.Exactly(major));
        }
        if (!_clusters.TryGetValue((major, kind), out PostgresCluster? cluster))
        {
            _clusters.Add((major, kind), cluster = await PostgresCluster.StartAsync(new PostgresClusterOptions
            {
                Wish = PostgresWish.Exactly(major),
                Certificate = kind == "good" ? Authority.ServerRsa : Authority.ServerWrongHost,
                ClientAuthorityFile = Authority.AuthorityFile,
                HbaLines = ["hostssl all certified 127.0.0.1/32 cert", "host all certified 127.0.0.1/32 reject", "host all bound 127.0.0.1/32 scram-sha-256",
                    "host all hashed 127.0.0.1/32 md5", "host all all 127.0.0.1/32 trust"],
            }));
            await cluster.ExecuteAsync("create role certified login; create role bound login password 'secret'; set password_encryption = md5; create role hashed login password 'secret'");
        }
        return cluster;
    }
}
