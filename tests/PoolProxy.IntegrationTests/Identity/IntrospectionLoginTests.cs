using System.Text.Json;
using PoolProxy.IntegrationTests.Isolation;
using PoolProxy.Sandbox.Issuers;
using PoolProxy.Testing;
using PoolProxy.Testing.Postgres;
using Xunit;

namespace PoolProxy.IntegrationTests.Identity;

/// <summary>Opaque tokens, whose issuer is asked: by both ways that a token comes.</summary>
public sealed class IntrospectionLoginTests
{
    [Theory]
    [InlineData("jwt")]
    [InlineData("oauth")]
    public async Task People_with_opaque_tokens_see_their_own_rows_until_the_issuer_says_otherwise(string authType)
    {
        await using TestIssuer issuer = await TestIssuer.StartAsync(new TestIssuerOptions { Algorithm = "ES256" });
        await using Installation here = await StartAsync(issuer, authType, "introspection_ttl = 0\nintrospection_negative_ttl = 0");
        string alice = issuer.OpaqueToken("alice", "readers"), bob = issuer.OpaqueToken("bob", "readers"), mallory = issuer.OpaqueToken("mallory", "visitors");
        foreach ((string name, string token) in ((string, string)[])[("alice", alice), ("bob", bob)])
        {
            await using RawClient client = await here.Proxy.ConnectAsync();
            Assert.Null((await TryAsync(client, here, authType, name, token)).Error);
            Assert.Equal($"of {name}", await client.ScalarAsync("select body from notes"));
        }

        issuer.Opaque.Revoke(alice);
        Assert.Equal("28P01", await CodeAsync(here, authType, "alice", alice));
        Assert.Equal("28P01", await CodeAsync(here, authType, "alice", "made-up"));
        Assert.Equal("28000", await CodeAsync(here, authType, "mallory", mallory));
        issuer.Fault = IssuerFault.Down;
        Assert.Equal("28P01", await CodeAsync(here, authType, "bob", bob));

        await WaitFor.EqualAsync(6, () => Task.FromResult(here.AuditLines.Length));
        Assert.Equal(
            ["accepted alice", "accepted bob", "Inactive ", "Inactive ", "NoRule mallory", "IntrospectionFailed "],
            here.AuditLines.Select(line => JsonDocument.Parse(line).RootElement).Select(line =>
                $"{(line.TryGetProperty("reason", out JsonElement reason) ? reason : line.GetProperty("outcome")).GetString()} {(line.TryGetProperty("subject", out JsonElement subject) ? subject.GetString() : "")}"));
        string written = here.Log + string.Concat(here.AuditLines);
        Assert.All((string[])[alice, bob, mallory, issuer.Opaque.ClientSecret], secret => Assert.DoesNotContain(secret, written));
        Assert.Contains("could not be asked about a token", here.Log);
    }

    [Fact]
    public async Task A_session_ends_when_the_issuer_said_that_its_token_does()
    {
        await using TestIssuer issuer = await TestIssuer.StartAsync(new TestIssuerOptions { Algorithm = "ES256", Life = TimeSpan.FromSeconds(3) });
        await using Installation here = await StartAsync(issuer, "jwt", "token_expiry_grace = 1\nclock_skew = 0");
        await using RawClient idle = await here.Proxy.LoginAsync("alice", here.Database.Name, issuer.OpaqueToken("alice", "readers"));
        Assert.Equal("57P01", RawClientQuestions.Said(await idle.ReadToEndAsync()));
    }

    [Fact]
    public async Task Many_logins_wait_for_a_slow_issuer_and_the_proxy_serves_others()
    {
        await using TestIssuer issuer = await TestIssuer.StartAsync(new TestIssuerOptions { Algorithm = "ES256" });
        await using Installation here = await StartAsync(issuer, "jwt", "introspection_concurrency = 1");
        await using RawClient bob = await here.LoginAsync("bob");
        issuer.Fault = IssuerFault.Slow;
        string token = issuer.OpaqueToken("alice", "readers");
        Task<string?>[] waiting = [.. Enumerable.Range(0, 20).Select(_ => CodeAsync(here, "jwt", "alice", token))];
        await WaitFor.TrueAsync(() => issuer.Waiting == 1);
        Assert.Equal("of bob", await bob.ScalarAsync("select body from notes"));
        await using (await here.LoginAsync("bob"))
        {
        }

        issuer.Fault = IssuerFault.None;
        Assert.All(await Task.WhenAll(waiting), Assert.Null);
        Assert.Equal(1, issuer.Opaque.Requests);
    }

    private static async Task<string?> CodeAsync(Installation here, string authType, string user, string token)
    {
        await using RawClient client = await here.Proxy.ConnectAsync();
        return (await TryAsync(client, here, authType, user, token)).Error?.SqlState;
    }

    private static Task<RawLogin> TryAsync(RawClient client, Installation here, string authType, string user, string token) => authType == "oauth"
        ? client.TryOAuthAsync(user, here.Database.Name, OAuthClient.Bearer(token))
        : client.TryLoginAsync(user, here.Database.Name, token);

    private static async Task<Installation> StartAsync(TestIssuer issuer, string authType, string lines)
    {
        // The file is read when the proxy starts.
        using var folder = new TemporaryFolder();
        string secret = folder.Write("introspection.secret", issuer.Opaque.ClientSecret + "\n");
        return await Installation.StartAsync(AvailablePostgres.Found[^1].Major, new InstallationOptions
        {
            Issuer = issuer,
            AuthType = authType,
            Proxy = "verbose = 2",
            IssuerLines = $"introspection_url = \"{issuer.IntrospectionAddress}\"\nintrospection_client_id = \"poolproxy\"\nintrospection_secret_file = \"{secret}\"\n{lines}",
        });
    }
}
