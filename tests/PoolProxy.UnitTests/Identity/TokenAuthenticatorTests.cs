using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using PoolProxy.Configuration.Model;
using PoolProxy.Core.Authentication.Tokens;
using PoolProxy.Identity.Rules;
using PoolProxy.Sandbox.Issuers;
using Xunit;
using ClaimCondition = PoolProxy.Configuration.Model.ClaimCondition;
using ClaimMatch = PoolProxy.Configuration.Model.ClaimMatch;

namespace PoolProxy.UnitTests.Identity;

public sealed class TokenAuthenticatorTests : IAsyncLifetime, IDisposable
{
    private readonly ManualTime _time = new();
    private TestIssuer _issuer = null!;
    private TokenAuthenticator _authenticator = null!;

    public async Task InitializeAsync()
    {
        _issuer = await TestIssuer.StartAsync(new TestIssuerOptions { Algorithm = "ES256", Time = _time });
        _authenticator = new TokenAuthenticator(Policies(), _time, NullLogger.Instance);
    }

    public void Dispose() => _authenticator.Dispose();

    public async Task DisposeAsync() => await _issuer.DisposeAsync();

    [Fact]
    public async Task A_good_token_becomes_an_identity()
    {
        string token = _issuer.Token("alice").Groups("analysts").Claim("email", "a@example.com").Claim("jti", "j1").Build();

        TokenDecision decision = await LoginAsync(token, user: "a@example.com");

        Assert.Equal(TokenOutcome.Accepted, decision.Outcome);
        Assert.Equal("app_read", decision.Role);
        Assert.Equal(("corp", "alice", "j1", 2), (decision.Issuer, decision.Subject, decision.TokenId, decision.RuleNumber));
        Assert.Equal("""{"email":"a@example.com","groups":["analysts"],"sub":"alice"}""", decision.Identity!.ExposedClaims);
        Assert.Equal(Corp.Now.AddMinutes(10), decision.ExpiresAt);
        Assert.Equal(TimeSpan.FromSeconds(60), decision.ExpiryGrace);
        Assert.Null(decision.SqlState);
        Assert.Null(decision.Reason);
    }

    [Fact]
    public async Task The_second_login_with_a_token_is_decided_at_once()
    {
        string token = PersonToken("alice", "analysts");
        TokenDecision first = await LoginAsync(token, user: "app_read");

        ValueTask<TokenDecision> second = LoginAsync(token, user: "app_read");

        Assert.True(second.IsCompletedSuccessfully);
        Assert.Equal(first with { IsFromCache = true }, await second);
    }

    [Fact]
    public async Task A_remembered_token_still_may_not_be_every_role()
    {
        string token = PersonToken("alice", "analysts");
        await LoginAsync(token);

        TokenDecision decision = await LoginAsync(token, user: "app_write");

        Assert.Equal((TokenOutcome.RefusedProven, "28000", "RoleNotAllowed"), (decision.Outcome, decision.SqlState, decision.Reason));
    }

    [Fact]
    public async Task A_remembered_token_is_asked_again_where_it_comes_from_and_when()
    {
        _authenticator.Reload(Policies(new RuleSettings { Number = 1, Issuer = "corp", Role = ["app_read"], From = ["10.0.0.0/8"], Hours = ["Sat 11:00-12:30"], SessionLength = TimeSpan.FromMinutes(20) }));
        byte[] token = Encoding.Latin1.GetBytes(PersonToken("alice", "analysts"));
        async Task<TokenDecision> FromAsync(string address) =>
            await _authenticator.AuthenticateAsync(token, "app_read", "app", _time.GetUtcNow(), address: System.Net.IPAddress.Parse(address));

        TokenDecision first = await FromAsync("10.0.0.1");
        Assert.Equal((TokenOutcome.Accepted, (DateTimeOffset?)Corp.Now.AddMinutes(20), false), (first.Outcome, first.SessionEndsAt, first.EndsByHours));
        Assert.Equal((TokenOutcome.RefusedProven, "NoRule"), ((await FromAsync("192.0.2.1")).Outcome, (await FromAsync("192.0.2.1")).Reason));
        _time.Advance(TimeSpan.FromMinutes(9));
        TokenDecision later = await FromAsync("10.0.0.1");
        Assert.Equal((true, (DateTimeOffset?)Corp.Now.AddMinutes(29), false), (later.IsFromCache, later.SessionEndsAt, later.EndsByHours));
        // What is only explained, or judged again, is no hit.
        await _authenticator.ExplainAsync(token, "app_read", "app", _time.GetUtcNow(), address: System.Net.IPAddress.Parse("10.0.0.1"));
        TokenDecision again = _authenticator.JudgeAgain(later.Judged!, since: Corp.Now.AddMinutes(-5))!;
        Assert.Equal((TokenOutcome.Accepted, (DateTimeOffset?)Corp.Now.AddMinutes(15)), (again.Outcome, again.SessionEndsAt));
        Assert.Equal((2, Corp.Now.AddMinutes(9)), (_authenticator.Rules.Single().Hits.Count, _authenticator.Rules.Single().Hits.Last));
    }

    [Fact]
    public async Task The_end_of_the_hours_counts_where_it_comes_before_the_sessions_length()
    {
        _authenticator.Reload(Policies(new RuleSettings { Number = 1, Issuer = "corp", Role = ["app_read"], Hours = ["Sat 11:00-12:05"], TimeZone = "UTC", SessionLength = TimeSpan.FromMinutes(20) }));

        TokenDecision decision = await LoginAsync(PersonToken("alice", "analysts"), user: "app_read");

        Assert.Equal(((DateTimeOffset?)Corp.Now.AddMinutes(5), true), (decision.SessionEndsAt, decision.EndsByHours));
    }

    [Fact]
    public async Task A_remembered_token_is_asked_about_another_database()
    {
        string token = PersonToken("alice", "billing");
        Assert.Equal(TokenOutcome.Accepted, (await LoginAsync(token, database: "billing")).Outcome);

        TokenDecision decision = await LoginAsync(token, database: "app");

        Assert.Equal((TokenOutcome.RefusedProven, "NoRule"), (decision.Outcome, decision.Reason));
        Assert.Equal(TokenOutcome.Accepted, (await LoginAsync(token, database: "billing")).Outcome);
    }

    [Fact]
    public async Task A_remembered_token_ends_with_its_exp()
    {
        string token = PersonToken("alice", "analysts");
        await LoginAsync(token);
        _time.Advance(TimeSpan.FromMinutes(11));

        TokenDecision decision = await LoginAsync(token);

        Assert.Equal((TokenOutcome.RefusedUnproven, "28P01", "Expired"), (decision.Outcome, decision.SqlState, decision.Reason));
    }

    [Fact]
    public async Task A_remembered_token_ends_when_its_key_is_taken_back()
    {
        string token = PersonToken("alice", "analysts");
        await LoginAsync(token);
        _issuer.Rotate(keepOld: false);
        await _authenticator.Issuers[0].Keys.RefreshAsync();

        TokenDecision decision = await LoginAsync(token);

        Assert.Equal((TokenOutcome.RefusedUnproven, "KeyUnknown"), (decision.Outcome, decision.Reason));
    }

    [Fact]
    public async Task A_refreshed_token_is_the_same_identity_and_one_with_other_claims_is_not()
    {
        TokenDecision first = await LoginAsync(PersonToken("alice", "analysts"));
        _time.Advance(TimeSpan.FromMinutes(5));
        TokenDecision refreshed = await LoginAsync(PersonToken("alice", "analysts"));
        TokenDecision stronger = await LoginAsync(_issuer.Token("alice").Groups("analysts").Claim("acr", "mfa").Build());

        Assert.NotEqual(first.TokenId, refreshed.TokenId);
        Assert.Equal(first.Identity, refreshed.Identity);
        Assert.NotEqual(first.Identity, stronger.Identity);
    }

    [Fact]
    public async Task A_token_of_a_rotated_key_is_accepted_after_one_fetch()
    {
        await LoginAsync(PersonToken("alice", "analysts"));
        int before = _issuer.JwksRequests;
        _issuer.Rotate();
        string token = PersonToken("bob", "analysts");

        TokenDecision[] decisions = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => LoginAsync(token, user: "app_read").AsTask()));

        Assert.All(decisions, decision => Assert.Equal(TokenOutcome.Accepted, decision.Outcome));
        Assert.Equal(before + 1, _issuer.JwksRequests);
    }

    [Fact]
    public async Task Made_up_key_ids_cost_the_issuer_one_request()
    {
        await LoginAsync(PersonToken("alice", "analysts"));
        int before = _issuer.JwksRequests;

        for (int number = 0; number < 20; number++)
        {
            TokenDecision decision = await LoginAsync(_issuer.Token("alice").SignedBy(IssuerKey.Create("ES256")).Build());
            Assert.Equal("KeyUnknown", decision.Reason);
        }

        Assert.Equal(before + 1, _issuer.JwksRequests);
    }

    [Fact]
    public async Task While_the_issuer_is_down_its_last_keys_serve()
    {
        await LoginAsync(PersonToken("alice", "analysts"));
        _issuer.Fault = IssuerFault.Down;
        _time.Advance(TimeSpan.FromHours(1));

        Assert.Equal(TokenOutcome.Accepted, (await LoginAsync(PersonToken("bob", "analysts"), user: "app_read")).Outcome);
    }

    [Fact]
    public async Task Without_keys_nobody_enters_and_with_them_they_do()
    {
        _authenticator.Dispose();
        _issuer.Fault = IssuerFault.Unavailable;
        _authenticator = new TokenAuthenticator(Policies(), _time, NullLogger.Instance);
        string token = PersonToken("alice", "analysts");

        TokenDecision decision = await LoginAsync(token);
        Assert.Equal((TokenOutcome.RefusedUnproven, "KeysUnavailable", "corp"), (decision.Outcome, decision.Reason, decision.Issuer));

        _issuer.Fault = IssuerFault.None;
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(TokenOutcome.Accepted, (await LoginAsync(token)).Outcome);
    }

    [Theory]
    [InlineData("dba", "admin-tool", ConsoleRight.Admin)]
    [InlineData("analysts", "pgbouncer", ConsoleRight.None)]
    [InlineData("strangers", "pgbouncer", ConsoleRight.None)]
    public async Task The_console_opens_by_a_rule_and_never_by_a_name(string group, string user, ConsoleRight expected)
    {
        TokenDecision decision = await LoginAsync(PersonToken("pgbouncer", group), user, TokenAuthenticator.ConsoleDatabase);

        Assert.Equal(expected, decision.Console);
        Assert.Equal(expected == ConsoleRight.None ? TokenOutcome.RefusedProven : TokenOutcome.Accepted, decision.Outcome);
        Assert.Null(decision.Role);
    }

    [Fact]
    public async Task A_reload_forgets_verdicts_and_takes_the_new_rules()
    {
        string token = PersonToken("alice", "analysts");
        await LoginAsync(token);

        _authenticator.Reload(Policies(NewRule(1, "other_role", "analysts")));

        Assert.Equal(0, _authenticator.CachedCount);
        Assert.Equal("other_role", (await LoginAsync(token)).Role);
    }

    [Fact]
    public async Task A_reload_keeps_the_keys_until_new_ones_are_there()
    {
        await LoginAsync(PersonToken("alice", "analysts"));
        _issuer.Fault = IssuerFault.Down;

        _authenticator.Reload(Policies());

        Assert.Equal(TokenOutcome.Accepted, (await LoginAsync(PersonToken("alice", "analysts"))).Outcome);
    }

    [Fact]
    public async Task Forgotten_verdicts_are_judged_anew()
    {
        string token = PersonToken("alice", "analysts");
        await LoginAsync(token);
        _authenticator.ForgetVerdicts();

        Assert.False((await LoginAsync(token)).IsFromCache);
    }

    [Fact]
    public async Task Refused_tokens_are_not_remembered()
    {
        await LoginAsync(_issuer.Token("alice").Claim("aud", "wiki").Build());

        Assert.Equal(0, _authenticator.CachedCount);
    }

    [Fact]
    public async Task A_token_over_the_bound_is_refused_at_once()
    {
        ValueTask<TokenDecision> decision = LoginAsync(new string('x', 10 * 1024 * 1024));

        Assert.True(decision.IsCompletedSuccessfully);
        Assert.Equal("TooLong", (await decision).Reason);
    }

    [Fact]
    public async Task Claims_too_large_to_expose_are_refused()
    {
        TokenDecision decision = await LoginAsync(_issuer.Token("alice").Groups("analysts").Claim("email", new string('\u00e9', 3000)).Build());

        Assert.Equal((TokenOutcome.RefusedUnproven, "ClaimsTooLarge", "alice"), (decision.Outcome, decision.Reason, decision.Subject));
    }

    [Fact]
    public async Task Every_hostile_token_is_refused_unproven()
    {
        foreach ((string name, (_, Func<string> make)) in HostileTokens.All)
        {
            TokenDecision decision = await LoginAsync(make());
            Assert.True(decision is { Outcome: TokenOutcome.RefusedUnproven, SqlState: "28P01" }, name);
        }
    }

    [Fact]
    public async Task A_token_that_proves_nothing_is_judged_alike_whoever_it_is_for()
    {
        // Neither the user nor the database is looked at before the signature is good: no refusal can differ by them, in what it says or in what it costs.
        string[] tokens = [_issuer.Token("alice").ForgedBy(IssuerKey.Create("ES256")).Build(), _issuer.Token("alice").Life(TimeSpan.FromHours(-1)).Build(), "garbage"];
        await LoginAsync(PersonToken("alice", "analysts"));
        int requests = _issuer.JwksRequests;
        foreach (string token in tokens)
        {
            var decisions = new List<TokenDecision>();
            foreach ((string user, string database) in ((string, string)[])[("app_read", "app"), ("alice", "app"), ("nobody", "app"), ("app_read", "nowhere"), ("nobody", TokenAuthenticator.ConsoleDatabase)])
            {
                decisions.Add(await LoginAsync(token, user, database));
            }

            Assert.Single(decisions.Distinct());
            Assert.Equal(TokenOutcome.RefusedUnproven, decisions[0].Outcome);
        }

        Assert.Equal((requests, 1), (_issuer.JwksRequests, _authenticator.CachedCount));
    }

    [Fact]
    public async Task The_explanation_is_the_decision_and_what_each_rule_said()
    {
        byte[] token = Encoding.ASCII.GetBytes(PersonToken("alice", "analysts"));

        TokenExplanation explanation = await _authenticator.ExplainAsync(token, "app_read", "app", _time.GetUtcNow());

        Assert.Equal("app_read", explanation.Decision.Role);
        Assert.Equal([ConditionResult.Fails, ConditionResult.Holds], explanation.Rules.Select(trace => trace.Result));
        Assert.Equal(0, _authenticator.CachedCount);
    }

    [Fact]
    public async Task The_callers_bytes_may_change_once_the_call_has_returned()
    {
        byte[] token = Encoding.ASCII.GetBytes(PersonToken("alice", "analysts"));
        ValueTask<TokenDecision> decision = _authenticator.AuthenticateAsync(token, "app_read", "app", _time.GetUtcNow());
        token.AsSpan().Clear();

        Assert.Equal(TokenOutcome.Accepted, (await decision).Outcome);
    }

    private string PersonToken(string subject, string group) => _issuer.Token(subject).Groups(group).Build();

    private ValueTask<TokenDecision> LoginAsync(string token, string user = "alice", string database = "app") =>
        _authenticator.AuthenticateAsync(Encoding.Latin1.GetBytes(token), user, database, _time.GetUtcNow());

    private TokenPolicies Policies(params RuleSettings[] rules)
    {
        var configuration = new ProxyConfiguration
        {
            Issuers = new Dictionary<string, IssuerSettings>
            {
                ["corp"] = new() { Name = "corp", Issuer = _issuer.Issuer, Audience = [_issuer.Audience], AllowHttp = true, MaxTokenBytes = 64 * 1024 },
            },
            Rules = rules.Length > 0 ? rules :
            [
                NewRule(1, "app_write", "dba") with { Console = ConsoleAccess.Admin },
                NewRule(2, "app_read", "analysts"),
                NewRule(3, "bill", "billing") with { Database = ["billing"] },
            ],
        };
        Assert.True(TokenPolicies.TryCompile(configuration, out TokenPolicies? policies, out IReadOnlyList<PolicyFault> faults), string.Join('\n', faults));
        return policies;
    }

    private static RuleSettings NewRule(int number, string role, string group) => new()
    {
        Number = number,
        Issuer = "corp",
        Role = [role],
        When = [new ClaimCondition { Claim = ["groups"], Match = ClaimMatch.OneOf, Values = [new ClaimValue(ClaimValueKind.Text, group)] }],
    };
}
