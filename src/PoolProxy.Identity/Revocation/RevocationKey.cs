namespace PoolProxy.Identity.Revocation;

/// <summary>What an order is about: two orders with the same key are one.</summary>
/// <param name="Kind">What is taken back.</param>
/// <param name="Issuer">The issuer's name in the configuration; empty for all.</param>
/// <param name="Value">The <c>jti</c>, <c>sub</c> or <c>sid</c>; empty for an issuer as a whole, and for "issued before" of everybody.</param>
public readonly record struct RevocationKey(RevocationKind Kind, string Issuer, string Value);
