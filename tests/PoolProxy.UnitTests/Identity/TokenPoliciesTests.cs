using PoolProxy.Configuration.Model;
using PoolProxy.Core.Authentication.Tokens;
using PoolProxy.Identity.Rules;
using Xunit;
using ClaimCondition = PoolProxy.Configuration.Model.ClaimCondition;
using ClaimMatch = PoolProxy.Configuration.Model.ClaimMatch;

namespace PoolProxy.UnitTests.Identity;

public class TokenPoliciesTests
{
    private static readonly IssuerSettings Corporate = new() { Name = "corp", Issuer = Corp.Issuer, Audience = ["poolproxy"] };

    [Fact]
    public void Every_setting_of_an_issuer_reaches_its_policy()
    {
        IssuerSettings settings = Corporate with
        {
            Audience = ["a", "b"],
            Algorithms = ["ES384"],
            RequiredType = ["at+jwt"],
            ClockSkew = TimeSpan.FromSeconds(1),
            MaxTokenLifetime = TimeSpan.FromSeconds(2),
            TokenExpiryGrace = TimeSpan.FromSeconds(3),
            MaxTokenBytes = 4,
            ExposeClaims = ["x"],
            NameClaim = ["n"],
            JwksFile = "file",
            JwksUrl = "url",
            CaFile = "ca",
            AllowHttp = true,
            JwksRefreshInterval = TimeSpan.FromSeconds(5),
            JwksForcedRefreshInterval = TimeSpan.FromSeconds(6),
            JwksMaxStale = TimeSpan.FromSeconds(7),
            JwksTimeout = TimeSpan.FromSeconds(8),
            JwksMaxBytes = 9,
        };

        (var policy, var keys, _) = Assert.Single(Compile(Configuration([settings])).Issuers);

        Assert.Equal(("corp", Corp.Issuer), (policy.Name, policy.Issuer));
        Assert.Equal(["a", "b"], policy.Audiences);
        Assert.Equal(["ES384"], policy.Algorithms);
        Assert.Equal(["at+jwt"], policy.RequiredTypes);
        Assert.Equal(["x"], policy.ExposedClaims);
        Assert.Equal(["n"], policy.NameClaims);
        Assert.Equal((1, 2, 3, 4), (policy.ClockSkew.Seconds, policy.MaxLifetime.Seconds, policy.ExpiryGrace.Seconds, policy.MaxTokenBytes));
        Assert.Equal((Corp.Issuer, "file", "url", "ca", true), (keys.Issuer, keys.JwksFile, keys.JwksUrl, keys.CaFile, keys.AllowHttp));
        Assert.Equal(
            (5, 6, 7, 8, 9),
            (keys.RefreshInterval.Seconds, keys.ForcedRefreshInterval.Seconds, keys.MaxStale.Seconds, keys.Timeout.Seconds, keys.MaxBytes));
    }

    [Fact]
    public void Every_setting_of_a_rule_reaches_it()
    {
        RuleSettings settings = NewRule(1) with
        {
            From = ["10.0.0.0/8"], Hours = ["Mon 08:00-09:00"], TimeZone = "Europe/Berlin", MaxAuthAge = TimeSpan.FromSeconds(7), Route = "r", SearchPath = "p", ReadOnly = true,
            QueryTimeout = TimeSpan.FromSeconds(1), TransactionTimeout = TimeSpan.FromSeconds(2), IdleTransactionTimeout = TimeSpan.FromSeconds(3),
            ClientIdleTimeout = TimeSpan.FromSeconds(4), SessionLength = TimeSpan.FromSeconds(5), MaxConnections = 6, MaxServers = 7,
        };

        Rule rule = Assert.Single(Compile(Configuration([Corporate], settings)).Rules.Rules);

        Assert.Equal(["max_auth_age = 7", "from = [\"10.0.0.0/8\"]", "hours = [\"Mon 08:00-09:00\"] in Europe/Berlin"], rule.Circumstances.Select(condition => condition.ToString()));
        Assert.Equal(("r", "p"), (rule.Route, rule.SearchPath));
        Assert.Equal(
            "read_only = true, query_timeout = 1, transaction_timeout = 2, idle_transaction_timeout = 3, client_idle_timeout = 4, session_length = 5, max_connections = 6, max_servers = 7",
            rule.Limits.ToString());
    }

    [Fact]
    public void Every_circumstance_that_cannot_be_used_is_a_fault_that_names_the_rule_and_its_key()
    {
        Assert.False(TokenPolicies.TryCompile(
            Configuration(
                [Corporate],
                NewRule(1) with { Hours = ["Mon 8-9", "Mon 08:00-09:00", "always"], From = ["nowhere"], Country = ["Germany"] },
                NewRule(2) with { Hours = ["Tue 8-9"], TimeZone = "Mars/Base" },
                NewRule(3) with { TimeZone = "UTC" }),
            out _, out var faults));
        Assert.Equal(
            [
                "proxy/geoip_file", "rules/1/from", "rules/1/hours", "rules/1/hours", "rules/1/country", "rules/2/time_zone", "rules/2/hours", "rules/3/time_zone",
            ],
            faults.Select(fault => string.Join('/', fault.Path)));
        Assert.Equal("\"Mon 8-9\" is not of the form Mon-Fri 08:00-18:00", faults[2].Message);
        Assert.Contains("Mars/Base", faults[5].Message, StringComparison.Ordinal);
        Assert.Equal("time_zone says nothing without hours", faults[7].Message);
    }

    [Theory]
    [InlineData(ClaimMatch.OneOf, ClaimValueKind.Text, "7", """{"a":{"b":"7"}}""", true)]
    [InlineData(ClaimMatch.OneOf, ClaimValueKind.Integer, "7", """{"a":{"b":7}}""", true)]
    [InlineData(ClaimMatch.OneOf, ClaimValueKind.Boolean, "true", """{"a":{"b":true}}""", true)]
    [InlineData(ClaimMatch.OneOf, ClaimValueKind.Boolean, "false", """{"a":{"b":true}}""", false)]
    [InlineData(ClaimMatch.Regex, ClaimValueKind.Text, "x+", """{"a":{"b":"xx"}}""", true)]
    [InlineData(ClaimMatch.Contains, ClaimValueKind.Text, "x", """{"a":{"b":"axa"}}""", true)]
    public void Conditions_keep_their_meaning(ClaimMatch match, ClaimValueKind kind, string value, string claims, bool holds)
    {
        var condition = new ClaimCondition { Claim = ["a", "b"], Match = match, Values = [new ClaimValue(kind, value)] };
        Rule rule = Assert.Single(Compile(Configuration([Corporate], NewRule(1, condition))).Rules.Rules);

        Assert.Equal(holds ? ConditionResult.Holds : ConditionResult.Fails, rule.Evaluate(Corp.Claims(claims), out _));
    }

    [Fact]
    public void The_results_of_a_rule_keep_their_meaning()
    {
        var settings = new RuleSettings { Number = 3, Issuer = "corp", Role = ["r"], Database = ["d"], Console = ConsoleAccess.Stats };

        Rule rule = Assert.Single(Compile(Configuration([Corporate], settings)).Rules.Rules);

        Assert.Equal((3, "corp", "r", "d", ConsoleRight.Stats), (rule.Number, rule.Issuer, rule.Roles[0], rule.Databases[0], rule.Console));
    }

    [Fact]
    public void All_faults_are_told_at_once()
    {
        ProxyConfiguration configuration = Configuration(
            [Corporate with { Algorithms = ["HS256"] }, Corporate with { Name = "twin" }],
            new RuleSettings { Number = 1, Issuer = "corp", Role = ["none"] },
            NewRule(2, new ClaimCondition { Claim = ["g"], Match = ClaimMatch.Regex, Values = [new ClaimValue(ClaimValueKind.Text, "(")] }));

        Assert.False(TokenPolicies.TryCompile(configuration, out TokenPolicies? policies, out IReadOnlyList<PolicyFault> faults));

        Assert.Null(policies);
        Assert.Equal(4, faults.Count);
    }

    private static ProxyConfiguration Configuration(IssuerSettings[] issuers, params RuleSettings[] rules) =>
        new() { Issuers = issuers.ToDictionary(issuer => issuer.Name), Rules = rules };

    private static RuleSettings NewRule(int number, params ClaimCondition[] conditions) =>
        new() { Number = number, Issuer = "corp", Role = ["r"], When = conditions };

    private static TokenPolicies Compile(ProxyConfiguration configuration)
    {
        Assert.True(TokenPolicies.TryCompile(configuration, out TokenPolicies? policies, out IReadOnlyList<PolicyFault> faults), string.Join('\n', faults));
        return policies;
    }
}
