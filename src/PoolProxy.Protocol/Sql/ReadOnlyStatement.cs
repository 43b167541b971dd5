namespace PoolProxy.Protocol.Sql;

/// <summary>
/// Whether a text shows that it only reads. Deny on doubt: what is not shown counts as writing. A SELECT is a read as far as a proxy sees: what
/// functions do inside is the server's to know.
/// </summary>
public static class ReadOnlyStatement
{
    /// <summary>How a text is read, or settled at Parse, writes nothing.</summary>
    private const StatementTraits Harmless = StatementTraits.DependsOnStringSyntax | StatementTraits.SettlesConstant;

    /// <summary>True for one statement that begins with SELECT, VALUES, TABLE, SHOW, FETCH, CLOSE or DECLARE, or with WITH and no word that writes, and has no trait of a change.</summary>
    public static bool Shows(ReadOnlySpan<byte> text, bool standardConformingStrings)
    {
        var scanner = new StatementScanner(standardConformingStrings);
        scanner.Feed(text);
        var traits = scanner.Finish();
        return (traits & ~Harmless) == 0
            && scanner.FirstKind switch
            {
                StatementKind.Select or StatementKind.Values or StatementKind.Table or StatementKind.Show or StatementKind.Fetch or StatementKind.Close
                    or StatementKind.Declare => true,
                StatementKind.With => !SpeaksOfWriting(text),
                _ => false,
            };
    }

    private static bool SpeaksOfWriting(ReadOnlySpan<byte> text)
    {
        var pieces = new SqlPieces(text);
        while (pieces.MoveNext())
        {
            if (pieces.IsDoubtful || (pieces.Kind == SqlPieceKind.Word && IsWriting(pieces.Span)))
                return true;
        }

        return false;
    }

    private static bool IsWriting(ReadOnlySpan<byte> word) =>
        Is(word, "insert"u8) || Is(word, "update"u8) || Is(word, "delete"u8) || Is(word, "merge"u8);

    private static bool Is(ReadOnlySpan<byte> word, ReadOnlySpan<byte> lower)
    {
        if (word.Length != lower.Length)
            return false;
        for (var i = 0; i < word.Length; i++)
            if ((word[i] | 0x20) != lower[i])
                return false;
        return true;
    }
}
