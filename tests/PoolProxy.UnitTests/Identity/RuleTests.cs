using PoolProxy.Identity.Claims;
using PoolProxy.Identity.Rules;
using Xunit;

namespace PoolProxy.UnitTests.Identity;

public class RuleTests
{
    private static readonly LoginTarget App = new("app", IsConsole: false);
    private static readonly LoginTarget Console = new("pgbouncer", IsConsole: true);
    private static readonly ClaimPath Groups = ClaimPath.AtRoot("groups");

    [Theory]
    [InlineData("""{"groups":"dba"}""", true)]
    [InlineData("""{"groups":["x","dba"]}""", true)]
    [InlineData("""{"groups":["x"]}""", false)]
    [InlineData("""{"groups":[]}""", false)]
    [InlineData("""{"groups":["DBA"]}""", false)]
    [InlineData("""{"groups":"dba "}""", false)]
    [InlineData("""{"groups":"ab,dba"}""", false)]
    [InlineData("""{"groups":[["dba"]]}""", false)]
    [InlineData("""{"groups":{"dba":true}}""", false)]
    [InlineData("""{"groups":null}""", false)]
    [InlineData("{}", false)]
    public void A_text_equals_the_claim_or_an_element_of_it(string claims, bool holds) =>
        Assert.Equal(holds, Holds(ClaimCondition.OneOf(Groups, ClaimConstant.Of("dba")), claims));

    [Fact]
    public void A_list_holds_for_any_of_its_values()
    {
        var condition = ClaimCondition.OneOf(Groups, ClaimConstant.Of("dba"), ClaimConstant.Of("ops"));

        Assert.True(Holds(condition, """{"groups":"ops"}"""));
        Assert.True(Holds(condition, """{"groups":["x","dba"]}"""));
        Assert.False(Holds(condition, """{"groups":["x"]}"""));
    }

    [Theory]
    [InlineData("""{"v":true}""", true, false, false)]
    [InlineData("""{"v":"true"}""", false, false, true)]
    [InlineData("""{"v":7}""", false, true, false)]
    [InlineData("""{"v":"7"}""", false, false, false)]
    [InlineData("""{"v":7.5}""", false, false, false)]
    [InlineData("""{"v":false}""", false, false, false)]
    public void JSON_types_are_not_mixed(string claims, bool isTrue, bool isSeven, bool isText)
    {
        ClaimPath path = ClaimPath.AtRoot("v");

        Assert.Equal(isTrue, Holds(ClaimCondition.OneOf(path, ClaimConstant.Of(true)), claims));
        Assert.Equal(isSeven, Holds(ClaimCondition.OneOf(path, ClaimConstant.Of(7)), claims));
        Assert.Equal(isText, Holds(ClaimCondition.OneOf(path, ClaimConstant.Of("true")), claims));
    }

    [Theory]
    [InlineData("""{"groups":"a-dba-b"}""", true)]
    [InlineData("""{"groups":["dba"]}""", true)]
    [InlineData("""{"groups":["a-dba-b"]}""", false)]
    [InlineData("""{"groups":"x"}""", false)]
    [InlineData("""{"groups":7}""", false)]
    public void Contains_is_a_part_of_a_text_or_an_element_of_an_array(string claims, bool holds) =>
        Assert.Equal(holds, Holds(ClaimCondition.Contains(Groups, "dba"), claims));

    [Theory]
    [InlineData(@"admin", """{"groups":"not-admin"}""", false)]
    [InlineData(@"admin", """{"groups":"admin"}""", true)]
    [InlineData(@"admin$", """{"groups":"admin\n"}""", false)]
    [InlineData(@"a|b", """{"groups":"xb"}""", false)]
    [InlineData(@".*@corp\.example", """{"groups":"alice@corp.example"}""", true)]
    [InlineData(@".*@corp\.example", """{"groups":"alice@corp.example.evil"}""", false)]
    [InlineData(@"team-\d+", """{"groups":["x","team-12"]}""", true)]
    [InlineData(@"\d+", """{"groups":12}""", false)]
    [InlineData(@"(?=a)a(?<!b)", """{"groups":"a"}""", true)]
    public void A_pattern_matches_the_whole_text(string pattern, string claims, bool holds) =>
        Assert.Equal(holds, Holds(ClaimCondition.Matches(Groups, pattern), claims));

    [Theory]
    [InlineData("(")]
    [InlineData("a)|(?:b")]
    [InlineData("[")]
    public void A_pattern_that_is_none_is_an_argument_fault(string pattern) =>
        Assert.ThrowsAny<ArgumentException>(() => ClaimCondition.Matches(Groups, pattern));

    [Fact]
    public void A_pattern_that_could_run_for_ever_ends_in_linear_time() =>
        Assert.False(Holds(ClaimCondition.Matches(Groups, "(a+)+b"), $$"""{"groups":"{{new string('a', 10_000)}}"}"""));

    [Fact]
    public void A_pattern_that_runs_out_of_time_keeps_later_rules_from_being_asked()
    {
        // A back-reference needs the backtracking engine.
        var rules = new RuleBook(
        [
            NewRule(1, ["limited"], ClaimCondition.Matches(Groups, @"(a+)+\1{20}b")),
            NewRule(2, ["app_all"]),
        ]);

        RuleOutcome outcome = rules.Evaluate("corp", Corp.Claims($$"""{"groups":"{{new string('a', 10_000)}}"}"""), App);

        Assert.Equal(1, Assert.IsType<RuleOutcome.TimedOut>(outcome).Rule.Number);
    }

    [Fact]
    public void The_first_rule_that_matches_wins()
    {
        var rules = new RuleBook(
        [
            NewRule(1, ["dba"], ClaimCondition.OneOf(Groups, ClaimConstant.Of("dba"))),
            NewRule(2, ["read"], ClaimCondition.OneOf(Groups, ClaimConstant.Of("analysts"))),
            NewRule(3, ["other"], ClaimCondition.OneOf(Groups, ClaimConstant.Of("analysts"))),
        ]);

        var matched = Assert.IsType<RuleOutcome.Matched>(rules.Evaluate("corp", Corp.Claims("""{"groups":["analysts"]}"""), App));

        Assert.Equal(2, matched.Rule.Number);
        Assert.Equal(1, matched.Index);
    }

    [Fact]
    public void No_rule_means_no_entry()
    {
        var rules = new RuleBook([NewRule(1, ["dba"], ClaimCondition.OneOf(Groups, ClaimConstant.Of("dba")))]);

        Assert.IsType<RuleOutcome.NoMatch>(rules.Evaluate("corp", Corp.Claims("{}"), App));
        Assert.IsType<RuleOutcome.NoMatch>(new RuleBook([]).Evaluate("corp", Corp.Claims("{}"), App));
    }

    [Fact]
    public void A_rule_is_for_its_own_issuer() =>
        Assert.IsType<RuleOutcome.NoMatch>(new RuleBook([NewRule(1, ["r"])]).Evaluate("other", Corp.Claims("{}"), App));

    [Fact]
    public void All_conditions_of_a_rule_must_hold()
    {
        var rules = new RuleBook(
        [
            NewRule(1, ["r"], ClaimCondition.OneOf(Groups, ClaimConstant.Of("dba")), ClaimCondition.OneOf(ClaimPath.AtRoot("acr"), ClaimConstant.Of("mfa"))),
        ]);

        Assert.IsType<RuleOutcome.NoMatch>(rules.Evaluate("corp", Corp.Claims("""{"groups":"dba"}"""), App));
        Assert.IsType<RuleOutcome.Matched>(rules.Evaluate("corp", Corp.Claims("""{"groups":"dba","acr":"mfa"}"""), App));
    }

    [Fact]
    public void A_rule_with_databases_is_for_those_only()
    {
        var rules = new RuleBook([new Rule { Number = 1, Issuer = "corp", Roles = ["a"], Databases = ["app"] }, NewRule(2, ["b"])]);

        Assert.Equal(1, Match(rules, App));
        Assert.Equal(2, Match(rules, new LoginTarget("other", false)));
    }

    [Fact]
    public void A_rule_without_roles_opens_the_console_only()
    {
        var rules = new RuleBook([new Rule { Number = 1, Issuer = "corp", Console = ConsoleRight.Admin }, NewRule(2, ["b"])]);

        Assert.Equal(1, Match(rules, Console));
        Assert.Equal(2, Match(rules, App));
    }

    [Fact]
    public void A_rule_for_every_database_that_does_not_mention_the_console_shuts_it()
    {
        var rules = new RuleBook([NewRule(1, ["a"]), new Rule { Number = 2, Issuer = "corp", Console = ConsoleRight.Admin }]);

        Assert.Equal(1, Match(rules, Console));
    }

    [Fact]
    public void The_explanation_says_why_each_rule_did_not_match_and_names_no_claim_value()
    {
        var rules = new RuleBook(
        [
            new Rule { Number = 1, Issuer = "other", Roles = ["a"] },
            new Rule { Number = 2, Issuer = "corp", Roles = ["a"], Databases = ["billing"] },
            NewRule(3, ["b"], ClaimCondition.OneOf(Groups, ClaimConstant.Of("dba"))),
            NewRule(4, ["c"]),
            NewRule(5, ["d"]),
        ]);

        IReadOnlyList<RuleTrace> traces = rules.Explain("corp", Corp.Claims("""{"groups":"secret-group"}"""), App);

        Assert.Equal(
            [
                "It is for the issuer \"other\".",
                "It is not for the database \"app\".",
                "The claims do not meet when.groups = \"dba\".",
                null,
            ],
            traces.Select(trace => trace.Reason));
        Assert.Equal(ConditionResult.Holds, traces[^1].Result);
    }

    [Fact]
    public void Rules_that_give_the_same_have_equal_results_and_others_have_not()
    {
        Rule one = NewRule(1, ["a", "b"]);

        Assert.Equal(one.Results, NewRule(9, ["a", "b"], ClaimCondition.Contains(Groups, "x")).Results);
        Assert.NotEqual(one.Results, NewRule(1, ["ab"]).Results);
        Assert.NotEqual(one.Results, NewRule(1, ["b", "a"]).Results);
        Assert.NotEqual(one.Results, new Rule { Number = 1, Issuer = "corp", Roles = ["a"], Databases = ["b"] }.Results);
        Assert.NotEqual(one.Results, new Rule { Number = 1, Issuer = "corp", Roles = ["a", "b"], Console = ConsoleRight.Stats }.Results);
    }

    private static bool Holds(ClaimCondition condition, string claims) => condition.Evaluate(Corp.Claims(claims)) == ConditionResult.Holds;

    private static int Match(RuleBook rules, LoginTarget target) =>
        Assert.IsType<RuleOutcome.Matched>(rules.Evaluate("corp", Corp.Claims("{}"), target)).Rule.Number;

    private static Rule NewRule(int number, IReadOnlyList<string> roles, params ClaimCondition[] conditions) =>
        new() { Number = number, Issuer = "corp", Roles = roles, Conditions = conditions };
}
