namespace PoolProxy.Identity.Revocation;

/// <summary>What of a token orders can be about; kept with its session for as long as that lives. Immutable.</summary>
/// <param name="Issuer">The issuer's name in the configuration.</param>
/// <param name="Subject"><c>sub</c>.</param>
/// <param name="TokenId"><c>jti</c>; null where the token has none.</param>
/// <param name="SessionId"><c>sid</c>; null where the token has none, or none that is a text.</param>
/// <param name="IssuedAt"><c>iat</c>; null where the token has none.</param>
public sealed record TokenFacts(string Issuer, string Subject, string? TokenId, string? SessionId, DateTimeOffset? IssuedAt);
