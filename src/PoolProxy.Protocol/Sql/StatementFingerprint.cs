using System.Buffers;
using System.Security.Cryptography;

namespace PoolProxy.Protocol.Sql;

/// <summary>
/// One lasting number for all texts that differ in literals, numbers, comments, spacing and the case of words only: the first 8 bytes of SHA-256 over
/// the text with <c>?</c> in the place of each literal and number. Unlike <see cref="TextFingerprint"/> it is the same in every process.
/// </summary>
public static class StatementFingerprint
{
    /// <summary>Bytes of a fingerprint.</summary>
    public const int LengthBytes = 8;

    /// <summary>Writes the fingerprint of a text; a text that was cut has another one than the whole.</summary>
    public static void Write(ReadOnlySpan<byte> text, Span<byte> destination)
    {
        // A piece never becomes longer than it was, but for the one space that may stand between two.
        var normal = ArrayPool<byte>.Shared.Rent(2 * text.Length + 1);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(normal.AsSpan(0, Normalise(text, normal)), hash);
        ArrayPool<byte>.Shared.Return(normal);
        hash[..LengthBytes].CopyTo(destination);
    }

    private static int Normalise(ReadOnlySpan<byte> text, Span<byte> normal)
    {
        var written = 0;
        var pieces = new SqlPieces(text);
        while (pieces.MoveNext())
        {
            if (pieces.Kind is SqlPieceKind.Space or SqlPieceKind.Comment)
                continue;
            if (written > 0)
                normal[written++] = (byte)' ';
            if (pieces.Kind is SqlPieceKind.Literal || (pieces.Kind == SqlPieceKind.Number && pieces.Span[0] != '$'))
            {
                normal[written++] = (byte)'?';
                continue;
            }

            pieces.Span.CopyTo(normal[written..]);
            if (pieces.Kind == SqlPieceKind.Word)
                Lower(normal.Slice(written, pieces.Span.Length));
            written += pieces.Span.Length;
        }

        return written;
    }

    private static void Lower(Span<byte> word)
    {
        foreach (ref var letter in word)
            if (letter is >= (byte)'A' and <= (byte)'Z')
                letter |= 0x20;
    }
}
