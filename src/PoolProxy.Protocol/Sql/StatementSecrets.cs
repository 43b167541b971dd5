using System.Buffers;

namespace PoolProxy.Protocol.Sql;

/// <summary>
/// Whether a text may hold a secret, and the text without it. Deny on doubt: one of a few words anywhere in the text, in a comment or a name too,
/// takes out every literal of the whole text.
/// </summary>
public static class StatementSecrets
{
    /// <summary>Every one of the words that are looked for begins with one of these.</summary>
    private static readonly SearchValues<byte> Initials = SearchValues.Create("pPsStTe"u8);

    /// <summary>What stands in a literal's place.</summary>
    public static ReadOnlySpan<byte> Mark => "'***'"u8;

    /// <summary>
    /// Whether literals, and parameters, of this text may be secrets: it speaks of a password, secret or token, of the proxy's own settings, or holds what
    /// begins like a JWT or a SCRAM verifier.
    /// </summary>
    public static bool MayHold(ReadOnlySpan<byte> text)
    {
        for (var rest = text; ;)
        {
            var at = rest.IndexOfAny(Initials);
            if (at < 0)
                return false;
            rest = rest[at..];
            if (Begins(rest, "password"u8) || Begins(rest, "passwd"u8) || Begins(rest, "passphrase"u8) || Begins(rest, "poolproxy."u8)
                || Begins(rest, "secret"u8) || Begins(rest, "scram-sha-"u8) || Begins(rest, "token"u8) || rest.StartsWith("eyJ"u8))
                return true;
            rest = rest[1..];
        }
    }

    /// <summary>Whether there is anything in the text that <see cref="Redact"/> would take out.</summary>
    public static bool HasLiteral(ReadOnlySpan<byte> text) => text.IndexOfAny((byte)'\'', (byte)'$') >= 0;

    /// <summary>
    /// Writes the text with <see cref="Mark"/> in place of every literal, as much as there is room for; where a literal's end is in doubt nothing
    /// follows it. Answers the bytes written.
    /// </summary>
    /// <param name="text">The text, or its beginning.</param>
    /// <param name="destination">Room.</param>
    /// <param name="isReadable">False in an encoding in which a byte of a letter may look like a quote: then nothing follows the first literal.</param>
    public static int Redact(ReadOnlySpan<byte> text, Span<byte> destination, bool isReadable)
    {
        var written = 0;
        var pieces = new SqlPieces(text);
        while (pieces.MoveNext())
        {
            var isSecret = pieces.Kind == SqlPieceKind.Literal || pieces.IsDoubtful;
            var piece = isSecret ? Mark : pieces.Span;
            var length = Math.Min(piece.Length, destination.Length - written);
            piece[..length].CopyTo(destination[written..]);
            written += length;
            if (length < piece.Length || pieces.IsDoubtful || (isSecret && !isReadable))
                break;
        }

        return written;
    }

    private static bool Begins(ReadOnlySpan<byte> text, ReadOnlySpan<byte> word)
    {
        if (text.Length < word.Length)
            return false;
        for (var i = 0; i < word.Length; i++)
        {
            var letter = text[i] is >= (byte)'A' and <= (byte)'Z' ? (byte)(text[i] | 0x20) : text[i];
            if (letter != word[i])
                return false;
        }

        return true;
    }
}
