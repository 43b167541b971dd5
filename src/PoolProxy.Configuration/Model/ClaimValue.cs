namespace PoolProxy.Configuration.Model;

/// <summary>A value that a claim is compared with. A claim of another JSON type is not equal.</summary>
/// <param name="Kind">The JSON type.</param>
/// <param name="Text">The text itself, the decimal digits, or <c>true</c> or <c>false</c>.</param>
public readonly record struct ClaimValue(ClaimValueKind Kind, string Text);
