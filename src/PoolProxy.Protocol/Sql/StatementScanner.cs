using System.Diagnostics.CodeAnalysis;

namespace PoolProxy.Protocol.Sql;

/// <summary>
/// Finds the traits of SQL text that arrives in pieces cut anywhere; it keeps about 300 bytes and never allocates.
/// Feed it the text of one Query or Parse without its terminator, then ask once for <see cref="Finish"/>.
/// </summary>
/// <remarks>
/// A mutable struct: keep it in a field or pass it by reference. The text must be in UTF-8, or another encoding whose
/// multi-byte characters hold no ASCII bytes; for SJIS, BIG5, GBK, UHC, GB18030 and JOHAB take
/// <see cref="StatementTraits.Unknown"/> without asking. Bounds: the tag of a dollar quote 64 bytes; beyond, Unknown.
/// </remarks>
public struct StatementScanner
{
    private SqlLexer _lexer;
    private StatementClassifier _classifier;

    /// <summary>A scanner at the start of a text.</summary>
    /// <param name="standardConformingStrings">The session's setting of that name when the text is parsed.</param>
    public StatementScanner(bool standardConformingStrings) => _lexer = new SqlLexer(standardConformingStrings);

    /// <summary>
    /// The name that a DEALLOCATE gives, as PostgreSQL reads it: folded to lower case unless quoted, cut to 63 bytes. Empty
    /// without <see cref="StatementTraits.Deallocate"/>; the first one when there are several.
    /// </summary>
    [UnscopedRef]
    public readonly ReadOnlySpan<byte> DeallocatedName => _classifier.DeallocatedName;

    /// <summary>The word that leads the first statement; <see cref="StatementKind.None"/> when there is none.</summary>
    public readonly StatementKind FirstKind => _classifier.FirstKind;

    /// <summary>Scans a whole text.</summary>
    public static StatementTraits Scan(ReadOnlySpan<byte> text, bool standardConformingStrings = true)
    {
        var scanner = new StatementScanner(standardConformingStrings);
        scanner.Feed(text);
        return scanner.Finish();
    }

    /// <summary>Takes the next piece.</summary>
    public void Feed(ReadOnlySpan<byte> text)
    {
        while (_lexer.TryNext(ref text, out SqlToken token))
            _classifier.Take(token, _lexer.TextBuffer);
    }

    /// <summary>Ends the text and answers. Afterwards the scanner is used up.</summary>
    public StatementTraits Finish()
    {
        while (_lexer.TryEnd(out SqlToken token))
            _classifier.Take(token, _lexer.TextBuffer);
        _classifier.End();

        StatementTraits traits = _classifier.Traits;
        if (_lexer.IsFailed)
            traits = (traits & ~StatementTraits.Empty) | StatementTraits.Unknown;
        if (_lexer.SawBackslash)
            traits |= StatementTraits.DependsOnStringSyntax;
        return traits;
    }
}
