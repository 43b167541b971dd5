namespace PoolProxy.Core.Authentication.Outside;

/// <summary>What a directory or PAM has to say about a name and a password.</summary>
/// <param name="IsProven">The password is the user's.</param>
/// <param name="Reason">If not: the word for the audit trail.</param>
/// <param name="Problem">What an operator should know, with no password in it; null where it is the client that is wrong.</param>
/// <param name="IsUnavailable">Nobody could be asked, or not as it is configured: no failure of the client's.</param>
internal sealed record OutsideAnswer(bool IsProven, string Reason, string? Problem, bool IsUnavailable)
{
    /// <summary>The password is the user's.</summary>
    public static OutsideAnswer Proven { get; } = new(true, "", null, false);

    /// <summary>It is not.</summary>
    public static OutsideAnswer Refused(string reason, string? problem = null) => new(false, reason, problem, false);

    /// <summary>Nobody knows.</summary>
    public static OutsideAnswer Unavailable(string reason, string problem) => new(false, reason, problem, true);
}
