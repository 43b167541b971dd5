namespace PoolProxy.Core.Admin.Language;

/// <summary>A piece of a console command, unquoted.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">Its text; the case is the writer's.</param>
internal readonly record struct Token(TokenKind Kind, string Text)
{
    /// <summary>It can name a database, a user or a client.</summary>
    public bool IsName => Kind is TokenKind.Word or TokenKind.QuotedName;

    /// <summary>It is that keyword, in any case; a quoted name never is.</summary>
    public bool Is(string keyword) => Kind == TokenKind.Word && Text.Equals(keyword, StringComparison.OrdinalIgnoreCase);

    /// <summary>It is that character.</summary>
    public bool IsSymbol(char symbol) => Kind == TokenKind.Symbol && Text[0] == symbol;
}
