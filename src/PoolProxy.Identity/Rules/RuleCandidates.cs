using PoolProxy.Identity.Claims;

namespace PoolProxy.Identity.Rules;

/// <summary>
/// The rules whose claims hold, in their order: what is left to ask is quick, and asked at each login. Immutable.
/// </summary>
/// <param name="claims">The claims that they hold for.</param>
/// <param name="rules">Each with its place among all rules; behind one that holds in any circumstances no other follows.</param>
/// <param name="otherwise">What it comes to where none of them holds.</param>
public sealed class RuleCandidates(ClaimSet claims, IReadOnlyList<(Rule Rule, int Index)> rules, RuleOutcome otherwise)
{
    /// <summary>A pattern ran out of time behind the candidates: the answer may be another next time.</summary>
    public bool IsUncertain => otherwise is RuleOutcome.TimedOut;

    /// <summary>The first whose circumstances hold too.</summary>
    public RuleOutcome Choose(in Circumstances circumstances)
    {
        foreach ((Rule rule, int index) in rules)
        {
            if (rule.FindUnmet(claims, in circumstances) is null)
            {
                return new RuleOutcome.Matched(rule, index, rule.EndsAt(in circumstances));
            }
        }

        return otherwise;
    }
}
