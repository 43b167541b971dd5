namespace PoolProxy.Identity;

/// <summary>
/// What makes two clients the same identity: equal in all five, they may share a server without a wipe; else never. Not
/// part of it are <c>jti</c>, <c>iat</c>, <c>exp</c> and <c>nbf</c>: a refreshed token is the same identity.
/// </summary>
/// <param name="Issuer">The issuer's name in the configuration.</param>
/// <param name="Subject">The token's <c>sub</c>.</param>
/// <param name="Role">The PostgreSQL role that transactions run as.</param>
/// <param name="RuleResults">What the rule gave, as <see cref="Rules.Rule.Results"/> writes it.</param>
/// <param name="ExposedClaims">What SQL sees, as <see cref="Claims.ClaimSet.TryExpose"/> writes it.</param>
public sealed record IdentityKey(string Issuer, string Subject, string Role, string RuleResults, string ExposedClaims);
