namespace PoolProxy.Protocol.Sql;

/// <summary>What the lexer tells apart.</summary>
internal enum SqlTokenKind : byte
{
    /// <summary>A keyword or unquoted identifier; its text is folded to lower case.</summary>
    Word,

    /// <summary>An identifier in double quotes; its text without them.</summary>
    QuotedName,

    /// <summary>An identifier as <c>U&amp;"…"</c>; its text is not decoded.</summary>
    UnicodeName,

    /// <summary>A string literal that means exactly its text.</summary>
    Literal,

    /// <summary>A string literal with escapes, in dollar quotes, of bits, or too long to be kept.</summary>
    OpaqueLiteral,

    /// <summary>A number or a parameter such as <c>$1</c>.</summary>
    Number,

    /// <summary>Any other sign: one byte each, also where several make one operator.</summary>
    Sign,
}

/// <summary>One token; its text stands in the lexer until the next.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Sign">For a sign, the byte.</param>
internal readonly record struct SqlToken(SqlTokenKind Kind, byte Sign = 0)
{
    /// <summary>Whether it is that sign.</summary>
    public bool Is(char sign) => Kind == SqlTokenKind.Sign && Sign == sign;
}
