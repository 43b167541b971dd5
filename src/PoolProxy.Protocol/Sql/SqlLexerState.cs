namespace PoolProxy.Protocol.Sql;

/// <summary>Where in the text <see cref="SqlLexer"/> is.</summary>
internal enum SqlLexerState : byte
{
    /// <summary>Between tokens.</summary>
    Ground,

    /// <summary>In a keyword or an unquoted identifier.</summary>
    Word,

    /// <summary>Behind <c>U&amp;</c>, of which nobody knows yet what it begins.</summary>
    WordU,

    /// <summary>In a number or behind the dollar of a parameter.</summary>
    Number,

    /// <summary>Behind a dollar sign that begins no name: see <see cref="DollarQuote"/>.</summary>
    Dollar,

    /// <summary>Behind a minus that may begin a comment.</summary>
    Minus,

    /// <summary>Behind a slash that may begin a comment.</summary>
    Slash,

    /// <summary>In a comment that its line ends.</summary>
    LineComment,

    /// <summary>See <see cref="Sql.BlockComment"/>.</summary>
    BlockComment,

    /// <summary>See <see cref="StringLiteral"/>.</summary>
    Literal,

    /// <summary>In an identifier in double quotes.</summary>
    Name,

    /// <summary>Behind a double quote that ends such an identifier unless another follows.</summary>
    NameQuote,

    /// <summary>Beyond what is followed. Nothing ends this.</summary>
    Failed,
}
