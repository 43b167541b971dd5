namespace PoolProxy.Core.Frontend;

/// <summary>Who is behind a token, whatever role and claims it has today: what an identity's limits count by.</summary>
/// <param name="Issuer">The issuer's name in pool.toml.</param>
/// <param name="Subject">The token's <c>sub</c>.</param>
internal readonly record struct Person(string Issuer, string Subject);
