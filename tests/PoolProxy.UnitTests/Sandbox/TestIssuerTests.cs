using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.IdentityModel.Tokens;
using PoolProxy.Sandbox.Certificates;
using PoolProxy.Sandbox.Issuers;
using PoolProxy.Testing;
using Xunit;

namespace PoolProxy.UnitTests.Sandbox;

public sealed class TestIssuerTests
{
    [Theory]
    [InlineData("RS256")]
    [InlineData("PS256")]
    [InlineData("ES256")]
    [InlineData("ES384")]
    public async Task A_minted_token_verifies_with_the_published_key(string algorithm)
    {
        await using TestIssuer issuer = await TestIssuer.StartAsync(new TestIssuerOptions { Algorithm = algorithm });
        string token = issuer.Token("alice").Groups("analysts").Build();

        var keys = new JsonWebKeySet(await GetAsync(issuer, issuer.JwksAddress));

        Assert.True(Verifies(token, Assert.Single(keys.Keys)));
    }

    [Fact]
    public async Task Discovery_names_the_issuer_and_its_keys_in_both_well_known_places()
    {
        await using TestIssuer issuer = await TestIssuer.StartAsync(new TestIssuerOptions { Path = "/tenant/a" });

        JsonNode behind = JsonNode.Parse(await GetAsync(issuer, issuer.Issuer + "/.well-known/openid-configuration"))!;
        JsonNode between = JsonNode.Parse(await GetAsync(issuer, issuer.BaseAddress + "/.well-known/oauth-authorization-server/tenant/a"))!;

        Assert.Equal(issuer.Issuer, (string?)behind["issuer"]);
        Assert.Equal(issuer.JwksAddress, (string?)between["jwks_uri"]);
    }

    [Fact]
    public async Task Rotation_signs_with_a_new_key_and_publishes_it_beside_the_old()
    {
        await using TestIssuer issuer = await TestIssuer.StartAsync();
        IssuerKey old = issuer.Key;

        issuer.Rotate();

        string[] published = Published(issuer);
        Assert.Equal([old.KeyId, issuer.Key.KeyId], published);
        Assert.Equal(issuer.Key.KeyId, (string?)Part(issuer.Token("alice").Build(), 0)["kid"]);
    }

    [Fact]
    public async Task Rotation_can_withdraw_the_old_key()
    {
        await using TestIssuer issuer = await TestIssuer.StartAsync();

        IssuerKey next = issuer.Rotate("ES256", keepOld: false);

        Assert.Equal([next.KeyId], Published(issuer));
    }

    [Fact]
    public async Task A_forged_token_names_the_true_key_and_does_not_verify()
    {
        await using TestIssuer issuer = await TestIssuer.StartAsync();

        string token = issuer.Token("alice").ForgedBy(IssuerKey.Create()).Build();

        Assert.Equal(issuer.Key.KeyId, (string?)Part(token, 0)["kid"]);
        Assert.False(Verifies(token, new JsonWebKeySet(issuer.Jwks()).Keys[0]));
    }

    [Fact]
    public async Task An_expired_token_ended_in_the_past_and_was_issued_before_that()
    {
        await using TestIssuer issuer = await TestIssuer.StartAsync();

        JsonNode payload = Part(issuer.Token("alice").Life(TimeSpan.FromHours(-1)).Build(), 1);

        Assert.InRange((long)payload["exp"]!, 0, DateTimeOffset.UtcNow.ToUnixTimeSeconds() - 3590);
        Assert.True((long)payload["iat"]! < (long)payload["exp"]!);
    }

    [Fact]
    public async Task Header_payload_and_signature_can_be_replaced()
    {
        await using TestIssuer issuer = await TestIssuer.StartAsync();

        string[] parts = issuer.Token("alice").RawHeader("{\"alg\":\"none\"}").RawPayload("not json").SignedWith(_ => []).Build().Split('.');

        Assert.Equal("{\"alg\":\"none\"}"u8.ToArray(), WebEncoders.Base64UrlDecode(parts[0]));
        Assert.Equal("not json"u8.ToArray(), WebEncoders.Base64UrlDecode(parts[1]));
        Assert.Equal("", parts[2]);
    }

    [Fact]
    public async Task Faults_show_over_HTTP_and_end_when_they_are_lifted()
    {
        await using TestIssuer issuer = await TestIssuer.StartAsync();
        using HttpClient http = Http(null);

        issuer.Fault = IssuerFault.Unavailable;
        using HttpResponseMessage unavailable = await http.GetAsync(new Uri(issuer.JwksAddress));
        issuer.Fault = IssuerFault.Redirect;
        using HttpResponseMessage redirect = await http.GetAsync(new Uri(issuer.JwksAddress));
        issuer.Fault = IssuerFault.Oversized;
        string oversized = await http.GetStringAsync(new Uri(issuer.JwksAddress));
        issuer.Fault = IssuerFault.Down;
        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetStringAsync(new Uri(issuer.JwksAddress)));
        issuer.Fault = IssuerFault.Slow;
        Task<string> held = http.GetStringAsync(new Uri(issuer.JwksAddress));
        await WaitFor.TrueAsync(() => issuer.JwksRequests == 5);
        Assert.False(held.IsCompleted);
        issuer.Fault = IssuerFault.None;

        Assert.Equal(issuer.Jwks(), await held);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, unavailable.StatusCode);
        Assert.Equal(HttpStatusCode.Found, redirect.StatusCode);
        Assert.InRange(oversized.Length, 4 * 1024 * 1024, int.MaxValue);
    }

    [Fact]
    public async Task It_speaks_https_with_a_certificate_of_the_sandbox_authority()
    {
        using var folder = new TemporaryFolder();
        using SandboxCertificates certificates = SandboxCertificates.Create(folder.Path);
        await using TestIssuer issuer = await TestIssuer.StartAsync(new TestIssuerOptions { Certificates = certificates });
        using HttpClient http = Http(certificates);

        Assert.Equal(issuer.Jwks(), await http.GetStringAsync(new Uri(issuer.JwksAddress)));
    }

    private static string[] Published(TestIssuer issuer) => [.. new JsonWebKeySet(issuer.Jwks()).Keys.Select(key => key.Kid)];

    private static JsonNode Part(string token, int index) => JsonNode.Parse(WebEncoders.Base64UrlDecode(token.Split('.')[index]))!;

    private static bool Verifies(string token, JsonWebKey key)
    {
        int dot = token.LastIndexOf('.');
        SignatureProvider provider = key.CryptoProviderFactory.CreateForVerifying(key, key.Alg);
        return provider.Verify(System.Text.Encoding.ASCII.GetBytes(token[..dot]), WebEncoders.Base64UrlDecode(token[(dot + 1)..]));
    }

    private static async Task<string> GetAsync(TestIssuer issuer, string address)
    {
        Assert.StartsWith(issuer.BaseAddress, address, StringComparison.Ordinal);
        using HttpClient http = Http(null);
        return await http.GetStringAsync(new Uri(address));
    }

    private static HttpClient Http(SandboxCertificates? certificates)
    {
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false };
        if (certificates is not null)
        {
            handler.SslOptions = new SslClientAuthenticationOptions
            {
                CertificateChainPolicy = new X509ChainPolicy
                {
                    TrustMode = X509ChainTrustMode.CustomRootTrust,
                    RevocationMode = X509RevocationMode.NoCheck,
                    CustomTrustStore = { certificates.LoadAuthority() },
                },
            };
        }
        return new HttpClient(handler) { Timeout = Deadlines.Step };
    }
}
