using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace PoolProxy.Protocol.Authentication;

/// <summary>
/// PostgreSQL's MD5 passwords: the stored form <c>md5</c> + hex(MD5(password + user)), and the answer to a salt,
/// <c>md5</c> + hex(MD5(hex of the stored form + salt)). All texts are ASCII of <see cref="LengthBytes"/> bytes.
/// Source: protocol-flow.html#PROTOCOL-FLOW-START-UP (AuthenticationMD5Password).
/// </summary>
public static class Md5Password
{
    /// <summary>Bytes of both forms: <c>md5</c> and 32 hexadecimal digits.</summary>
    public const int LengthBytes = 3 + HexLength;

    private const int HexLength = 2 * MD5.HashSizeInBytes;

    private static readonly SearchValues<byte> HexDigits = SearchValues.Create("0123456789abcdef"u8);

    /// <summary>Whether a stored password has the form of an MD5 hash, as PostgreSQL decides it (lower-case digits).</summary>
    public static bool HasForm(ReadOnlySpan<byte> stored) =>
        stored.Length == LengthBytes && stored.StartsWith("md5"u8) && stored[3..].IndexOfAnyExcept(HexDigits) < 0;

    /// <summary>The stored form of a password.</summary>
    public static byte[] Store(ReadOnlySpan<byte> password, ReadOnlySpan<byte> user) => Hash(password, user);

    /// <summary>The answer to a salt.</summary>
    /// <param name="stored">The stored form; see <see cref="HasForm"/>.</param>
    /// <param name="salt">The 4 bytes of AuthenticationMD5Password.</param>
    /// <exception cref="ArgumentException">Not the stored form: a plain password goes through <see cref="Store"/> first.</exception>
    public static byte[] Answer(ReadOnlySpan<byte> stored, ReadOnlySpan<byte> salt)
    {
        if (!HasForm(stored)) throw new ArgumentException("not an MD5 hash", nameof(stored));
        return Hash(stored[3..], salt);
    }

    /// <summary>Whether an answer is the right one; in constant time for answers of the right length.</summary>
    /// <param name="answer">What the client sent.</param>
    /// <param name="stored">The stored form.</param>
    /// <param name="salt">The salt that was sent.</param>
    public static bool Verify(ReadOnlySpan<byte> answer, ReadOnlySpan<byte> stored, ReadOnlySpan<byte> salt) =>
        CryptographicOperations.FixedTimeEquals(answer, Answer(stored, salt));

    private static byte[] Hash(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        byte[] input = [.. first, .. second];
#pragma warning disable CA5351 // the protocol prescribes MD5; servers and files that still use it must be served
        byte[] hash = MD5.HashData(input);
#pragma warning restore CA5351
        CryptographicOperations.ZeroMemory(input);
        return Encoding.ASCII.GetBytes("md5" + Convert.ToHexStringLower(hash));
    }
}
