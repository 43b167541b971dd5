using System.Globalization;
using System.Text;
using PoolProxy.Load.Driver;
using PoolProxy.Load.Workloads;
using PoolProxy.Protocol.Authentication;
using PoolProxy.Sandbox.Certificates;
using PoolProxy.Sandbox.Issuers;
using PoolProxy.Sandbox.Postgres;

namespace PoolProxy.Load.Peers;

/// <summary>Everything around the proxies: one PostgreSQL with the tables of all workloads, certificates, an issuer, and the folder of results.</summary>
internal sealed class World : IAsyncDisposable
{
    /// <summary>The database.</summary>
    public const string Database = "bench";

    /// <summary>The login of clients and servers.</summary>
    public const string User = "bench";

    /// <summary>The role that tokens enter as.</summary>
    public const string Role = "bench_reader";

    /// <summary>Who may use consoles.</summary>
    public const string Operator = "operator";

    /// <summary>The password of everybody who has one.</summary>
    public const string Password = "throughput";

    /// <summary>What proxies store of the password, as PostgreSQL would. One salt for all, so that clients derive the keys once.</summary>
    public static readonly string Verifier = ScramVerifier.FromPassword(Encoding.ASCII.GetBytes(Password), "one salt for all"u8).ToText();

    private const int MaxConnections = 600;

    private readonly string _saved;
    private readonly Dictionary<int, string> _tokens = [];
    private readonly IssuerKey _curveKey = IssuerKey.Create("ES256");

    private World(PostgresCluster cluster, SandboxCertificates certificates, TestIssuer issuer, string saved)
    {
        Cluster = cluster;
        Certificates = certificates;
        Issuer = issuer;
        _saved = saved;
        // Both keys are published; the issuer's first stays the one that signs.
        IssuerKey first = issuer.Key;
        issuer.Publish(_curveKey);
        issuer.Publish(first);
    }

    /// <summary>The server behind all proxies.</summary>
    public PostgresCluster Cluster { get; }

    /// <summary>The proxies' certificates.</summary>
    public SandboxCertificates Certificates { get; }

    /// <summary>Who signs tokens.</summary>
    public TestIssuer Issuer { get; }

    /// <summary>What TLS clients share.</summary>
    public TlsContext ClientTls { get; } = new();

    /// <summary>Starts everything and fills the tables.</summary>
    /// <param name="results">The folder of results; configuration files are saved below it.</param>
    public static async Task<World> StartAsync(string results)
    {
        PostgresCluster cluster = await PostgresCluster.StartAsync(new PostgresClusterOptions
        {
            // Clients come from all of 127.0.0.0/8.
            HbaLines = ["host all all 127.0.0.0/8 trust"],
            Settings = new Dictionary<string, string>
            {
                ["max_connections"] = MaxConnections.ToString(CultureInfo.InvariantCulture),
                ["shared_buffers"] = "128MB",
                ["autovacuum"] = "off",
                // A checkpoint in one of two rounds would look like a difference.
                ["max_wal_size"] = "4GB",
                ["checkpoint_timeout"] = "1h",
                ["log_min_messages"] = "error",
                ["log_checkpoints"] = "off",
            },
        });
        SandboxCertificates? certificates = null;
        try
        {
            string folder = cluster.CreateFolder("certificates");
            certificates = SandboxCertificates.Create(folder, "PoolProxy bench CA");
            foreach (CertificateFiles files in new[] { certificates.ServerRsa, certificates.ServerEc })
            {
                ServerAccount.Give(files.CertificateFile);
                ServerAccount.Give(files.KeyFile);
            }
            ServerAccount.Give(certificates.AuthorityFile);
            ServerAccount.Give(folder);
            await cluster.ExecuteAsync($"create database {Database}");
            await cluster.ExecuteAsync(Tables.Sql, Database);
            await cluster.ExecuteAsync("vacuum (analyze)", Database);
            TestIssuer issuer = await TestIssuer.StartAsync(new TestIssuerOptions { Life = TimeSpan.FromHours(12) });
            return new World(cluster, certificates, issuer, Path.Combine(results, "configurations"));
        }
        catch
        {
            certificates?.Dispose();
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>The credentials of one person for an entrant, by its login method. A person keeps one token for the whole run.</summary>
    public Credentials CredentialsOf(Entrant entrant, int person)
    {
        switch (entrant.Setup.Login)
        {
            case LoginMethod.Scram:
                return new Credentials(User, Database, Password);
            case LoginMethod.Token:
                if (!_tokens.TryGetValue(person, out string? token))
                {
                    _tokens.Add(person, token = Issuer.Token($"person-{person}").Build());
                }
                return new Credentials(Role, Database, token);
            default:
                return new Credentials(User, Database);
        }
    }

    /// <summary>The credentials of the first person with a new token, signed by the quicker key.</summary>
    public Credentials FreshCredentials() => new(Role, Database, Issuer.Token("person-0").SignedBy(_curveKey).Build());

    /// <summary>The certificate for that kind of TLS; null for none.</summary>
    public CertificateFiles? Certificate(TlsKind kind) => kind switch
    {
        TlsKind.Rsa => Certificates.ServerRsa,
        TlsKind.EllipticCurve => Certificates.ServerEc,
        _ => null,
    };

    /// <summary>A folder for one entrant, which the proxies' account owns.</summary>
    public string CreateFolder(string name)
    {
        string folder = Cluster.CreateFolder(FileName(name));
        ServerAccount.Give(folder);
        return folder;
    }

    /// <summary>Keeps an entrant's configuration files with the result.</summary>
    public void Save(string name, string folder)
    {
        string target = Directory.CreateDirectory(Path.Combine(_saved, FileName(name))).FullName;
        foreach (string file in Directory.GetFiles(folder).Where(file => !file.EndsWith(".log", StringComparison.Ordinal)))
        {
            File.Copy(file, Path.Combine(target, Path.GetFileName(file)), overwrite: true);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        ClientTls.Dispose();
        await Issuer.DisposeAsync();
        Certificates.Dispose();
        await Cluster.DisposeAsync();
    }

    private static string FileName(string name) => string.Concat(name.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_' ? letter : '-'));
}
