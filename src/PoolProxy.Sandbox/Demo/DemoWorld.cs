using PoolProxy.Sandbox.Certificates;
using PoolProxy.Sandbox.Issuers;
using PoolProxy.Sandbox.Postgres;

namespace PoolProxy.Sandbox.Demo;

/// <summary>
/// Everything around the proxy: a throwaway PostgreSQL with the roles and the table of conf/roles.sql, an issuer, certificates of an authority
/// of their own, tokens, and a pool.toml that joins them. All files lie in one folder that goes with the cluster, however this process ends.
/// </summary>
public sealed class DemoWorld : IAsyncDisposable
{
    private const string Database = "app";
    private const string Login = "pp_app_read";

    private DemoWorld(PostgresCluster cluster, TestIssuer issuer, SandboxCertificates certificates, string configurationFile, DemoScene scene)
    {
        Cluster = cluster;
        Issuer = issuer;
        Certificates = certificates;
        ConfigurationFile = configurationFile;
        Scene = scene;
    }

    /// <summary>The PostgreSQL behind the proxy.</summary>
    public PostgresCluster Cluster { get; }

    /// <summary>The issuer of the tokens.</summary>
    public TestIssuer Issuer { get; }

    /// <summary>The authority of all certificates.</summary>
    public SandboxCertificates Certificates { get; }

    /// <summary>The pool.toml that the proxy is to be started with.</summary>
    public string ConfigurationFile { get; }

    /// <summary>What the story needs.</summary>
    public DemoScene Scene { get; }

    /// <summary>Builds the world; the proxy is not part of it.</summary>
    /// <exception cref="SandboxException">No PostgreSQL, or it did not start.</exception>
    public static async Task<DemoWorld> StartAsync(DemoOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new DemoOptions();
        PostgresCluster cluster = await PostgresCluster.StartAsync(new PostgresClusterOptions
        {
            Wish = options.Wish,
            // As conf/roles.sql advises: the login comes in by certificate, from the proxy's address only.
            HbaLines = [$"hostssl {Database} {Login} 127.0.0.1/32 cert"],
        }, cancellation);
        SandboxCertificates? certificates = null;
        TestIssuer? issuer = null;
        try
        {
            string folder = cluster.CreateFolder("demo");
            certificates = SandboxCertificates.Create(folder, "PoolProxy demo CA");
            cluster.Certificate = certificates.ServerEc;
            cluster.ClientAuthorityFile = certificates.AuthorityFile;
            await cluster.ReloadAsync(cancellation);
            await FillAsync(cluster, options, cancellation);
            issuer = await TestIssuer.StartAsync(new TestIssuerOptions { Certificates = certificates, Life = options.TokenLife }, cancellation);
            DemoScene scene = Cast(issuer, options) with
            {
                Port = LoopbackPorts.TryTake(options.PreferredPort) ? options.PreferredPort : LoopbackPorts.Take(),
                AuthorityFile = certificates.AuthorityFile,
                AuditFile = Path.Combine(folder, "audit.log"),
            };
            string file = Path.Combine(folder, "pool.toml");
            await File.WriteAllTextAsync(file, DemoConfiguration.Text(cluster, issuer, certificates, scene, options, Login), cancellation);
            return new DemoWorld(cluster, issuer, certificates, file, scene);
        }
        catch
        {
            await DisposeAsync(cluster, issuer, certificates);
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => DisposeAsync(Cluster, Issuer, Certificates);

    private static async ValueTask DisposeAsync(PostgresCluster cluster, TestIssuer? issuer, SandboxCertificates? certificates)
    {
        if (issuer is not null)
        {
            await issuer.DisposeAsync();
        }
        certificates?.Dispose();
        await cluster.DisposeAsync();
    }

    private static async Task FillAsync(PostgresCluster cluster, DemoOptions options, CancellationToken cancellation)
    {
        await cluster.ExecuteAsync($"create database {Database}", cancellation: cancellation);
        await cluster.ExecuteAsync(InstallationSql.Text, Database, cancellation);
        await cluster.ExecuteAsync("""
            insert into documents (owner, title) values
                ('alice', 'Minutes of the board'), ('alice', 'Letter to the bank'), ('bob', 'Plan of the new hall')
            """, Database, cancellation);
        if (!options.PolicyEnabled)
        {
            await cluster.ExecuteAsync("alter table documents disable row level security", Database, cancellation);
        }
    }

    private static DemoScene Cast(TestIssuer issuer, DemoOptions options)
    {
        IssuerKey forgersKey = IssuerKey.Create(keyId: options.ForgerTrusted ? "the-forgers-own" : null);
        TokenBuilder forged = Person(issuer, "alice", "analysts");
        if (options.ForgerTrusted)
        {
            // Published first, so that the issuer's own key stays the one that signs.
            IssuerKey own = issuer.Key;
            issuer.Publish(forgersKey, keepOld: false);
            issuer.Publish(own);
            forged.SignedBy(forgersKey);
        }
        else
        {
            forged.ForgedBy(forgersKey);
        }
        TokenBuilder late = Person(issuer, "alice", "analysts");
        if (!options.ExpiredTokenFresh)
        {
            late.Life(TimeSpan.FromHours(-1));
        }
        return new DemoScene
        {
            Port = 0,
            AuthorityFile = "",
            AuditFile = "",
            Alice = new DemoPerson("alice", Person(issuer, "alice", "analysts").Build()),
            Bob = new DemoPerson("bob", Person(issuer, "bob", "analysts").Build()),
            Carol = new DemoPerson("carol", Person(issuer, "carol", "dba").Build()),
            Forger = new DemoPerson("alice", forged.Build()),
            Late = new DemoPerson("alice", late.Build()),
            Stranger = new DemoPerson("mallory", Person(issuer, "mallory", "visitors").Build()),
        };
    }

    private static TokenBuilder Person(TestIssuer issuer, string name, string group) =>
        issuer.Token(name).Groups(group).Claim("email", $"{name}@example.com");
}
