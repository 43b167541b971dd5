using System.Security.Cryptography;
using System.Text;
using PoolProxy.Configuration.Model;
using PoolProxy.Core.Authentication.Tokens;
using PoolProxy.Sandbox.Issuers;
using PoolProxy.Testing;
using PoolProxy.Testing.Loops;
using Xunit;

namespace PoolProxy.UnitTests.Identity;

/// <summary>Opaque tokens: who is asked, how often, and what follows when the issuer does not answer.</summary>
public sealed class IntrospectionTests : IAsyncLifetime, IDisposable
{
    private readonly ManualTime _time = new();
    private readonly RecordingLogger _log = new();
    private readonly TemporaryFolder _folder = new();
    private TestIssuer _issuer = null!;
    private TokenAuthenticator? _authenticator;

    public async Task InitializeAsync() => _issuer = await TestIssuer.StartAsync(new TestIssuerOptions { Algorithm = "ES256", Time = _time });

    public void Dispose()
    {
        _authenticator?.Dispose();
        _folder.Dispose();
    }

    public async Task DisposeAsync() => await _issuer.DisposeAsync();

    [Fact]
    public async Task The_issuer_is_asked_once_and_again_after_the_ttl()
    {
        await StartAsync();
        string token = _issuer.OpaqueToken("alice", "analysts");
        Assert.Equal("Accepted app_read", await SaidAsync(token));
        Assert.Equal("Accepted app_read", await SaidAsync(token));
        Assert.Equal(1, _issuer.Opaque.Requests);
        _time.Advance(TimeSpan.FromSeconds(59));
        _issuer.Opaque.Revoke(token);
        Assert.Equal("Accepted app_read", await SaidAsync(token));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("RefusedUnproven Inactive", await SaidAsync(token));
        Assert.Equal(2, _issuer.Opaque.Requests);
    }

    [Fact]
    public async Task That_a_token_is_not_active_is_remembered_briefly()
    {
        await StartAsync();
        Assert.Equal("RefusedUnproven Inactive", await SaidAsync("made-up"));
        Assert.Equal("RefusedUnproven Inactive", await SaidAsync("made-up"));
        Assert.Equal(1, _issuer.Opaque.Requests);
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("RefusedUnproven Inactive", await SaidAsync("made-up"));
        Assert.Equal(2, _issuer.Opaque.Requests);
    }

    [Fact]
    public async Task Many_logins_with_one_token_are_one_question()
    {
        await StartAsync();
        string token = _issuer.OpaqueToken("alice", "analysts");
        _issuer.Fault = IssuerFault.Slow;
        Task<string>[] logins = [.. Enumerable.Range(0, 20).Select(_ => SaidAsync(token))];
        await WaitFor.TrueAsync(() => _issuer.Waiting == 1);
        _issuer.Fault = IssuerFault.None;
        Assert.All(await Task.WhenAll(logins), said => Assert.Equal("Accepted app_read", said));
        Assert.Equal(1, _issuer.Opaque.Requests);
    }

    [Fact]
    public async Task No_more_questions_are_under_way_than_may_be()
    {
        await StartAsync(settings => settings with { IntrospectionConcurrency = 2 });
        string[] tokens = [.. Enumerable.Range(0, 10).Select(number => _issuer.OpaqueToken($"alice{number}", "analysts"))];
        _issuer.Fault = IssuerFault.Slow;
        Task<string>[] logins = [.. tokens.Select(token => SaidAsync(token, "app_read"))];
        await WaitFor.TrueAsync(() => _issuer.Waiting == 2);
        Assert.Equal(2, _issuer.MostWaiting);
        _issuer.Fault = IssuerFault.None;
        Assert.All(await Task.WhenAll(logins), said => Assert.Equal("Accepted app_read", said));
        Assert.Equal(10, _issuer.Opaque.Requests);
    }

    [Fact]
    public async Task When_too_many_wait_the_next_are_refused_at_once()
    {
        await StartAsync();
        _issuer.Fault = IssuerFault.Slow;
        List<Task<string>> logins = [.. Enumerable.Range(0, 300).Select(number => SaidAsync($"token-{number}"))];
        for (int number = 0; number < 300 - 256; number++)
        {
            Task<string> first = await Task.WhenAny(logins);
            logins.Remove(first);
            Assert.Equal("RefusedUnproven IntrospectionBusy", await first);
        }

        _issuer.Fault = IssuerFault.None;
        Assert.All(await Task.WhenAll(logins), said => Assert.Equal("RefusedUnproven Inactive", said));
    }

    [Theory]
    [InlineData(IssuerFault.Down)]
    [InlineData(IssuerFault.Unavailable)]
    [InlineData(IssuerFault.Redirect)]
    [InlineData(IssuerFault.Oversized)]
    public async Task Without_an_answer_nobody_enters_and_nothing_is_remembered(IssuerFault fault)
    {
        await StartAsync();
        string token = _issuer.OpaqueToken("alice", "analysts");
        _issuer.Fault = fault;
        Assert.Equal("RefusedUnproven IntrospectionFailed", await SaidAsync(token));
        _issuer.Fault = IssuerFault.None;
        Assert.Equal("Accepted app_read", await SaidAsync(token));
    }

    [Fact]
    public async Task An_answer_that_is_no_JSON_lets_nobody_enter()
    {
        await StartAsync();
        _issuer.Fault = IssuerFault.NotJson;
        Assert.Equal("RefusedUnproven IntrospectionMalformed", await SaidAsync(_issuer.OpaqueToken("alice", "analysts")));
    }

    [Fact]
    public async Task An_issuer_that_does_not_answer_costs_the_timeout_and_no_more()
    {
        await StartAsync();
        _issuer.Fault = IssuerFault.Slow;
        Task<string> login = SaidAsync(_issuer.OpaqueToken("alice", "analysts"));
        await WaitFor.TrueAsync(() => _issuer.Waiting == 1);
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("RefusedUnproven IntrospectionFailed", await login);
    }

    [Fact]
    public async Task Who_has_a_signed_token_enters_while_the_issuer_is_down()
    {
        await StartAsync();
        Assert.Equal("Accepted app_read", await SaidAsync(_issuer.Token("alice").Groups("analysts").Build()));
        _issuer.Fault = IssuerFault.Down;
        Assert.Equal("RefusedUnproven IntrospectionFailed", await SaidAsync(_issuer.OpaqueToken("alice", "analysts")));
        Assert.Equal("Accepted app_read", await SaidAsync(_issuer.Token("alice").Groups("analysts").Build()));
    }

    [Fact]
    public async Task A_signed_token_and_what_has_no_tokens_form_are_never_asked_about()
    {
        await StartAsync();
        await SaidAsync(_issuer.Token("alice").Groups("analysts").Build());
        await SaidAsync(_issuer.Token("alice").Unsigned().Build());
        Assert.Equal("RefusedUnproven NotThreeParts", await SaidAsync("not a token"));
        Assert.Equal("RefusedUnproven NotThreeParts", await SaidAsync(""));
        Assert.Equal("RefusedUnproven NotThreeParts", await SaidAsync("a&token=b"));
        Assert.Equal(0, _issuer.Opaque.Requests + _issuer.Opaque.Strangers);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_proxy_proves_itself_by_a_private_key(bool isRsa)
    {
        using AsymmetricAlgorithm key = isRsa ? RSA.Create(2048) : ECDsa.Create(ECCurve.NamedCurves.nistP256);
        _issuer.Opaque.ClientPublicPem = key.ExportSubjectPublicKeyInfoPem();
        string file = _folder.Write("client.key", key.ExportPkcs8PrivateKeyPem());
        await StartAsync(settings => settings with { IntrospectionSecretFile = null, IntrospectionKeyFile = file, IntrospectionKeyId = "k1" });
        Assert.Equal("Accepted app_read", await SaidAsync(_issuer.OpaqueToken("alice", "analysts")));
        Assert.Equal((1, 0), (_issuer.Opaque.Requests, _issuer.Opaque.Strangers));
    }

    [Fact]
    public async Task An_issuer_that_does_not_know_the_proxy_lets_nobody_enter_and_the_log_says_why()
    {
        string token = _issuer.OpaqueToken("alice", "analysts");
        string file = _folder.Write("wrong", "a-wrong-secret\n");
        await StartAsync(settings => settings with { IntrospectionSecretFile = file });
        Assert.Equal("RefusedUnproven IntrospectionFailed", await SaidAsync(token));
        string line = Assert.Single(_log.Entries.Select(entry => entry.Text), line => line.Contains("could not be asked", StringComparison.Ordinal));
        Assert.Contains("answered 401: it does not know the proxy by its id and proof", line, StringComparison.Ordinal);
        Assert.DoesNotContain(token, line, StringComparison.Ordinal);
        Assert.DoesNotContain("a-wrong-secret", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n")]
    public void A_proof_that_cannot_be_used_is_a_fault(string pem)
    {
        string file = _folder.Write("client.key", pem);
        Assert.False(TryCompile(settings => settings with { IntrospectionSecretFile = null, IntrospectionKeyFile = file }, out _, out IReadOnlyList<PolicyFault> faults));
        Assert.StartsWith("the proof for introspection_url cannot be used", Assert.Single(faults).Message, StringComparison.Ordinal);
        Assert.False(TryCompile(settings => settings with { IntrospectionSecretFile = null, IntrospectionSecretEnv = "POOLPROXY_TEST_NO_SUCH_VARIABLE" }, out _, out faults));
        Assert.Contains("the variable POOLPROXY_TEST_NO_SUCH_VARIABLE is not set", Assert.Single(faults).Message, StringComparison.Ordinal);
    }

    private async Task<string> SaidAsync(string token, string user = "alice")
    {
        TokenDecision decision = await _authenticator!.AuthenticateAsync(Encoding.Latin1.GetBytes(token), user, "app", _time.GetUtcNow());
        return $"{decision.Outcome} {decision.Reason ?? decision.Role}";
    }

    private async Task StartAsync(Func<IssuerSettings, IssuerSettings>? change = null)
    {
        Assert.True(TryCompile(change ?? (settings => settings), out TokenPolicies? policies, out IReadOnlyList<PolicyFault> faults), string.Join('\n', faults));
        _authenticator = new TokenAuthenticator(policies!, _time, _log);

        // What is held back later is then a question about a token.
        await WaitFor.TrueAsync(() => _authenticator.Issuers[0].Keys.Current is not null);
    }

    private bool TryCompile(Func<IssuerSettings, IssuerSettings> change, out TokenPolicies? policies, out IReadOnlyList<PolicyFault> faults)
    {
        var settings = new IssuerSettings
        {
            Name = "corp",
            Issuer = _issuer.Issuer,
            Audience = [_issuer.Audience],
            AllowHttp = true,
            IntrospectionUrl = _issuer.IntrospectionAddress,
            IntrospectionClientId = "poolproxy",
            IntrospectionSecretFile = _folder.Write("secret", _issuer.Opaque.ClientSecret + "\n"),
        };
        var configuration = new ProxyConfiguration
        {
            Issuers = new Dictionary<string, IssuerSettings> { ["corp"] = change(settings) },
            Rules = [new RuleSettings { Number = 1, Issuer = "corp", Role = ["app_read"] }],
        };
        return TokenPolicies.TryCompile(configuration, out policies, out faults);
    }
}
