using PoolProxy.IntegrationTests.Isolation;
using PoolProxy.Sandbox.Issuers;
using PoolProxy.Testing;
using PoolProxy.Testing.Postgres;
using Xunit;

namespace PoolProxy.IntegrationTests.Revocation;

/// <summary>Issuers are asked again about the opaque tokens of sessions that are in.</summary>
public sealed class RecheckTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_session_ends_when_its_issuer_no_longer_vouches_for_its_token_and_not_because_it_is_away()
    {
        await using TestIssuer issuer = await TestIssuer.StartAsync(new TestIssuerOptions { Algorithm = "ES256" });
        string secret = _folder.Write("introspection.secret", issuer.Opaque.ClientSecret + "\n");
        await using Installation here = await Installation.StartAsync(AvailablePostgres.Found[^1].Major, new InstallationOptions
        {
            Issuer = issuer,
            PoolSize = 3,
            Proxy = "verbose = 2",
            IssuerLines = $"introspection_url = \"{issuer.IntrospectionAddress}\"\nintrospection_client_id = \"poolproxy\"\nintrospection_secret_file = \"{secret}\"\nintrospection_ttl = 1",
        });
        string lost = issuer.OpaqueToken("alice", "readers"), kept = issuer.OpaqueToken("bob", "readers");
        await using RawClient idle = await here.Proxy.LoginAsync("alice", here.Database.Name, lost);
        await using RawClient busy = await here.Proxy.LoginAsync("alice", here.Database.Name, lost);
        await using RawClient bob = await here.Proxy.LoginAsync("bob", here.Database.Name, kept);
        await busy.Query("select pg_sleep(600)").SendAsync();

        issuer.Fault = IssuerFault.Down;
        await WaitFor.TrueAsync(() => here.Log.Contains("could not be asked about a token", StringComparison.Ordinal));
        Assert.Equal("of bob", await bob.ScalarAsync("select body from notes"));
        issuer.Fault = IssuerFault.None;
        issuer.Opaque.Revoke(lost);
        Assert.Equal("57P01", RawClientQuestions.Said(await idle.ReadToEndAsync()));
        Assert.Equal("57P01", RawClientQuestions.Said(await busy.ReadToEndAsync()));
        Assert.Equal("of bob", await bob.ScalarAsync("select body from notes"));

        // It shows the next one as others do, and it is that one that counts.
        string next = issuer.OpaqueToken("bob", "readers");
        await bob.DoAsync($"set poolproxy.token = '{next}'");
        int asked = issuer.Opaque.Requests;
        issuer.Opaque.Revoke(kept);
        await WaitFor.TrueAsync(() => issuer.Opaque.Requests > asked + 1);
        Assert.Equal("of bob", await bob.ScalarAsync("select body from notes"));
        Assert.All((string[])[lost, kept, next], token => Assert.DoesNotContain(token, here.Log + string.Concat(here.AuditLines), StringComparison.Ordinal));
        issuer.Opaque.Revoke(next);
        Assert.Equal("57P01", RawClientQuestions.Said(await bob.ReadToEndAsync()));
    }
}
