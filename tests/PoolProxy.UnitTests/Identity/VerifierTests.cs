using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using PoolProxy.Configuration.Model;
using PoolProxy.Core.Authentication.Introspection;
using PoolProxy.Core.Authentication.Tokens;
using PoolProxy.Core.Http;
using PoolProxy.Testing;
using PoolProxy.Testing.Loops;
using PoolProxy.UnitTests.Http;
using Xunit;

namespace PoolProxy.UnitTests.Identity;

/// <summary>A verifier of one's own, and several issuers that are asked: which of them sees which token, and how it is asked.</summary>
public sealed class VerifierTests : IAsyncLifetime, IDisposable
{
    private readonly List<(string At, string Type, string? Key, string Body)> _asked = [];
    private readonly ManualTime _time = new();
    private readonly TemporaryFolder _folder = new();
    private readonly RecordingLogger _log = new();
    private Func<HttpReply>? _answer;
    private HttpPlace _place = null!;
    private TokenAuthenticator? _authenticator;

    public async Task InitializeAsync() => _place = await HttpPlace.StartAsync(new HttpSettings(), Endpoint("/one"), Endpoint("/two"), Endpoint("/three"));

    public async Task DisposeAsync() => await _place.DisposeAsync();

    public void Dispose()
    {
        _authenticator?.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_verifier_is_asked_in_its_own_form_with_its_own_headers()
    {
        string headers = _folder.Write("headers", "# the key of the proxy\nX-Api-Key: k-123\n\n");
        Start(Verifier("one") with { IntrospectionFormat = IntrospectionFormat.Json, IntrospectionHeadersFile = headers });
        Assert.Equal("Accepted app_read", await SaidAsync("sso|4711;alice%20x"));
        (string at, string type, string? key, string body) = Assert.Single(_asked);
        Assert.Equal(("/one", $"application/json of {Encoding.UTF8.GetByteCount(body)}", "k-123"), (at, type, key));
        Assert.Equal("sso|4711;alice%20x", JsonNode.Parse(body)!["token"]!.GetValue<string>());
        Assert.DoesNotContain("k-123", string.Join('\n', _log.Entries.Select(entry => entry.Text)));
    }

    [Fact]
    public async Task Without_a_format_the_question_is_RFC_7662s()
    {
        Start(Verifier("one"));
        Assert.Equal("Accepted app_read", await SaidAsync("t&x=1"));
        Assert.Equal("token=t%26x%3D1&token_type_hint=access_token", Assert.Single(_asked).Body);
    }

    [Theory]
    [InlineData("t0ken-of-one", "/one")]
    [InlineData("gh_abc", "/two")]
    [InlineData("gh_app_abc", "/three")]
    [InlineData("gh", "/one")]
    [InlineData("gh_a.b.c", "/two")]
    public async Task The_longest_prefix_says_whose_a_token_is_and_nobody_else_sees_it(string token, string at)
    {
        Start(Verifier("one"), Verifier("two") with { TokenPrefix = "gh_" }, Verifier("three") with { TokenPrefix = "gh_app_" });
        await SaidAsync(token);
        Assert.Equal(at, Assert.Single(_asked).At);
    }

    [Fact]
    public async Task Where_every_issuer_has_a_prefix_other_tokens_are_shown_to_nobody()
    {
        Start(Verifier("two") with { TokenPrefix = "gh_" });
        Assert.Equal("RefusedUnproven NotThreeParts", await SaidAsync("t0ken"));
        Assert.Equal("RefusedUnproven NotThreeParts", await SaidAsync("gh_a b"));
        Assert.Empty(_asked);
    }

    public static TheoryData<string, string> Answers => new()
    {
        { "{}", "IntrospectionMalformed" },
        { "<html/>", "IntrospectionMalformed" },
        { "{\"active\":true,\"active\":false}", "IntrospectionMalformed" },
        { "{\"active\":\"true\"}", "IntrospectionMalformed" },
        { "{\"active\":false,\"sub\":\"alice\"}", "Inactive" },
        { "{\"active\":true}", "ExpiryMissing" },
        { "{\"active\":true,\"sub\":\"alice\",\"exp\":EXP}", "AudienceMissing" },
        { "{\"active\":true,\"aud\":\"a\",\"exp\":EXP}", "SubjectMissing" },
        { "{\"active\":true,\"aud\":\"a\",\"sub\":\"alice\"}", "ExpiryMissing" },
        { "{\"active\":true,\"aud\":\"b\",\"sub\":\"alice\",\"exp\":EXP}", "AudienceWrong" },
        { new string(' ', 70_000) + "{\"active\":true}", "IntrospectionFailed" },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task An_answer_that_does_not_say_all_lets_nobody_in(string answer, string reason)
    {
        _answer = () => HttpReply.Text(200, answer.Replace("EXP", _time.GetUtcNow().AddHours(1).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));
        Start(Verifier("one"));
        Assert.Equal($"RefusedUnproven {reason}", await SaidAsync("t0ken"));
    }

    [Theory]
    [InlineData(204)]
    [InlineData(302)]
    [InlineData(401)]
    [InlineData(500)]
    public async Task Another_status_lets_nobody_in(int status)
    {
        _answer = () => new HttpReply(status) { Headers = [("Location", "/two")] };
        Start(Verifier("one"));
        Assert.Equal("RefusedUnproven IntrospectionFailed", await SaidAsync("t0ken"));
        Assert.Single(_asked);
    }

    [Theory]
    [InlineData("X-Api-Key")]
    [InlineData(": x")]
    [InlineData("X Y: z")]
    [InlineData("Host: elsewhere")]
    [InlineData("Content-Length: 1")]
    [InlineData("X: s3cret\u0007")]
    public void A_headers_file_that_cannot_be_used_is_a_fault_without_its_text(string text)
    {
        string file = _folder.Write("headers", text);
        Assert.False(TokenPolicies.TryCompile(Configuration(Verifier("one") with { IntrospectionHeadersFile = file }), out _, out IReadOnlyList<PolicyFault> faults));
        Assert.StartsWith("the proof for introspection_url cannot be used: line 1", Assert.Single(faults).Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", faults[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Headers_are_bounded() => Assert.Throws<InvalidDataException>(() => FixedHeaders.Read(string.Concat(Enumerable.Range(0, 17).Select(number => $"H{number}: x\n"))));

    private ScriptedEndpoint Endpoint(string path) => new("POST", path, question =>
    {
        lock (_asked)
        {
            _asked.Add((path, $"{question.FindHeader("Content-Type")} of {question.FindHeader("Content-Length")}", question.FindHeader("X-Api-Key"), Encoding.UTF8.GetString(question.Body.Span)));
        }

        return _answer?.Invoke() ?? HttpReply.Json(200, new JsonObject { ["active"] = true, ["sub"] = "alice", ["aud"] = "a", ["exp"] = _time.GetUtcNow().AddHours(1).ToUnixTimeSeconds() });
    });

    private IssuerSettings Verifier(string name) => new()
    {
        Name = name,
        Type = IssuerType.Verifier,
        Issuer = name,
        Audience = ["a"],
        AllowHttp = true,
        IntrospectionUrl = new Uri(_place.Client.BaseAddress!, "/" + name).ToString(),
    };

    private static ProxyConfiguration Configuration(params IssuerSettings[] issuers) => new()
    {
        Issuers = issuers.ToDictionary(issuer => issuer.Name),
        Rules = [.. issuers.Select((issuer, index) => new RuleSettings { Number = index + 1, Issuer = issuer.Name, Role = ["app_read"] })],
    };

    private void Start(params IssuerSettings[] issuers)
    {
        Assert.True(TokenPolicies.TryCompile(Configuration(issuers), out TokenPolicies? policies, out IReadOnlyList<PolicyFault> faults), string.Join('\n', faults));
        _authenticator = new TokenAuthenticator(policies, _time, _log);
    }

    private async Task<string> SaidAsync(string token)
    {
        TokenDecision decision = await _authenticator!.AuthenticateAsync(Encoding.Latin1.GetBytes(token), "alice", "app", _time.GetUtcNow());
        return $"{decision.Outcome} {decision.Reason ?? decision.Role}";
    }
}
