namespace PoolProxy.Core.Access;

/// <summary>What is asked for.</summary>
/// <param name="Database">By its name on the clients' side.</param>
/// <param name="Role">Null takes the policy's first.</param>
/// <param name="Time">How long; null takes what the policy gives at most.</param>
/// <param name="Reason">Why, in the caller's words; empty for none.</param>
internal sealed record AccessRequest(string Database, string? Role, TimeSpan? Time, string Reason)
{
    /// <summary>The longest reason, in characters: it stands in the audit trail whole.</summary>
    public const int MaxReasonChars = 256;
}
