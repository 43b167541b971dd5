using System.Net;
using PoolProxy.Identity.Claims;
using PoolProxy.Identity.Rules;
using Xunit;

namespace PoolProxy.UnitTests.Identity.Rules;

public class LimitsTests
{
    private static readonly ClaimPath Path = ClaimPath.FromDotted("pg.limits");

    public static TheoryData<string, string, string> Stricter => new()
    {
        { "{}", "{}", "" },
        { """{"query_timeout":30}""", "{}", "query_timeout = 30" },
        { """{"query_timeout":30}""", """{"query_timeout":20}""", "query_timeout = 20" },
        { """{"transaction_timeout":1.5}""", """{"transaction_timeout":2}""", "transaction_timeout = 1.5" },
        { """{"idle_transaction_timeout":5}""", """{"idle_transaction_timeout":5}""", "idle_transaction_timeout = 5" },
        { """{"client_idle_timeout":600}""", """{"client_idle_timeout":60}""", "client_idle_timeout = 60" },
        { """{"session_length":3600}""", """{"session_length":7200}""", "session_length = 3600" },
        { """{"max_connections":3}""", """{"max_connections":2}""", "max_connections = 2" },
        { """{"max_servers":1}""", """{"max_servers":9}""", "max_servers = 1" },
        { """{"read_only":true}""", """{"read_only":false}""", "read_only = true" },
        { """{"read_only":false}""", "{}", "" },
        {
            """{"read_only":true,"query_timeout":1,"max_servers":4}""", """{"query_timeout":2,"max_connections":7,"max_servers":3}""",
            "read_only = true, query_timeout = 1, max_connections = 7, max_servers = 3"
        },
    };

    [Theory]
    [MemberData(nameof(Stricter))]
    public void Of_two_limits_the_stricter_counts_whichever_comes_first(string one, string other, string both)
    {
        RuleLimits a = Read(one)!, b = Read(other)!;

        Assert.Equal(both, a.Stricter(b).ToString());
        Assert.Equal(a.Stricter(b), b.Stricter(a));
        Assert.Equal(a, a.Stricter(RuleLimits.None));
    }

    [Theory]
    [InlineData("""{"query_timeout":0}""")]
    [InlineData("""{"query_timeout":-1}""")]
    [InlineData("""{"query_timeout":"30"}""")]
    [InlineData("""{"query_timeout":1e300}""")]
    [InlineData("""{"query_timeout":null}""")]
    [InlineData("""{"query_timeout":31536001}""")]
    [InlineData("""{"max_connections":0}""")]
    [InlineData("""{"max_connections":1.5}""")]
    [InlineData("""{"max_connections":1000001}""")]
    [InlineData("""{"read_only":"yes"}""")]
    [InlineData("""{"statement_timeout":30}""")]
    [InlineData("""{"query_timeout":30,"x":1}""")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"query_timeout=30\"")]
    public void A_limit_that_cannot_be_read_is_no_limit_that_can_be_ignored(string limits) => Assert.Null(Read(limits));

    [Fact]
    public void A_token_without_the_claim_has_no_limits_of_its_own()
    {
        Assert.True(ClaimedLimits.TryRead(Corp.Claims("""{"pg":7}"""), Path, out RuleLimits? limits));
        Assert.Equal(RuleLimits.None, limits);
    }

    [Theory]
    [InlineData("""{"auth_time":1795262400}""", true)]
    [InlineData("""{"auth_time":1795258800}""", true)]
    [InlineData("""{"auth_time":1795258799}""", false)]
    [InlineData("""{"auth_time":1795262700}""", true)]
    [InlineData("""{"auth_time":1795262701}""", false)]
    [InlineData("""{"auth_time":9223372036854775807}""", false)]
    [InlineData("""{"auth_time":-9223372036854775808}""", false)]
    [InlineData("""{"auth_time":"1795262400"}""", false)]
    [InlineData("""{"auth_time":1795262400.5}""", false)]
    [InlineData("{}", false)]
    public void A_proof_of_more_than_the_longest_age_ago_or_from_the_future_does_not_count(string claims, bool holds)
    {
        Assert.Equal(1795262400, Corp.Now.ToUnixTimeSeconds());
        Assert.Equal(holds, new AuthenticationAgeCondition(TimeSpan.FromHours(1)).Holds(Corp.Claims(claims), new Circumstances(null, Corp.Now)));
    }

    [Fact]
    public void Circumstances_decide_among_the_rules_whose_claims_hold()
    {
        Rule office = new() { Number = 1, Issuer = "corp", Roles = ["all"], Circumstances = [new AddressCondition(["10.0.0.0/8"]), new HoursCondition(["Sat 11:00-13:00"], TimeZoneInfo.Utc)] };
        Rule elsewhere = new() { Number = 2, Issuer = "corp", Roles = ["some"] };
        RuleCandidates candidates = new RuleBook([office, elsewhere]).Sift("corp", Corp.Claims("{}"), new LoginTarget("app", false));

        var atWork = Assert.IsType<RuleOutcome.Matched>(candidates.Choose(new Circumstances(IPAddress.Parse("10.0.0.1"), Corp.Now)));
        var atNight = Assert.IsType<RuleOutcome.Matched>(candidates.Choose(new Circumstances(IPAddress.Parse("10.0.0.1"), Corp.Now.AddHours(1))));
        var atHome = Assert.IsType<RuleOutcome.Matched>(candidates.Choose(new Circumstances(IPAddress.Parse("192.0.2.1"), Corp.Now)));

        Assert.Equal((1, 2, 2), (atWork.Rule.Number, atNight.Rule.Number, atHome.Rule.Number));
        Assert.Equal(Corp.Now.AddHours(1), atWork.EndsAt);
        Assert.Null(atHome.EndsAt);
    }

    [Fact]
    public void A_pattern_that_runs_out_of_time_counts_only_where_no_earlier_rule_matches()
    {
        Rule slow = new() { Number = 2, Issuer = "corp", Roles = ["b"], Conditions = [ClaimCondition.Matches(ClaimPath.AtRoot("v"), @"(a+)+\1{20}b")] };
        Rule office = new() { Number = 1, Issuer = "corp", Roles = ["a"], Circumstances = [new AddressCondition(["10.0.0.0/8"])] };
        RuleCandidates candidates = new RuleBook([office, slow]).Sift("corp", Corp.Claims($$"""{"v":"{{new string('a', 10_000)}}"}"""), new LoginTarget("app", false));

        Assert.IsType<RuleOutcome.Matched>(candidates.Choose(new Circumstances(IPAddress.Parse("10.0.0.1"), Corp.Now)));
        Assert.IsType<RuleOutcome.TimedOut>(candidates.Choose(new Circumstances(null, Corp.Now)));
        Assert.True(candidates.IsUncertain);
    }

    [Fact]
    public void Every_result_is_part_of_the_results()
    {
        Rule plain = new() { Number = 1, Issuer = "corp", Roles = ["a"] };
        string[] results =
        [
            plain.Results,
            new Rule { Number = 1, Issuer = "corp", Roles = ["a"], Route = "b" }.Results,
            new Rule { Number = 1, Issuer = "corp", Roles = ["a"], SearchPath = "b" }.Results,
            new Rule { Number = 1, Issuer = "corp", Roles = ["a"], Databases = ["b"] }.Results,
            new Rule { Number = 1, Issuer = "corp", Roles = ["a"], Limits = new RuleLimits { IsReadOnly = true } }.Results,
            new Rule { Number = 1, Issuer = "corp", Roles = ["a"], Limits = new RuleLimits { MaxServers = 1 } }.Results,
        ];

        Assert.Equal(results.Length, results.Distinct().Count());
    }

    private static RuleLimits? Read(string limits) =>
        ClaimedLimits.TryRead(Corp.Claims("{\"pg\":{\"limits\":" + limits + "}}"), Path, out RuleLimits? read) ? read : null;
}
