namespace PoolProxy.Identity.Keys;

/// <summary>The answer of <see cref="KeySet.Find"/>.</summary>
/// <param name="Status">How the search ended.</param>
/// <param name="Key">The key; null unless found.</param>
public readonly record struct KeyLookup(KeyLookupStatus Status, VerificationKey? Key);
