using System.Buffers;

namespace PoolProxy.Identity.Tokens;

/// <summary>A token that says nothing by itself: only its issuer knows what it stands for (RFC 7662).</summary>
public static class OpaqueToken
{
    private static readonly SearchValues<byte> Letters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/"u8);

    /// <summary>Whether it has the form of a bearer token (RFC 6750 §2.1, b64token): nothing else is worth a question.</summary>
    public static bool HasForm(ReadOnlySpan<byte> token)
    {
        ReadOnlySpan<byte> letters = token.TrimEnd((byte)'=');
        return !letters.IsEmpty && !letters.ContainsAnyExcept(Letters);
    }

    /// <summary>Whether it is of visible ASCII letters alone, as every secret is that can be typed.</summary>
    public static bool IsVisible(ReadOnlySpan<byte> token) => !token.IsEmpty && !token.ContainsAnyExceptInRange((byte)'!', (byte)'~');
}
