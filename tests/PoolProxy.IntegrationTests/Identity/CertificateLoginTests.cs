using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using PoolProxy.Sandbox.Certificates;
using PoolProxy.Testing;
using PoolProxy.Testing.Proxy;
using Xunit;

namespace PoolProxy.IntegrationTests.Identity;

/// <summary>auth_type = "cert": who a certificate is.</summary>
public sealed class CertificateLoginTests(PoolScene scene) : IClassFixture<PoolScene>, IDisposable
{
    private static readonly Uri Spiffe = new("spiffe://example.com/app");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_certificate_is_the_user_that_it_names_or_that_lists_it(bool byHba)
    {
        using SandboxCertificates certificates = SandboxCertificates.Create(_folder.Path);
        using X509Certificate2 alice = Load(certificates.Client("alice")), app = Load(certificates.Client("anything", Spiffe)), appByName = Load(certificates.Client("app")),
            phone = Load(certificates.Client("phone")), late = Load(certificates.ClientExpired("alice"));
        await using ProxyUnderTest proxy = await StartAsync(certificates, phone, byHba);
        Assert.Null(await CodeAsync(proxy, "alice", alice));
        Assert.Null(await CodeAsync(proxy, "app", app));
        Assert.Null(await CodeAsync(proxy, "carol", phone));
        Assert.Null(await CodeAsync(proxy, "carol", Load(certificates.Client("Carol C."))));

        // Who lists certificates is none of the others, not even the one of its name.
        Assert.Equal("28P01", await CodeAsync(proxy, "app", appByName));
        Assert.Equal("28P01", await CodeAsync(proxy, "bob", alice));
        Assert.Equal("28P01", await CodeAsync(proxy, "phone", phone));
        Assert.Equal("28P01", await CodeAsync(proxy, "alice", null));
        Assert.Equal("28P01", await CodeAsync(proxy, "alice", null, isTls: false));
        Assert.Equal("no handshake", await CodeAsync(proxy, "alice", late));
        using SandboxCertificates strangers = SandboxCertificates.Create(_folder.Combine("strangers"));
        Assert.Equal("no handshake", await CodeAsync(proxy, "alice", Load(strangers.Client("alice"))));

        string[] Lines() => File.Exists(proxy.Place.File("audit.log")) ? [.. File.ReadAllLines(proxy.Place.File("audit.log")).Where(line => line.Contains("\"login\"", StringComparison.Ordinal))] : [];
        await WaitFor.EqualAsync(9, () => Task.FromResult(Lines().Length));
        Assert.Equal(
            ["certificate_mismatch", "certificate_mismatch", "unknown_user", "certificate_missing", "certificate_missing"],
            Lines()[4..].Select(line => JsonDocument.Parse(line).RootElement.GetProperty("reason").GetString()));
        Assert.All(Lines(), line => Assert.Equal("cert", JsonDocument.Parse(line).RootElement.GetProperty("method").GetString()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_certificate_is_whom_its_DNS_names_name_too(bool byHba)
    {
        using SandboxCertificates certificates = SandboxCertificates.Create(_folder.Path);
        using X509Certificate2 machine = Load(certificates.ClientOf("machine 7", "ALICE", "*.jobs.example.com", "app")), phone = Load(certificates.Client("phone"));
        await using ProxyUnderTest proxy = await StartAsync(certificates, phone, byHba);
        Assert.Null(await CodeAsync(proxy, "alice", machine));
        Assert.Null(await CodeAsync(proxy, "nightly.jobs.example.com", machine));
        Assert.Equal("28P01", await CodeAsync(proxy, "bob", machine));
        Assert.Equal("28P01", await CodeAsync(proxy, "machine 7", machine));
        Assert.Equal("28P01", await CodeAsync(proxy, "unknown.jobs.example.com", machine));

        // Who lists certificates is none of the others.
        Assert.Equal("28P01", await CodeAsync(proxy, "app", machine));
        Assert.Null(await CodeAsync(proxy, "dave", machine));
        Assert.Equal("28P01", await CodeAsync(proxy, "dave", phone));
    }

    [Fact]
    public async Task A_map_takes_any_name_that_it_spells_out_and_by_a_pattern_the_CN_alone()
    {
        using SandboxCertificates certificates = SandboxCertificates.Create(_folder.Path);
        using X509Certificate2 machine = Load(certificates.ClientOf("Machine", "*.example.com", "Carol"));
        await using ProxyUnderTest proxy = await StartAsync(
            certificates, machine, byHba: true, "hostssl all all all cert map=m\n", "m carol carol\nm db1.example.com bob\nm machine app\nm /^(.*)\\.example\\.com$ \\1\nm /^car alice\n");
        Assert.Null(await CodeAsync(proxy, "carol", machine));
        Assert.Null(await CodeAsync(proxy, "bob", machine));
        Assert.Equal("28P01", await CodeAsync(proxy, "app", machine));
        Assert.Equal("28P01", await CodeAsync(proxy, "alice", machine));
        Assert.Equal("28P01", await CodeAsync(proxy, "nightly.jobs.example.com", machine));
    }

    [Fact]
    public async Task A_map_says_whom_a_common_name_may_be_and_then_only_that_counts()
    {
        using SandboxCertificates certificates = SandboxCertificates.Create(_folder.Path);
        using X509Certificate2 alice = Load(certificates.Client("alice")), host = Load(certificates.Client("bob.example.com")), app = Load(certificates.Client("anything", Spiffe));
        await using ProxyUnderTest proxy = await StartAsync(certificates, alice, byHba: true, "hostssl all all all cert map=m\n", "m alice carol\nm /^([a-z]+)\\.example\\.com$ \\1\n");
        Assert.Null(await CodeAsync(proxy, "carol", alice));
        Assert.Null(await CodeAsync(proxy, "bob", host));
        Assert.Equal("28P01", await CodeAsync(proxy, "alice", alice));
        Assert.Equal("28P01", await CodeAsync(proxy, "alice", host));
        Assert.Equal("28P01", await CodeAsync(proxy, "app", app));
        Assert.Equal("28P01", await CodeAsync(proxy, "carol", null));
    }

    private Task<ProxyUnderTest> StartAsync(SandboxCertificates certificates, X509Certificate2 phone, bool byHba, string lines = "host all all all cert\n", string map = "") => ProxyUnderTest.StartAsync(place =>
    {
        File.WriteAllText(place.File("hba.conf"), lines);
        File.WriteAllText(place.File("ident.conf"), map);
        return $"""
            [proxy]
            listen_addr = "127.0.0.1"
            listen_port = {place.Port}
            unix_socket_dir = ""
            auth_type = "{(byHba ? "hba" : "cert")}"
            {(byHba ? "auth_hba_file = \"hba.conf\"\nauth_ident_file = \"ident.conf\"" : "")}
            pool_mode = "transaction"
            client_tls_sslmode = "allow"
            client_tls_cert_file = "{certificates.ServerEc.CertificateFile}"
            client_tls_key_file = "{certificates.ServerEc.KeyFile}"
            client_tls_ca_file = "{certificates.AuthorityFile}"

            [audit]
            file = "{place.File("audit.log")}"

            [users.alice]
            [users.bob]
            [users.app]
            certificate = ["uri:{Spiffe}", "uri:spiffe://example.com/other"]
            [users."nightly.jobs.example.com"]
            [users.dave]
            certificate = ["dns:alice"]
            [users.carol]
            certificate = ["dn:CN=Carol C.", "sha256:{phone.GetCertHashString(HashAlgorithmName.SHA256)}"]

            [databases.app]
            host = "127.0.0.1"
            port = {scene.Database.Cluster.Port}
            dbname = "{scene.Database.Name}"
            user = "postgres"
            """;
    });

    private static async Task<string?> CodeAsync(ProxyUnderTest proxy, string user, X509Certificate2? certificate, bool isTls = true)
    {
        await using RawClient client = await proxy.ConnectAsync();
        try
        {
            if (isTls)
            {
                await client.StartTlsAsync(clientCertificate: certificate);
            }

            return (await client.TryLoginAsync(user, "app")).Error?.SqlState;
        }
        catch (Exception exception) when (exception is IOException or System.Security.Authentication.AuthenticationException)
        {
            // TLS 1.3: a client learns with its first read that its certificate was refused.
            return "no handshake";
        }
    }

    private static X509Certificate2 Load(CertificateFiles files) => X509Certificate2.CreateFromPemFile(files.CertificateFile, files.KeyFile);
}
