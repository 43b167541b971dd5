namespace PoolProxy.Core.Admin.Language;

/// <summary>What a piece of a console command is.</summary>
internal enum TokenKind : byte
{
    /// <summary>Letters, digits, underscores and anything beyond ASCII: a keyword, a plain name or a number.</summary>
    Word,

    /// <summary>A name in double quotes; the text is without them.</summary>
    QuotedName,

    /// <summary>A literal in single quotes; the text is without them.</summary>
    Literal,

    /// <summary>Any other single character.</summary>
    Symbol,
}
