using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Npgsql;
using PoolProxy.ClientTests.Targets;
using PoolProxy.Core.Admin;
using PoolProxy.Sandbox;
using PoolProxy.Sandbox.Certificates;
using PoolProxy.Sandbox.Issuers;
using PoolProxy.Sandbox.Postgres;
using PoolProxy.Testing.Postgres;
using PoolProxy.Testing.Proxy;
using PoolProxy.Testing.Saml;

namespace PoolProxy.ClientTests.Proofs;

/// <summary>One proxy that takes every proof, each under a database of its own by auth_hba_file, with an issuer and one role behind it.</summary>
internal sealed class ProofStage : IAsyncDisposable
{
    private const string Password = "a reader's password";

    private static readonly Lock Gate = new();

    private readonly TestDatabase _database;
    private readonly TestIssuer _issuer;
    private readonly ProxyUnderTest _proxy;
    private readonly SandboxCertificates _certificates;

    private readonly System.Collections.Concurrent.ConcurrentBag<string> _secrets = [Password, "of the login"];

    private readonly SamlProvider _stranger = new();
    private readonly SamlProvider _provider;
    private readonly HttpClient _http;

    private ProofStage(TestDatabase database, TestIssuer issuer, SamlProvider provider, int httpPort, ProxyUnderTest proxy, SandboxCertificates certificates)
    {
        _provider = provider;
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri($"http://127.0.0.1:{httpPort}") };
        _database = database;
        _issuer = issuer;
        _proxy = proxy;
        _certificates = certificates;
    }

    /// <summary>The role that everybody is to be.</summary>
    public string Role => _database.Role("reader");

    public static async Task<ProofStage> OpenAsync()
    {
        ClientClusters clusters = await ClientClusters.OfAsync(PostgresWish.Any);
        TestDatabase database = await TestDatabase.CreateAsync(clusters.Cluster);
        string role = database.Role("reader"), login = database.Role("pp_reader");
        await database.ExecuteAsync($"create role {role} nologin; create role {login} login noinherit password 'of the login'; grant {role} to {login}");
        TestIssuer issuer = await TestIssuer.StartAsync(new TestIssuerOptions { Algorithm = "ES256", Certificates = clusters.Certificates });
        var provider = new SamlProvider();
        int httpPort = LoopbackPorts.Take();
        ProxyUnderTest proxy = await ProxyUnderTest.StartAsync(place => Configuration(place, clusters, issuer, provider, httpPort, database.Name, role, login));
        return new ProofStage(database, issuer, provider, httpPort, proxy, clusters.Certificates);
    }

    /// <summary>What a client needs for the proof.</summary>
    /// <param name="proof">The proof.</param>
    /// <param name="isRight">Whether it is to be a good one.</param>
    public async Task<ProofTarget> TargetAsync(Proof proof, bool isRight)
    {
        CertificateFiles own = _certificates.Client(Role);
        string password =
            proof == Proof.Opaque ? (isRight ? _issuer.OpaqueToken("alice", "readers") : "no-token-of-anybodys")
            : proof == Proof.Scram ? (isRight ? Password : "wrong")
            : proof == Proof.Certificate ? ""
            : proof == Proof.Saml ? (isRight ? _provider : _stranger).Assertion("alice", DateTimeOffset.UtcNow).Attribute("groups", "readers").Build()
            : proof == Proof.Access ? (isRight ? await ExchangeAsync() : "no-credential-of-anybodys")
            : proof == Proof.Bound ? Token(own, isRight)
            : Token(null, isRight);
        _secrets.Add(password);
        CertificateFiles? shown = !proof.HasCertificate ? null : isRight ? own : _certificates.Client("somebody-else");
        return new ProofTarget(
            new Target("127.0.0.1", _proxy.Port, Role, password, proof.Database, _certificates.AuthorityFile),
            shown, shown is null ? null : DerOf(shown), _issuer.Issuer, proof == Proof.OAuth);
    }

    /// <summary>What nobody may find anywhere: every password and token that was handed out, the parts of tokens by themselves, and what the proxy itself proves who it is with.</summary>
    public IEnumerable<string> Secrets => _secrets.Append(_issuer.Opaque.ClientSecret)
        .SelectMany(secret => secret.Split('.').Append(secret))
        .Where(part => part.Length > 4)
        .SelectMany(part => (string[])[part, Convert.ToBase64String(Encoding.UTF8.GetBytes(part)).TrimEnd('=')])
        .Distinct();

    /// <summary>Everything that the proxy and the server have written down or would show: log, audit trail, every SHOW, and the server's activity while somebody works.</summary>
    public async Task<string> EverythingSaidAsync()
    {
        Target console = (await TargetAsync(Proof.Jwt, isRight: true)).Target with { Database = "pgbouncer" };
        Target busy = (await TargetAsync(Proof.Opaque, isRight: true)).Target;
        await using var work = new NpgsqlConnection(busy.Npgsql().ConnectionString);
        await work.OpenAsync();
        await using var command = new NpgsqlCommand("select current_user", work);
        await command.ExecuteScalarAsync();
        var said = new StringBuilder();
        await using var look = new NpgsqlConnection(console.Npgsql().ConnectionString);
        await look.OpenAsync();
        foreach (string name in CommandCatalogue.All.Select(known => known.Name).Where(name => name.StartsWith("SHOW ", StringComparison.Ordinal) && name is not ("SHOW HELP" or "SHOW FDS")))
        {
            said.Append(await RowsAsync(look, name));
        }

        await using NpgsqlConnection server = await _database.OpenAsync();
        said.Append(await RowsAsync(server, "select * from pg_stat_activity"));
        foreach (string file in Directory.GetFiles(_proxy.Place.Folder, "*.log"))
        {
            said.Append(await File.ReadAllTextAsync(file));
        }

        return said.ToString();
    }

    private static async Task<string> RowsAsync(NpgsqlConnection connection, string sql)
    {
        var text = new StringBuilder(sql).Append('\n');
        await using var command = new NpgsqlCommand(sql, connection);
        await using NpgsqlDataReader rows = await command.ExecuteReaderAsync();
        while (await rows.ReadAsync())
        {
            for (int i = 0; i < rows.FieldCount; i++)
            {
                text.Append(rows.GetValue(i)).Append('\t');
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _proxy.DisposeAsync();
        _provider.Dispose();
        _stranger.Dispose();
        await _issuer.DisposeAsync();
        await _database.DisposeAsync();
    }

    // RFC 8693, as access on demand has it.
    private async Task<string> ExchangeAsync()
    {
        string token = _issuer.Token("carol").Groups("oncall").Build();
        _secrets.Add(token);
        using HttpResponseMessage answer = await _http.PostAsync("/access/token", new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "urn:ietf:params:oauth:grant-type:token-exchange",
            ["subject_token"] = token,
            ["subject_token_type"] = "urn:ietf:params:oauth:token-type:jwt",
            ["audience"] = Proof.Access.Database,
            ["reason"] = "a proof",
        }));
        string body = await answer.Content.ReadAsStringAsync();
        return (string?)JsonNode.Parse(body)!["access_token"] ?? throw new InvalidOperationException($"{(int)answer.StatusCode} {body}");
    }

    // A bound token is wrong in other hands, any other by its signature.
    private string Token(CertificateFiles? bound, bool isRight)
    {
        TokenBuilder token = _issuer.Token("alice").Groups("readers");
        if (bound is not null)
        {
            using X509Certificate2 certificate = X509CertificateLoader.LoadCertificateFromFile(bound.CertificateFile);
            return token.Claim("cnf", new JsonObject { ["x5t#S256"] = Base64Url.EncodeToString(SHA256.HashData(certificate.RawData)) }).Build();
        }

        return (isRight ? token : token.ForgedBy(IssuerKey.Create("ES256"))).Build();
    }

    // PKCS #8, DER.
    private static string DerOf(CertificateFiles files)
    {
        string file = Path.ChangeExtension(files.CertificateFile, ".pk8");
        lock (Gate)
        {
            // Another driver may be reading it.
            if (!File.Exists(file))
            {
                using X509Certificate2 certificate = files.Load();
                File.WriteAllBytes(file, certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKey());
            }
        }

        return file;
    }

    private static string Configuration(ProxyPlace place, ClientClusters clusters, TestIssuer issuer, SamlProvider provider, int httpPort, string database, string role, string login)
    {
        File.WriteAllText(place.File("hba.conf"), string.Concat(Proof.All.Select(proof => $"hostssl {proof.Database} all all {proof.Method}\n").Append("hostssl pgbouncer all all jwt\n")));
        File.WriteAllText(place.File("introspection.secret"), issuer.Opaque.ClientSecret);
        File.WriteAllText(place.File("idp.crt"), provider.CertificatePem);
        return $"""
            [proxy]
            listen_addr = "127.0.0.1"
            listen_port = {place.Port}
            unix_socket_dir = ""
            auth_type = "hba"
            auth_hba_file = "hba.conf"
            oauth_issuer = "corp"
            pool_mode = "transaction"
            logfile = "proxy.log"
            verbose = 3
            client_tls_sslmode = "require"
            client_tls_cert_file = "{clusters.Certificates.ServerEc.CertificateFile}"
            client_tls_key_file = "{clusters.Certificates.ServerEc.KeyFile}"
            client_tls_ca_file = "{clusters.Certificates.AuthorityFile}"

            [issuers.corp]
            issuer = "{issuer.Issuer}"
            audience = "{issuer.Audience}"
            algorithms = ["ES256"]
            ca_file = "{clusters.Certificates.AuthorityFile}"
            introspection_url = "{issuer.IntrospectionAddress}"
            introspection_client_id = "{issuer.Opaque.ClientId}"
            introspection_secret_file = "introspection.secret"

            [[rules]]
            issuer = "corp"
            when.groups = "readers"
            role = "{role}"
            console = "stats"

            [issuers.idp]
            type = "saml"
            issuer = "{provider.Issuer}"
            audience = "{provider.Audience}"
            saml_cert_file = "idp.crt"
            saml_recipient = "{provider.Recipient}"

            [[rules]]
            issuer = "idp"
            when.groups = "readers"
            role = "{role}"

            [http]
            listen_port = {httpPort}

            [[access.policies]]
            issuer = "corp"
            when.groups = "oncall"
            role = "{role}"

            [audit]
            file = "{place.File("audit.log")}"
            statements = "all"
            parameters = true

            [users.{role}]
            password = "{Password}"

            {string.Concat(Proof.All.Select(proof => $"""
            [databases.{proof.Database}]
            host = "127.0.0.1"
            port = {clusters.Cluster.Port}
            dbname = "{database}"

            [databases.{proof.Database}.logins.{role}]
            user = "{login}"
            password = "of the login"


            """))}
            """;
    }
}
