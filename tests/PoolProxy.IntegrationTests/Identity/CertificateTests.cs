using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;
using PoolProxy.IntegrationTests.Isolation;
using PoolProxy.Sandbox.Certificates;
using PoolProxy.Sandbox.Issuers;
using PoolProxy.Testing;
using PoolProxy.Testing.Postgres;
using Xunit;

namespace PoolProxy.IntegrationTests.Identity;

/// <summary>Client certificates: tokens that are bound to one (RFC 8705), certificates that are taken back, and those that alone are let in.</summary>
public sealed class CertificateTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SandboxCertificates _certificates;

    public CertificateTests() => _certificates = SandboxCertificates.Create(_folder.Path);

    public void Dispose()
    {
        _certificates.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("jwt")]
    [InlineData("oauth")]
    public async Task A_bound_token_is_good_in_the_hands_of_its_certificate_only(string authType)
    {
        await using Installation here = await StartAsync(authType: authType);
        using X509Certificate2 own = Load("laptop"), other = Load("thief");
        string token = here.Reader("alice").Claim("cnf", Bound(own)).Claim("jti", "bound").Build();
        Assert.Equal("28P01", await CodeAsync(here, token, other));
        Assert.Null(await CodeAsync(here, token, own));

        // Remembered by now, and held to it all the same.
        Assert.Equal("28P01", await CodeAsync(here, token, other));
        Assert.Equal("28P01", await CodeAsync(here, token, null));
        Assert.Equal("28P01", await CodeAsync(here, token, null, isTls: false));
        Assert.Null(await CodeAsync(here, token, own));
        await WaitFor.EqualAsync(6, () => Task.FromResult(here.AuditLines.Length));
        Assert.Equal(
            ["CertificateMismatch", "accepted", "CertificateMismatch", "CertificateMissing", "CertificateMissing", "accepted"],
            here.AuditLines.Select(line => JsonDocument.Parse(line).RootElement).Select(line => (line.TryGetProperty("reason", out JsonElement reason) ? reason : line.GetProperty("outcome")).GetString()));
    }

    [Fact]
    public async Task A_token_that_is_not_bound_needs_no_certificate_unless_the_issuers_must_be()
    {
        using X509Certificate2 own = Load("laptop");
        await using (Installation here = await StartAsync())
        {
            Assert.Null(await CodeAsync(here, here.Reader("alice").Build(), null));
            Assert.Null(await CodeAsync(here, here.Reader("alice").Build(), own));
        }

        await using Installation strict = await StartAsync(issuerLines: "require_bound_tokens = true");
        Assert.Equal("28P01", await CodeAsync(strict, strict.Reader("alice").Build(), own));
        Assert.Null(await CodeAsync(strict, strict.Reader("alice").Claim("cnf", Bound(own)).Build(), own));
        await WaitFor.EqualAsync(2, () => Task.FromResult(strict.AuditLines.Length));
        Assert.Contains("\"reason\":\"ConfirmationMissing\"", strict.AuditLines[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bound_opaque_token_is_held_to_its_certificate()
    {
        await using TestIssuer issuer = await TestIssuer.StartAsync(new TestIssuerOptions { Algorithm = "ES256" });
        using X509Certificate2 own = Load("laptop"), other = Load("thief");
        string secret = _folder.Write("introspection.secret", issuer.Opaque.ClientSecret);
        await using Installation here = await StartAsync(
            issuer: issuer,
            issuerLines: $"introspection_url = \"{issuer.IntrospectionAddress}\"\nintrospection_client_id = \"poolproxy\"\nintrospection_secret_file = \"{secret}\"");
        string token = issuer.OpaqueToken("alice", "readers");
        issuer.Opaque.Change(token, answer => answer["cnf"] = Bound(own));
        Assert.Null(await CodeAsync(here, token, own));
        Assert.Equal("28P01", await CodeAsync(here, token, other));
    }

    [Fact]
    public async Task A_certificate_that_was_taken_back_ends_the_handshake_and_a_reload_reads_the_list_anew()
    {
        CertificateFiles laptop = _certificates.Client("laptop"), phone = _certificates.Client("phone");
        string list = _certificates.Revoke([laptop]);
        await using Installation here = await StartAsync($"client_tls_crl_file = \"{list}\"");
        string token = here.Reader("alice").Build();
        using X509Certificate2 lost = Load("laptop"), good = Load("phone");
        Assert.Equal("no handshake", await CodeAsync(here, token, lost));
        Assert.Null(await CodeAsync(here, token, good));
        Assert.Null(await CodeAsync(here, token, null));

        _certificates.Revoke([laptop, phone]);
        Assert.Empty(await here.Proxy.ReloadAsync(text => text));
        Assert.Equal("no handshake", await CodeAsync(here, token, good));

        // A list that is out of date could be silent about anybody.
        _certificates.Revoke([], isOutdated: true);
        Assert.Empty(await here.Proxy.ReloadAsync(text => text));
        Assert.Equal("no handshake", await CodeAsync(here, token, good));
        _certificates.Revoke([]);
        Assert.Empty(await here.Proxy.ReloadAsync(text => text));
        Assert.Null(await CodeAsync(here, token, good));

        await File.WriteAllTextAsync(list, "no list");
        Assert.Contains("revocation list 1 cannot be read", Assert.Single(await here.Proxy.ReloadAsync(text => text)), StringComparison.Ordinal);
        Assert.Null(await CodeAsync(here, token, good));
    }

    [Fact]
    public async Task Where_fingerprints_are_listed_nobody_else_comes_in_by_TLS()
    {
        using X509Certificate2 own = Load("laptop"), other = Load("phone");
        string colons = string.Join(':', own.GetCertHashString(HashAlgorithmName.SHA256).Chunk(2).Select(pair => new string(pair)));
        await using Installation here = await StartAsync($"client_tls_fingerprints = [\"{colons}\", \"{new string('0', 64)}\"]");
        string token = here.Reader("alice").Build();
        Assert.Null(await CodeAsync(here, token, own));
        Assert.Equal("28000", await CodeAsync(here, token, other));
        Assert.Equal("28000", await CodeAsync(here, token, null));
    }

    private static JsonObject Bound(X509Certificate2 certificate) => new() { ["x5t#S256"] = Base64Url.EncodeToString(SHA256.HashData(certificate.RawData)) };

    private static async Task<string?> CodeAsync(Installation here, string token, X509Certificate2? certificate, bool isTls = true)
    {
        await using RawClient client = await here.Proxy.ConnectAsync();
        try
        {
            if (isTls)
            {
                await client.StartTlsAsync(clientCertificate: certificate);
            }

            RawLogin login = here.Proxy.ConfigurationFile is { } file && (await File.ReadAllTextAsync(file)).Contains("auth_type = \"oauth\"", StringComparison.Ordinal)
                ? await client.TryOAuthAsync("alice", here.Database.Name, OAuthClient.Bearer(token))
                : await client.TryLoginAsync("alice", here.Database.Name, token);
            return login.Error?.SqlState;
        }
        catch (Exception exception) when (exception is IOException or EndOfStreamException or System.Security.Authentication.AuthenticationException)
        {
            // TLS 1.3: a client learns with its first read that its certificate was refused.
            return "no handshake";
        }
    }

    private X509Certificate2 Load(string name) => X509Certificate2.CreateFromPemFile(_certificates.Client(name).CertificateFile, _certificates.Client(name).KeyFile);

    private Task<Installation> StartAsync(string proxyLines = "", string issuerLines = "", string authType = "jwt", TestIssuer? issuer = null) =>
        Installation.StartAsync(AvailablePostgres.Found[^1].Major, new InstallationOptions
        {
            AuthType = authType,
            Certificate = _certificates.ServerEc,
            Proxy = $"client_tls_ca_file = \"{_certificates.AuthorityFile}\"\n{proxyLines}",
            IssuerLines = issuerLines,
            Issuer = issuer,
        });
}
