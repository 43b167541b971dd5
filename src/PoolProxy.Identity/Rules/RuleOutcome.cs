namespace PoolProxy.Identity.Rules;

/// <summary>What the rules made of a set of claims.</summary>
public abstract record RuleOutcome
{
    private RuleOutcome()
    {
    }

    /// <summary>A rule matched.</summary>
    /// <param name="Rule">The first that did.</param>
    /// <param name="Index">Its place among the rules, from 0.</param>
    /// <param name="EndsAt">When one of its conditions ceases to hold; null where none does by itself.</param>
    public sealed record Matched(Rule Rule, int Index, DateTimeOffset? EndsAt = null) : RuleOutcome;

    /// <summary>No rule matched: no entry.</summary>
    public sealed record NoMatch : RuleOutcome
    {
        /// <summary>The only instance.</summary>
        public static NoMatch Instance { get; } = new();
    }

    /// <summary>A pattern ran out of time before a rule had matched: no entry, because a later rule may give what an earlier one withholds.</summary>
    /// <param name="Rule">The rule with the pattern.</param>
    /// <param name="Index">Its place among the rules, from 0.</param>
    public sealed record TimedOut(Rule Rule, int Index) : RuleOutcome;
}
