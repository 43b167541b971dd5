using System.Text.Json.Nodes;
using PoolProxy.IntegrationTests.Admin;
using PoolProxy.IntegrationTests.Isolation;
using PoolProxy.Sandbox;
using PoolProxy.Sandbox.Issuers;
using PoolProxy.Testing;
using PoolProxy.Testing.Postgres;
using Xunit;

namespace PoolProxy.IntegrationTests.Revocation;

/// <summary>Security events that the issuer pushes (RFC 8935, CAEP).</summary>
public sealed class SecurityEventTests : IAsyncLifetime, IDisposable
{
    private const string Audience = "https://proxy.example.com/events";
    private const string Token = "a-bearer-token-of-the-transmitter";

    private readonly TemporaryFolder _folder = new();
    private Installation _here = null!;
    private Uri _address = null!;
    private SharedSignalsTransmitter _transmitter = null!;

    public async Task InitializeAsync()
    {
        int port = LoopbackPorts.Take();
        string file = _folder.Write("events.token", Token + "\n");
        _here = await Installation.StartAsync(AvailablePostgres.Found[^1].Major, new InstallationOptions
        {
            PoolSize = 3,
            Proxy = "verbose = 2",
            IssuerLines = $"events_audience = \"{Audience}\"\nevents_token_file = \"{file}\"",
            Sections = $"[http]\nlisten_port = {port}",
        });
        _address = new Uri($"http://127.0.0.1:{port}/events");
        _transmitter = new SharedSignalsTransmitter(_here.Issuer, Audience, _address, $"Bearer {Token}");
    }

    public async Task DisposeAsync() => await _here.DisposeAsync();

    public void Dispose()
    {
        _transmitter.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("session-revoked")]
    [InlineData("token-claims-change")]
    [InlineData("credential-change")]
    public async Task An_event_ends_the_subjects_sessions_and_refuses_the_tokens_from_before(string kind)
    {
        string token = _here.Reader("alice").Claim("iat", DateTimeOffset.UtcNow.ToUnixTimeSeconds() - 2).Build();
        await using RawClient alice = await _here.Proxy.LoginAsync("alice", _here.Database.Name, token);
        await using RawClient bob = await _here.LoginAsync("bob");
        PushResult result = kind switch
        {
            "session-revoked" => await _transmitter.SessionRevokedAsync("alice"),
            "token-claims-change" => await _transmitter.TokenClaimsChangeAsync("alice", new JsonObject { ["groups"] = "none" }),
            _ => await _transmitter.CredentialChangeAsync("alice"),
        };
        Assert.Equal(202, result.Status);
        Assert.Equal("57P01", RawClientQuestions.Said(await alice.ReadToEndAsync()));
        await using (RawClient again = await _here.Proxy.ConnectAsync())
        {
            Assert.Equal("28P01", (await again.TryLoginAsync("alice", _here.Database.Name, token)).Error?.SqlState);
        }

        Assert.Equal("of bob", await bob.ScalarAsync("select body from notes"));
        await WaitFor.TrueAsync(async () => (await _here.TryLoginAsync("alice", _here.Reader("alice"))).Error is null);
    }

    [Fact]
    public async Task A_session_of_the_issuers_is_ended_alone_and_a_new_credential_ends_nobody()
    {
        await using RawClient one = await _here.LoginAsync("alice", _here.Reader("alice").Claim("sid", "s-1"));
        await using RawClient two = await _here.LoginAsync("alice", _here.Reader("alice").Claim("sid", "s-2"));
        Assert.Equal(202, (await _transmitter.CredentialChangeAsync("alice", "create")).Status);
        Assert.Equal(202, (await _transmitter.SessionRevokedAsync("alice", "s-1")).Status);
        Assert.Equal("57P01", RawClientQuestions.Said(await one.ReadToEndAsync()));
        Assert.Equal("of alice", await two.ScalarAsync("select body from notes"));
    }

    [Fact]
    public async Task A_verification_is_acknowledged_and_an_event_that_comes_twice_is_carried_out_once()
    {
        Assert.Equal(202, (await _transmitter.VerificationAsync("state-17")).Status);
        await WaitFor.TrueAsync(() => _here.Log.Contains("Verification with state state-17", StringComparison.Ordinal));
        string said = Event("session-revoked", _transmitter.SubjectOf("alice", "s-9")).Build();
        Assert.Equal(202, (await _transmitter.SendAsync(said)).Status);
        await using RawClient console = await _here.ConsoleAsync();
        await console.DoAsync("unrevoke sid 's-9' issuer 'corp'");
        Assert.Equal(202, (await _transmitter.SendAsync(said)).Status);
        Assert.Empty(await console.RowsAsync("show revocations"));
    }

    [Fact]
    public async Task What_is_no_good_event_is_refused_by_RFC_8935_and_revokes_nothing()
    {
        JsonObject alice = _transmitter.SubjectOf("alice");
        IssuerKey stranger = IssuerKey.Create(_here.Issuer.Key.Algorithm);
        foreach ((string code, string text) in ((string, string)[])
        [
            ("invalid_request", "no token"),
            ("invalid_request", Event("session-revoked", alice).Header("typ", "JWT").Build()),
            ("invalid_request", Event("session-revoked", alice).Header("typ", null).Build()),
            ("invalid_request", _here.Reader("alice").Build()),
            ("invalid_audience", Event("session-revoked", alice).Claim("aud", "somebody else").Build()),
            ("invalid_issuer", Event("session-revoked", alice).Claim("iss", "https://other.example.com").Build()),
            ("invalid_key", Event("session-revoked", alice).ForgedBy(stranger).Build()),
            ("invalid_request", Event("session-revoked", alice).Claim("iat", DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 3600).Build()),
            ("invalid_request", Event("session-revoked", alice).Claim("iat", DateTimeOffset.UtcNow.ToUnixTimeSeconds() - 90_000).Build()),
            ("invalid_request", Event("session-revoked", alice).Without("iat").Build()),
            ("invalid_request", Event("session-revoked", alice).Claim("events", new JsonObject()).Build()),
            ("invalid_request", Event("session-revoked", new JsonObject { ["format"] = "email", ["email"] = "alice@example.com" }).Build()),
            ("access_denied", Event("session-revoked", new JsonObject { ["format"] = "iss_sub", ["iss"] = "https://other.example.com", ["sub"] = "alice" }).Build()),
        ])
        {
            PushResult result = await _transmitter.SendAsync(text);
            Assert.Equal((400, code), (result.Status, result.Error));
        }

        using var unknown = new SharedSignalsTransmitter(_here.Issuer, Audience, _address, "Bearer another-bearer-token");
        using var nobody = new SharedSignalsTransmitter(_here.Issuer, Audience, _address);
        Assert.Equal(new PushResult(401, "authentication_failed"), await unknown.SessionRevokedAsync("alice"));
        Assert.Equal(new PushResult(401, "authentication_failed"), await nobody.SessionRevokedAsync("alice"));
        await using RawClient console = await _here.ConsoleAsync();
        Assert.Empty(await console.RowsAsync("show revocations"));
        Assert.DoesNotContain(Token, _here.Log, StringComparison.Ordinal);
    }

    private TokenBuilder Event(string kind, JsonObject subject) =>
        _transmitter.Build("https://schemas.openid.net/secevent/caep/event-type/" + kind, (JsonObject)subject.DeepClone(), []);
}
