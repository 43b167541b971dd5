namespace PoolProxy.Identity.Tokens;

/// <summary>Media types as <c>typ</c> and <c>cty</c> hold them: in any case, <c>application/</c> left out at will (RFC 7515 §4.1.9).</summary>
internal static class MediaType
{
    private const string Prefix = "application/";

    /// <summary>Whether both name the same type.</summary>
    public static bool AreEqual(string one, string other) =>
        Bare(one).Equals(Bare(other), StringComparison.OrdinalIgnoreCase);

    private static ReadOnlySpan<char> Bare(string type) =>
        type.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) ? type.AsSpan(Prefix.Length) : type;
}
