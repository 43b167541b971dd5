using System.Buffers;
using System.Buffers.Text;

namespace PoolProxy.Core.Audit;

/// <summary>What is the chain's in a line: <c>…,"seq":12,"hash":"64 digits"}</c>, always at its end.</summary>
internal static class ChainLine
{
    /// <summary>The longest line, line feed included: what the settings allow to be recorded is less.</summary>
    public const int MaxBytes = 1024 * 1024;

    private static readonly SearchValues<byte> Digits = SearchValues.Create("0123456789abcdef"u8);

    /// <summary>Ahead of the number.</summary>
    public static ReadOnlySpan<byte> Sequence => ",\"seq\":"u8;

    /// <summary>Ahead of the hash; what stands before this is hashed.</summary>
    public static ReadOnlySpan<byte> Hash => ",\"hash\":\""u8;

    /// <summary>Behind the hash.</summary>
    public static ReadOnlySpan<byte> End => "\"}"u8;

    /// <summary>Ahead of what kind of record it is, behind the time.</summary>
    public static ReadOnlySpan<byte> ChainEvent => ",\"event\":\"chain\","u8;

    /// <summary>Reads a line without its line feed.</summary>
    /// <param name="line">The line.</param>
    /// <param name="sequence">Its number.</param>
    /// <param name="hash">The digits of its hash.</param>
    /// <param name="hashed">The length of what is hashed.</param>
    public static bool TryRead(ReadOnlySpan<byte> line, out long sequence, out ReadOnlySpan<byte> hash, out int hashed)
    {
        sequence = 0;
        hash = default;
        hashed = line.Length - Hash.Length - ChainHead.HashDigits - End.Length;
        if (hashed < 2 || line[0] != '{' || !line.EndsWith(End) || !line[hashed..].StartsWith(Hash))
            return false;
        hash = line.Slice(hashed + Hash.Length, ChainHead.HashDigits);
        var head = line[..hashed];
        var at = head.LastIndexOf(Sequence);
        return hash.IndexOfAnyExcept(Digits) < 0 && at > 0 && head[at + Sequence.Length] is >= (byte)'1' and <= (byte)'9'
            && Utf8Parser.TryParse(head[(at + Sequence.Length)..], out sequence, out var consumed) && consumed == head.Length - at - Sequence.Length;
    }
}
