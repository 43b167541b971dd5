using PoolProxy.Identity.Claims;

namespace PoolProxy.Identity.Rules;

/// <summary>All rules in their order: the first match wins, no match means no entry. Immutable.</summary>
/// <param name="rules">The rules, in the file's order.</param>
public sealed class RuleBook(IReadOnlyList<Rule> rules)
{
    /// <summary>The rules, in the file's order.</summary>
    public IReadOnlyList<Rule> Rules { get; } = rules;

    /// <summary>Finds the rule for the bearer of <paramref name="claims"/>.</summary>
    /// <param name="issuer">The configured name of the token's issuer.</param>
    /// <param name="claims">Proven claims.</param>
    /// <param name="target">What the client wants to enter.</param>
    /// <param name="circumstances">Where the client comes from, and when.</param>
    public RuleOutcome Evaluate(string issuer, ClaimSet claims, LoginTarget target, Circumstances circumstances = default) =>
        Sift(issuer, claims, target).Choose(in circumstances);

    /// <summary>Asks what claims decide, which may take as long as the rules' patterns.</summary>
    /// <param name="issuer">The configured name of the token's issuer.</param>
    /// <param name="claims">Proven claims.</param>
    /// <param name="target">What the client wants to enter.</param>
    public RuleCandidates Sift(string issuer, ClaimSet claims, LoginTarget target)
    {
        List<(Rule, int)> candidates = [];
        for (int index = 0; index < Rules.Count; index++)
        {
            Rule rule = Rules[index];
            if (rule.Issuer != issuer || !rule.IsFor(target))
            {
                continue;
            }

            switch (rule.Evaluate(claims, out _))
            {
                case ConditionResult.Holds:
                    candidates.Add((rule, index));
                    if (rule.Circumstances.Count == 0)
                    {
                        return new RuleCandidates(claims, candidates, RuleOutcome.NoMatch.Instance);
                    }

                    break;
                case ConditionResult.TimedOut:
                    return new RuleCandidates(claims, candidates, new RuleOutcome.TimedOut(rule, index));
                default:
                    break;
            }
        }

        return new RuleCandidates(claims, candidates, RuleOutcome.NoMatch.Instance);
    }

    /// <summary>What each rule says up to and including the one that decides, for <c>explain</c>. Holds no claim's value.</summary>
    public IReadOnlyList<RuleTrace> Explain(string issuer, ClaimSet claims, LoginTarget target, Circumstances circumstances = default)
    {
        List<RuleTrace> traces = [];
        foreach (Rule rule in Rules)
        {
            RuleTrace trace = Trace(rule, issuer, claims, target, in circumstances);
            traces.Add(trace);
            if (trace.Result != ConditionResult.Fails)
            {
                break;
            }
        }

        return traces;
    }

    private static RuleTrace Trace(Rule rule, string issuer, ClaimSet claims, LoginTarget target, in Circumstances circumstances)
    {
        if (rule.Issuer != issuer)
        {
            return new RuleTrace(rule, ConditionResult.Fails, $"It is for the issuer \"{rule.Issuer}\".");
        }

        if (!rule.IsFor(target))
        {
            return new RuleTrace(rule, ConditionResult.Fails, target.IsConsole ? "It does not open the console." : $"It is not for the database \"{target.Database}\".");
        }

        ConditionResult result = rule.Evaluate(claims, out ClaimCondition? decisive);
        if (result == ConditionResult.Holds && rule.FindUnmet(claims, in circumstances) is { } unmet)
        {
            return new RuleTrace(rule, ConditionResult.Fails, $"The login does not meet {unmet}.");
        }

        string? reason = result switch
        {
            ConditionResult.Holds => null,
            ConditionResult.TimedOut => $"The pattern of {decisive} ran out of time.",
            _ => $"The claims do not meet {decisive}.",
        };
        return new RuleTrace(rule, result, reason);
    }
}
