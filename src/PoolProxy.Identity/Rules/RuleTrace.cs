namespace PoolProxy.Identity.Rules;

/// <summary>What one rule said, for <c>explain</c>.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Result">What its conditions came to; <see cref="ConditionResult.Fails"/> as well where it was not asked.</param>
/// <param name="Reason">A sentence on why it did not match; null where it did.</param>
public sealed record RuleTrace(Rule Rule, ConditionResult Result, string? Reason);
