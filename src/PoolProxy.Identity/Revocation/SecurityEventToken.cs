namespace PoolProxy.Identity.Revocation;

/// <summary>A security event token (RFC 8417) whose signature, issuer, audience and time were good.</summary>
/// <param name="TokenId"><c>jti</c>: a token that comes twice is one.</param>
/// <param name="Events">What it says; at least one.</param>
public sealed record SecurityEventToken(string TokenId, IReadOnlyList<SecurityEvent> Events);
