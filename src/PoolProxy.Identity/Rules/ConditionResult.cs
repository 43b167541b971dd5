namespace PoolProxy.Identity.Rules;

/// <summary>Whether a condition holds for a set of claims.</summary>
public enum ConditionResult
{
    /// <summary>It does not.</summary>
    Fails,

    /// <summary>It does.</summary>
    Holds,

    /// <summary>Its pattern ran out of time: neither yes nor no, so nothing may be concluded, and later rules must not be asked.</summary>
    TimedOut,
}
