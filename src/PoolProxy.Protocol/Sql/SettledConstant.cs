namespace PoolProxy.Protocol.Sql;

/// <summary>
/// Which literals and names stand for something that PostgreSQL settles once, when it parses a text: the moment (<c>date 'today'</c>) or
/// the object that has a name just then (<c>'t'::regclass</c>). A text that holds one must be parsed each time. Conservative: of which
/// type a literal is depends on columns and functions that are not known here, so any literal that would mean the moment counts.
/// </summary>
/// <remarks>Sources: datatype-datetime.html#DATATYPE-DATETIME-SPECIAL-VALUES, ParseDateTime in datetime.c; datatype-oid.html.</remarks>
internal static class SettledConstant
{
    /// <summary>Whether a literal of this text may mean the moment, alone or inside an array, a range or a row.</summary>
    public static bool IsMoment(ReadOnlySpan<byte> literal)
    {
        int position = 0;
        while (position < literal.Length)
        {
            if (!IsLetter(literal[position]))
            {
                // The zone's offset of a time without a date is today's.
                if (literal[position] == ':' && IsBetweenDigits(literal, position) && !BeginsWithDate(literal))
                    return true;
                position++;
                continue;
            }

            int start = position;
            while (position < literal.Length && IsLetter(literal[position]))
                position++;
            if (IsMomentWord(literal[start..position]))
                return true;
        }

        return false;
    }

    /// <summary>
    /// Whether a word or quoted name is that of a type whose constants are settled, or of a function that takes such constants without
    /// saying so. All of <c>pg_*</c> counts: most of them do.
    /// </summary>
    public static bool IsName(ReadOnlySpan<byte> name)
    {
        if (name.Length < 6)
            return false;
        if (name[0] == '_')
            name = name[1..]; // how PostgreSQL names types of arrays
        return name[0] switch
        {
            (byte)'r' => name.StartsWith("reg"u8) && IsObjectType(name[3..]),
            (byte)'p' => name.StartsWith("pg_"u8) || name.SequenceEqual("plainto_tsquery"u8) || name.SequenceEqual("phraseto_tsquery"u8),
            (byte)'t' => name.StartsWith("to_reg"u8) || name.StartsWith("to_ts"u8) || name.StartsWith("ts_"u8) || name.SequenceEqual("timetz"u8)
                || name.SequenceEqual("table_to_xml"u8),
            (byte)'w' => name.SequenceEqual("websearch_to_tsquery"u8),
            (byte)'j' => name.StartsWith("json"u8) && name.EndsWith("_to_tsvector"u8),
            (byte)'c' => name.SequenceEqual("currval"u8) || name.SequenceEqual("current_schema"u8) || name.SequenceEqual("col_description"u8),
            (byte)'a' => name.SequenceEqual("aclitem"u8),
            _ => false,
        };
    }

    private static bool IsMomentWord(ReadOnlySpan<byte> word)
    {
        Span<byte> folded = stackalloc byte[9];
        if (word.Length is < 3 or > 9)
            return false;
        for (int i = 0; i < word.Length; i++)
            folded[i] = SqlBytes.ToLower(word[i]);
        folded = folded[..word.Length];
        return folded.SequenceEqual("now"u8) || folded.SequenceEqual("today"u8) || folded.SequenceEqual("tomorrow"u8) || folded.SequenceEqual("yesterday"u8);
    }

    private static bool IsObjectType(ReadOnlySpan<byte> rest) =>
        rest.StartsWith("proc"u8) || rest.StartsWith("oper"u8) || rest.SequenceEqual("class"u8) || rest.SequenceEqual("type"u8)
            || rest.SequenceEqual("role"u8) || rest.SequenceEqual("namespace"u8) || rest.SequenceEqual("config"u8)
            || rest.SequenceEqual("dictionary"u8) || rest.SequenceEqual("collation"u8) || rest.SequenceEqual("database"u8);

    private static bool IsBetweenDigits(ReadOnlySpan<byte> literal, int position) =>
        position > 0 && position + 1 < literal.Length && SqlBytes.IsDigit(literal[position - 1]) && SqlBytes.IsDigit(literal[position + 1]);

    private static bool BeginsWithDate(ReadOnlySpan<byte> literal) =>
        literal.Length >= 10 && IsNumber(literal[..4]) && literal[4] == '-' && IsNumber(literal.Slice(5, 2)) && literal[7] == '-' && IsNumber(literal.Slice(8, 2));

    private static bool IsNumber(ReadOnlySpan<byte> digits) => !digits.ContainsAnyExceptInRange((byte)'0', (byte)'9');

    private static bool IsLetter(byte value) => (uint)((value | 0x20) - 'a') <= 'z' - 'a';
}
