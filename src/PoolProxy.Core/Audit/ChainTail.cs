using System.Security.Cryptography;

namespace PoolProxy.Core.Audit;

/// <summary>How a file ends, so that its chain can go on: its last whole record, and what lies behind that and is none.</summary>
/// <param name="LengthBytes">The file's length.</param>
/// <param name="Head">The last record; null where the last megabyte holds none.</param>
/// <param name="SkippedBytes">Bytes behind the last record: a line that a crash has torn, or what somebody else has written.</param>
/// <param name="SkippedHash">Their SHA-256, once <see cref="EndsLine"/> has been made true; null where there are none, or there is no record.</param>
/// <param name="EndsLine">The last line has its line feed.</param>
internal sealed record ChainTail(long LengthBytes, ChainHead? Head, long SkippedBytes, string? SkippedHash, bool EndsLine)
{
    /// <summary>Of a file that is empty or new.</summary>
    public static ChainTail Empty { get; } = new(0, null, 0, null, true);

    /// <summary>Reads the end of a file; <paramref name="stream"/> must be able to seek.</summary>
    public static ChainTail Read(Stream stream)
    {
        var length = stream.Length;
        if (length == 0)
            return Empty;
        var bytes = new byte[(int)Math.Min(length, 2 * ChainLine.MaxBytes)];
        stream.Seek(-bytes.Length, SeekOrigin.End);
        stream.ReadExactly(bytes);
        var endsLine = bytes[^1] == '\n';
        for (var end = Array.LastIndexOf(bytes, (byte)'\n'); end >= 0;)
        {
            var before = end == 0 ? -1 : Array.LastIndexOf(bytes, (byte)'\n', end - 1);
            if (ChainLine.TryRead(bytes.AsSpan((before + 1)..end), out var sequence, out var hash, out _))
            {
                var skipped = bytes.AsSpan(end + 1);
                return new(length, new(sequence, hash.ToArray()), skipped.Length, skipped.IsEmpty ? null : HashOf(skipped, endsLine), endsLine);
            }

            end = before;
        }

        return new(length, null, length, null, endsLine);
    }

    // A line feed is put behind what is torn, and counts.
    private static string HashOf(ReadOnlySpan<byte> skipped, bool endsLine)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(skipped);
        if (!endsLine)
            hash.AppendData("\n"u8);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
