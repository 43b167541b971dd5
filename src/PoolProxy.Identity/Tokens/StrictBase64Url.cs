using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;

namespace PoolProxy.Identity.Tokens;

/// <summary>
/// base64url as RFC 7515 §2 means it: no padding, no white space, no other letters, and no spare bits set in the last letter. The framework's
/// decoder takes all of these, so that one token would have many spellings, and a cache or a revocation by its text could be walked around.
/// </summary>
internal static class StrictBase64Url
{
    private static readonly SearchValues<byte> Alphabet =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"u8);

    /// <summary>Decodes <paramref name="text"/>; empty decodes to empty.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> text, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        if (text.Length % 4 == 1 || text.ContainsAnyExcept(Alphabet) || HasSpareBits(text))
        {
            return false;
        }

        bytes = Base64Url.DecodeFromUtf8(text);
        return true;
    }

    private static bool HasSpareBits(ReadOnlySpan<byte> text)
    {
        int spareMask = (text.Length % 4) switch { 2 => 0b1111, 3 => 0b11, _ => 0 };
        return spareMask != 0 && (Value(text[^1]) & spareMask) != 0;
    }

    private static int Value(byte letter) => letter switch
    {
        >= (byte)'A' and <= (byte)'Z' => letter - 'A',
        >= (byte)'a' and <= (byte)'z' => letter - 'a' + 26,
        >= (byte)'0' and <= (byte)'9' => letter - '0' + 52,
        (byte)'-' => 62,
        _ => 63,
    };
}
