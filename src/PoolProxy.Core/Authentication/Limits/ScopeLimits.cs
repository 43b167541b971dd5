namespace PoolProxy.Core.Authentication.Limits;

/// <summary>The limits of one scope. 0 is unlimited, or never.</summary>
/// <param name="PerSecond">Logins that may begin in a second.</param>
/// <param name="AtOnce">Logins under way at the same time.</param>
/// <param name="Failures">Failures forgiven within <paramref name="Memory"/>; the next one bans.</param>
/// <param name="FirstBan">The first ban; each further one lasts twice as long.</param>
/// <param name="LongestBan">No ban lasts longer.</param>
/// <param name="Memory">For how long a failure counts, and how much quiet behind a ban makes the next a first one again.</param>
internal sealed record ScopeLimits(int PerSecond, int AtOnce, int Failures, TimeSpan FirstBan, TimeSpan LongestBan, TimeSpan Memory)
{
    /// <summary>No limit at all.</summary>
    public static ScopeLimits None { get; } = new(0, 0, 0, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));

    /// <summary>A login has to be remembered from its beginning to its end, not only where it fails.</summary>
    public bool CountsLogins => PerSecond > 0 || AtOnce > 0;

    /// <summary>Any limit at all.</summary>
    public bool IsOn => CountsLogins || Failures > 0;
}
