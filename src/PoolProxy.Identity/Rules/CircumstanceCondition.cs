using PoolProxy.Identity.Claims;

namespace PoolProxy.Identity.Rules;

/// <summary>
/// A condition of a rule on more than the token: where the client comes from, and when. Asked at each login, whereas what claims say is remembered with the
/// token; so it is quick and touches nothing but memory. Immutable; any thread may ask.
/// </summary>
public abstract record CircumstanceCondition
{
    /// <summary>Whether it holds.</summary>
    /// <param name="claims">Proven claims.</param>
    /// <param name="circumstances">The login's.</param>
    public abstract bool Holds(ClaimSet claims, in Circumstances circumstances);

    /// <summary>When it ceases to hold, having held at <paramref name="circumstances"/>; null where it does not cease by itself. The session ends then.</summary>
    public virtual DateTimeOffset? EndsAt(in Circumstances circumstances) => null;

    /// <summary>The condition as pool.toml writes it.</summary>
    public abstract override string ToString();
}
