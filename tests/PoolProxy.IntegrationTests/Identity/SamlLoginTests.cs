using System.Text.Json;
using PoolProxy.IntegrationTests.Http;
using PoolProxy.IntegrationTests.Isolation;
using PoolProxy.Sandbox;
using PoolProxy.Testing;
using PoolProxy.Testing.Postgres;
using PoolProxy.Testing.Saml;
using Xunit;

namespace PoolProxy.IntegrationTests.Identity;

/// <summary>SAML assertions as passwords, and as what access on demand is asked for with.</summary>
public sealed class SamlLoginTests
{
    private static DateTimeOffset Now => DateTimeOffset.UtcNow;

    [Theory]
    [InlineData("jwt")]
    [InlineData("oauth")]
    public async Task An_assertion_lets_its_subject_in_once(string authType)
    {
        using var provider = new SamlProvider();
        using var folder = new TemporaryFolder();
        await using Installation here = await StartAsync(provider, folder, authType);
        string assertion = provider.Assertion("alice", Now).Attribute("groups", "saml-readers", "staff").Build();
        await using (RawClient alice = await here.Proxy.ConnectAsync())
        {
            Assert.Null((await TryAsync(alice, here, authType, assertion)).Error);
            Assert.Equal("of alice", await alice.ScalarAsync("select body from notes"));
            Assert.Equal("alice idp", await alice.ScalarAsync("select current_setting('request.jwt.claims')::json ->> 'sub' || ' idp'"));
        }

        string unruly = provider.Assertion("mallory", Now).Attribute("groups", "nobody").Build();
        using var stranger = new SamlProvider();
        string forged = stranger.Assertion("alice", Now).Attribute("groups", "saml-readers").Build();
        string wrapped = provider.Assertion("alice", Now).Attribute("groups", "saml-readers").RewriteAfter(text => $"<Response>{text}</Response>").Build();
        foreach ((string token, string code) in ((string, string)[])[(assertion, "28P01"), (forged, "28P01"), (wrapped, "28P01"), (unruly, "28000")])
        {
            await using RawClient client = await here.Proxy.ConnectAsync();
            Assert.Equal(code, (await TryAsync(client, here, authType, token)).Error?.SqlState);
        }

        await WaitFor.TrueAsync(() => here.AuditLines.Length == 5);
        Assert.Equal(["accepted", "SamlUsed", "SignatureInvalid", "SamlNotAnAssertion", "NoRule"], here.AuditLines.Select(line => JsonDocument.Parse(line).RootElement).Select(
            line => (line.TryGetProperty("reason", out JsonElement reason) ? reason : line.GetProperty("outcome")).GetString()));
        string written = here.Log + string.Concat(here.AuditLines);
        Assert.All((string[])[assertion, unruly, forged], token => Assert.DoesNotContain(token[100..160], written));
    }

    [Fact]
    public async Task Of_many_who_show_one_assertion_at_once_one_is_let_in_also_across_a_reload()
    {
        using var provider = new SamlProvider();
        using var folder = new TemporaryFolder();
        await using Installation here = await StartAsync(provider, folder, "jwt");
        string assertion = provider.Assertion("alice", Now).Attribute("groups", "saml-readers").Build();
        RawClient[] clients = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => here.Proxy.ConnectAsync()));
        RawLogin[] logins = await Task.WhenAll(clients.Select(client => TryAsync(client, here, "jwt", assertion)));
        Assert.Single(logins, login => login.Error is null);
        foreach (RawClient client in clients)
        {
            await client.DisposeAsync();
        }

        Assert.Empty(await here.Proxy.ReloadAsync(text => text));
        await using RawClient again = await here.Proxy.ConnectAsync();
        Assert.Equal("28P01", (await TryAsync(again, here, "jwt", assertion)).Error?.SqlState);
    }

    [Fact]
    public async Task Access_on_demand_takes_an_assertion_for_a_credential()
    {
        using var provider = new SamlProvider();
        using var folder = new TemporaryFolder();
        int port = LoopbackPorts.Take();
        await using Installation here = await StartAsync(provider, folder, "jwt", database => $"""
            [http]
            listen_port = {port}

            [[access.policies]]
            issuer = "idp"
            when.groups = "oncall"
            role = "{database.Role("writers")}"
            """);
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        var form = new Dictionary<string, string>
        {
            ["grant_type"] = AccessPlace.TokenExchange,
            ["subject_token"] = provider.Assertion("carol", Now).Attribute("groups", "oncall").Build(),
            ["subject_token_type"] = "urn:ietf:params:oauth:token-type:saml2",
            ["audience"] = here.Database.Name,
            ["reason"] = "ticket 4711",
        };
        using HttpResponseMessage answer = await http.PostAsync("/access/token", new FormUrlEncodedContent(form));
        string credential = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("access_token").GetString()!;
        await using RawClient carol = await here.Proxy.LoginAsync("carol", here.Database.Name, credential);
        Assert.Equal(here.Writers, await carol.ScalarAsync("select current_user"));
        using HttpResponseMessage again = await http.PostAsync("/access/token", new FormUrlEncodedContent(form));
        Assert.Equal(400, (int)again.StatusCode);
    }

    private static Task<RawLogin> TryAsync(RawClient client, Installation here, string authType, string assertion) => authType == "oauth"
        ? client.TryOAuthAsync("alice", here.Database.Name, OAuthClient.Bearer(assertion))
        : client.TryLoginAsync("alice", here.Database.Name, assertion);

    private static async Task<Installation> StartAsync(SamlProvider provider, TemporaryFolder folder, string authType, Func<TestDatabase, string>? more = null)
    {
        string certificate = folder.Write("idp.crt", provider.CertificatePem);
        return await Installation.StartAsync(AvailablePostgres.Found[^1].Major, new InstallationOptions
        {
            AuthType = authType,
            Proxy = authType == "oauth" ? "verbose = 2\noauth_issuer = \"corp\"" : "verbose = 2",
            MoreSections = database => $"""
                [issuers.idp]
                type = "saml"
                issuer = "{provider.Issuer}"
                audience = "{provider.Audience}"
                saml_cert_file = "{certificate}"
                saml_recipient = "{provider.Recipient}"

                [[rules]]
                issuer = "idp"
                when.groups = "saml-readers"
                role = "{database.Role("readers")}"

                {more?.Invoke(database)}
                """,
        });
    }
}
