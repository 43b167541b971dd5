using System.Net;

namespace PoolProxy.Identity.Rules;

/// <summary>What a login comes with beside its claims.</summary>
/// <param name="Address">The client's address; null on a Unix socket.</param>
/// <param name="Now">The time by which conditions are judged.</param>
/// <param name="Since">When the session began, where it is judged again; null at its login.</param>
public readonly record struct Circumstances(IPAddress? Address, DateTimeOffset Now, DateTimeOffset? Since = null)
{
    /// <summary>The time of the login.</summary>
    public DateTimeOffset LoginAt => Since ?? Now;
}
