using System.Buffers;
using System.Buffers.Text;

namespace PoolProxy.Protocol.Authentication;

/// <summary>What both sides of SCRAM-SHA-256 share: names, bounds, encodings. Source: RFC 5802, RFC 7677, sasl-authentication.html.</summary>
public static class Scram
{
    /// <summary>The mechanism without channel binding.</summary>
    public const string Mechanism = "SCRAM-SHA-256";

    /// <summary>The mechanism with channel binding.</summary>
    public const string PlusMechanism = "SCRAM-SHA-256-PLUS";

    /// <summary>Bytes of each key, proof and signature: SHA-256.</summary>
    public const int KeyLengthBytes = 32;

    /// <summary>The longest message that is looked at, as in PostgreSQL (PG_MAX_SASL_MESSAGE_LENGTH).</summary>
    public const int MaxMessageLengthBytes = 1024;

    /// <summary>The longest nonce taken, both parts together; ours are 24 bytes each.</summary>
    public const int MaxNonceLengthBytes = 256;

    /// <summary>Iterations of a verifier made here, PostgreSQL's default.</summary>
    public const int DefaultIterations = 4096;

    /// <summary>
    /// The most iterations of PBKDF2 that are done on anybody's word: a server chooses them for its logins, a user for its own verifier. Beyond this it is an
    /// attack (CVE-2026-42198).
    /// </summary>
    public const int MaxIterations = 100_000;

    /// <summary>Bytes of salt of a verifier made here, PostgreSQL's default.</summary>
    public const int DefaultSaltLengthBytes = 16;

    /// <summary>Random bytes in a nonce of ours.</summary>
    internal const int NonceRandomBytes = 18;

    /// <summary>Decodes base64 without the white space that the runtime's decoder would let pass.</summary>
    internal static bool TryDecodeBase64(ReadOnlySpan<byte> text, out byte[] bytes)
    {
        bytes = [];
        if (text.Length % 4 != 0 || text.IndexOfAnyInRange((byte)0, (byte)' ') >= 0) return false;

        byte[] room = new byte[Base64.GetMaxDecodedFromUtf8Length(text.Length)];
        if (Base64.DecodeFromUtf8(text, room, out _, out int written) != OperationStatus.Done) return false;
        bytes = room[..written];
        return true;
    }

    /// <summary>Encodes base64.</summary>
    internal static byte[] EncodeBase64(ReadOnlySpan<byte> bytes)
    {
        byte[] text = new byte[Base64.GetMaxEncodedToUtf8Length(bytes.Length)];
        Base64.EncodeToUtf8(bytes, text, out _, out _);
        return text;
    }

    /// <summary>Whether a nonce is of printable ASCII without a comma (RFC 5802 §7) and not empty.</summary>
    internal static bool IsNonce(ReadOnlySpan<byte> text) =>
        !text.IsEmpty && !text.Contains((byte)',') && text.IndexOfAnyExceptInRange((byte)'!', (byte)'~') < 0;
}
