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
    public RuleOutcome Evaluate(string issuer, ClaimSet claims, LoginTarget target)
    {
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
                    return new RuleOutcome.Matched(rule, index);
                case ConditionResult.TimedOut:
                    return new RuleOutcome.TimedOut(rule, index);
                default:
                    break;
            }
        }

        return RuleOutcome.NoMatch.Instance;
    }

    /// <summary>What each rule says up to and including the one that decides, for <c>explain</c>. Holds no claim's value.</summary>
    public IReadOnlyList<RuleTrace> Explain(string issuer, ClaimSet claims, LoginTarget target)
    {
        List<RuleTrace> traces = [];
        foreach (Rule rule in Rules)
        {
            RuleTrace trace = Trace(rule, issuer, claims, target);
            traces.Add(trace);
            if (trace.Result != ConditionResult.Fails)
            {
                break;
            }
        }

        return traces;
    }

    private static RuleTrace Trace(Rule rule, string issuer, ClaimSet claims, LoginTarget target)
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
        string? reason = result switch
        {
            ConditionResult.Holds => null,
            ConditionResult.TimedOut => $"The pattern of {decisive} ran out of time.",
            _ => $"The claims do not meet {decisive}.",
        };
        return new RuleTrace(rule, result, reason);
    }
}
