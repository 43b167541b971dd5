namespace PoolProxy.Identity.Tokens;

/// <summary>What is used of a token's header (RFC 7515 §4.1). Keys and addresses of keys that it may hold are never followed.</summary>
/// <param name="Algorithm"><c>alg</c>.</param>
/// <param name="KeyId"><c>kid</c>; null where missing.</param>
/// <param name="Type"><c>typ</c>; null where missing.</param>
public sealed record TokenHeader(string Algorithm, string? KeyId, string? Type);
