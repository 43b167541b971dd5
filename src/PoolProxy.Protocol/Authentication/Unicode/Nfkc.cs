using System.Buffers.Text;

namespace PoolProxy.Protocol.Authentication.Unicode;

/// <summary>
/// Normalization form KC for the characters of Unicode 3.2. The runtime's own is not there under InvariantGlobalization, and ICU is not
/// on every machine. Source: Unicode Standard Annex #15; Hangul by the arithmetic of the Unicode Standard §3.12.
/// </summary>
internal sealed class Nfkc
{
    private const int SyllableBase = 0xAC00;
    private const int LeadBase = 0x1100;
    private const int VowelBase = 0x1161;
    private const int TrailBase = 0x11A7;
    private const int LeadCount = 19;
    private const int VowelCount = 21;
    private const int TrailCount = 28;
    private const int SyllableCount = LeadCount * VowelCount * TrailCount;

    private static readonly Lazy<Nfkc> Loaded = new(() => new Nfkc());

    private readonly Dictionary<int, int[]> _decompositions = [];
    private readonly Dictionary<(int First, int Second), int> _compositions = [];
    private readonly Dictionary<int, int> _combiningClasses = [];

    private Nfkc()
    {
        var from = new List<int>();
        var to = new List<int>();
        ReadOnlySpan<byte> table = NfkcTables.Decompositions;
        while (TryReadEntry(ref table, from, to, out bool isRange))
        {
            int last = isRange ? from[1] : from[0];
            for (int code = from[0]; code <= last; code++) _decompositions[code] = isRange ? [to[0] + (code - from[0])] : [.. to];
        }

        table = NfkcTables.Compositions;
        while (TryReadEntry(ref table, from, to, out _)) _compositions[(from[0], from[1])] = to[0];

        table = NfkcTables.CombiningClasses;
        while (TryReadEntry(ref table, from, to, out bool isRange))
        {
            int last = isRange ? from[1] : from[0];
            for (int code = from[0]; code <= last; code++) _combiningClasses[code] = to[0];
        }
    }

    /// <summary>Normalizes code points; any thread.</summary>
    public static List<int> Normalize(List<int> codePoints)
    {
        Nfkc tables = Loaded.Value;
        List<int> decomposed = tables.Decompose(codePoints);
        tables.Reorder(decomposed);
        return tables.Compose(decomposed);
    }

    private List<int> Decompose(List<int> codePoints)
    {
        var result = new List<int>(codePoints.Count);
        foreach (int code in codePoints)
        {
            int syllable = code - SyllableBase;
            if ((uint)syllable < SyllableCount)
            {
                result.Add(LeadBase + (syllable / (VowelCount * TrailCount)));
                result.Add(VowelBase + (syllable / TrailCount % VowelCount));
                if (syllable % TrailCount != 0) result.Add(TrailBase + (syllable % TrailCount));
            }
            else if (_decompositions.TryGetValue(code, out int[]? to))
            {
                result.AddRange(to);
            }
            else
            {
                result.Add(code);
            }
        }

        return result;
    }

    // Marks behind a starter go by ascending class; those of one class keep their order.
    private void Reorder(List<int> codePoints)
    {
        int start = 0;
        while (start < codePoints.Count)
        {
            int end = start;
            while (end < codePoints.Count && ClassOf(codePoints[end]) != 0) end++;
            if (end - start > 1)
            {
                int[] ordered = [.. codePoints.GetRange(start, end - start).OrderBy(ClassOf)];
                for (int i = 0; i < ordered.Length; i++) codePoints[start + i] = ordered[i];
            }

            start = end + 1;
        }
    }

    private List<int> Compose(List<int> codePoints)
    {
        const int NoStarter = -1;
        var result = new List<int>(codePoints.Count);
        int starter = NoStarter;
        int classBefore = 0;
        foreach (int code in codePoints)
        {
            int combiningClass = ClassOf(code);

            // A mark is cut off from its starter by one of its own class or higher in between; a starter by anything in between.
            bool isAdjacent = starter == result.Count - 1;
            bool isReachable = starter != NoStarter && (isAdjacent || (combiningClass != 0 && classBefore < combiningClass));
            if (isReachable && TryCompose(result[starter], code, out int composite))
            {
                result[starter] = composite;
                continue;
            }

            if (combiningClass == 0) starter = result.Count;
            classBefore = combiningClass;
            result.Add(code);
        }

        return result;
    }

    private bool TryCompose(int first, int second, out int composite)
    {
        if ((uint)(first - LeadBase) < LeadCount && (uint)(second - VowelBase) < VowelCount)
        {
            composite = SyllableBase + ((((first - LeadBase) * VowelCount) + (second - VowelBase)) * TrailCount);
            return true;
        }

        int syllable = first - SyllableBase;
        if ((uint)syllable < SyllableCount && syllable % TrailCount == 0 && second > TrailBase && second < TrailBase + TrailCount)
        {
            composite = first + (second - TrailBase);
            return true;
        }

        return _compositions.TryGetValue((first, second), out composite);
    }

    private int ClassOf(int code) => _combiningClasses.GetValueOrDefault(code);

    // One entry of a table: numbers, '>', numbers, and white space behind.
    private static bool TryReadEntry(ref ReadOnlySpan<byte> table, List<int> from, List<int> to, out bool isRange)
    {
        from.Clear();
        to.Clear();
        isRange = false;
        table = table.TrimStart(" \r\n"u8);
        List<int> side = from;
        while (Utf8Parser.TryParse(table, out int number, out int digits, 'X'))
        {
            side.Add(number);
            table = table[digits..];
            if (table.IsEmpty || table[0] is (byte)' ' or (byte)'\r' or (byte)'\n') break;
            isRange |= table[0] == '-';
            if (table[0] == '>') side = to;
            table = table[1..];
        }

        return to.Count != 0;
    }
}
