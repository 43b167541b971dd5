using System.Buffers;
using System.Text;
using PoolProxy.Protocol.Authentication.Unicode;

namespace PoolProxy.Protocol.Authentication;

/// <summary>
/// SASLprep (RFC 4013) exactly as PostgreSQL applies it to SCRAM passwords, its habits included: pure ASCII passes as it is, control
/// characters too; prohibited and right-to-left characters are looked for before normalization; a password that cannot be prepared is used raw.
/// </summary>
public static class SaslPrep
{
    /// <summary>The bytes to hash for a password: prepared, or as they are where preparing fails.</summary>
    /// <param name="password">The password as the user gave it; UTF-8, or any bytes.</param>
    public static byte[] Prepare(ReadOnlySpan<byte> password) => TryPrepare(password, out byte[] prepared) ? prepared : password.ToArray();

    /// <summary>Prepares a password; false when it is not UTF-8, nothing is left of it, or it has characters that may not be there.</summary>
    public static bool TryPrepare(ReadOnlySpan<byte> password, out byte[] prepared)
    {
        if (Ascii.IsValid(password))
        {
            prepared = password.ToArray();
            return true;
        }

        prepared = [];
        if (!TryMap(password, out List<int> mapped) || mapped.Count == 0) return false;
        if (!AllAllowed(mapped) || !IsDirectionAllowed(mapped)) return false;

        prepared = Encode(Nfkc.Normalize(mapped));
        return true;
    }

    // RFC 4013 §2.1. U+200B is in both tables: PostgreSQL sees the space first.
    private static bool TryMap(ReadOnlySpan<byte> utf8, out List<int> mapped)
    {
        mapped = new List<int>(utf8.Length);
        while (!utf8.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(utf8, out Rune rune, out int lengthBytes) != OperationStatus.Done) return false;
            utf8 = utf8[lengthBytes..];
            if (IsIn(StringPrepTables.NonAsciiSpace, rune.Value)) mapped.Add(' ');
            else if (!IsIn(StringPrepTables.MappedToNothing, rune.Value)) mapped.Add(rune.Value);
        }

        return true;
    }

    // RFC 4013 §2.3 and §2.5.
    private static bool AllAllowed(List<int> codePoints)
    {
        foreach (int code in codePoints)
        {
            if (IsIn(StringPrepTables.Prohibited, code) || IsIn(StringPrepTables.Unassigned, code)) return false;
        }

        return true;
    }

    // RFC 3454 §6: with a right-to-left character anywhere, such stand first and last, and no left-to-right one is there.
    private static bool IsDirectionAllowed(List<int> codePoints)
    {
        bool hasRightToLeft = false;
        bool hasLeftToRight = false;
        foreach (int code in codePoints)
        {
            hasRightToLeft |= IsIn(StringPrepTables.RightToLeft, code);
            hasLeftToRight |= IsIn(StringPrepTables.LeftToRight, code);
        }

        if (!hasRightToLeft) return true;
        return !hasLeftToRight && IsIn(StringPrepTables.RightToLeft, codePoints[0]) && IsIn(StringPrepTables.RightToLeft, codePoints[^1]);
    }

    private static byte[] Encode(List<int> codePoints)
    {
        const int MaxBytesPerCodePoint = 4;
        byte[] bytes = new byte[codePoints.Count * MaxBytesPerCodePoint];
        int lengthBytes = 0;
        foreach (int code in codePoints) lengthBytes += new Rune(code).EncodeToUtf8(bytes.AsSpan(lengthBytes));
        return bytes[..lengthBytes];
    }

    private static bool IsIn(ReadOnlySpan<int> ranges, int code)
    {
        // Pairs of first and last, ascending: the place of an absent code is odd inside a range, even between two.
        int place = ranges.BinarySearch(code);
        return place >= 0 || (~place & 1) == 1;
    }
}
