using System.Text;

namespace PoolProxy.Protocol.Sql;

/// <summary>
/// Finds <c>SET poolproxy.token = '…'</c>, by which a client shows a fresh token. A text that does not hold the name costs one search for a letter; the
/// others are read token by token.
/// </summary>
public static class TokenSetting
{
    private const int ReadTokens = 6;

    /// <summary>What a whole text does with the setting.</summary>
    /// <param name="text">Without its terminator.</param>
    /// <param name="standardConformingStrings">The session's setting of that name.</param>
    /// <param name="literal">For <see cref="TokenSettingUse.Alone"/>, where the literal stands, quotes included.</param>
    public static TokenSettingUse Find(ReadOnlySpan<byte> text, bool standardConformingStrings, out Range literal)
    {
        literal = default;
        if (!HoldsPrefix(text))
            return TokenSettingUse.None;
        if (TryReadAlone(text, standardConformingStrings, out literal))
            return TokenSettingUse.Alone;
        return IsNamed(text, standardConformingStrings) && Sets(text, standardConformingStrings) ? TokenSettingUse.Among : TokenSettingUse.None;
    }

    /// <summary>Whether <c>poolproxy</c> stands there in any case. The x is the rarest of its letters.</summary>
    private static bool HoldsPrefix(ReadOnlySpan<byte> text)
    {
        const int BeforeX = 7;
        for (int from = 0, found; (found = text[from..].IndexOfAny((byte)'x', (byte)'X')) >= 0; from += found + 1)
        {
            int start = from + found - BeforeX;
            if (start >= 0 && start + 9 <= text.Length && Ascii.EqualsIgnoreCase(text.Slice(start, 9), "poolproxy"u8))
                return true;
        }

        return false;
    }

    // SET [SESSION] poolproxy . token { = | TO } '…' [;] and nothing else.
    private static bool TryReadAlone(ReadOnlySpan<byte> text, bool standardStrings, out Range literal)
    {
        literal = default;
        var lexer = new SqlLexer(standardStrings);
        ReadOnlySpan<byte> rest = text;
        int step = 0;
        for (int read = 0; read <= ReadTokens && lexer.TryNext(ref rest, out SqlToken token); read++)
        {
            bool isWord = token.Kind == SqlTokenKind.Word;
            if (step == 1 && isWord && Is(lexer.Text, "session"u8))
                continue;
            bool fits = step switch
            {
                0 => isWord && Is(lexer.Text, "set"u8),
                1 => IsName(token) && Is(lexer.Text, "poolproxy"u8),
                2 => token.Is('.'),
                3 => IsName(token) && Is(lexer.Text, "token"u8),
                _ => token.Is('=') || (isWord && Is(lexer.Text, "to"u8)),
            };
            if (!fits)
                return false;
            if (step++ == 4)
                return TryReadLiteral(text, text.Length - rest.Length, standardStrings, out literal);
        }

        return false;
    }

    private static bool TryReadLiteral(ReadOnlySpan<byte> text, int at, bool standardStrings, out Range literal)
    {
        literal = default;
        while (at < text.Length && text[at] is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r')
            at++;
        if (at == text.Length || text[at] != '\'')
            return false;
        int length = text[(at + 1)..].IndexOf((byte)'\'');
        if (length < 0 || text.Slice(at + 1, length).Contains((byte)'\\'))
            return false;
        int end = at + length + 2;

        // No quote may follow at once, or it would be one literal; and no further statement.
        var lexer = new SqlLexer(standardStrings);
        ReadOnlySpan<byte> rest = text[end..];
        while (lexer.TryNext(ref rest, out SqlToken token))
        {
            if (!token.Is(';'))
                return false;
        }

        if (lexer.TryEnd(out _) || lexer.IsFailed)
            return false;
        literal = at..end;
        return true;
    }

    // As a name of two parts, or as the text that set_config takes.
    private static bool IsNamed(ReadOnlySpan<byte> text, bool standardStrings)
    {
        var lexer = new SqlLexer(standardStrings);
        ReadOnlySpan<byte> rest = text;
        int step = 0;
        while (true)
        {
            if (!lexer.TryNext(ref rest, out SqlToken token) && !lexer.TryEnd(out token))
                return lexer.IsFailed;
            if (token.Kind == SqlTokenKind.Literal && Is(lexer.Text, "poolproxy.token"u8))
                return true;
            step = IsName(token) && Is(lexer.Text, "poolproxy"u8) ? 1
                : step == 1 && token.Is('.') ? 2
                : step == 2 && IsName(token) && Is(lexer.Text, "token"u8) ? 3
                : 0;
            if (step == 3)
                return true;
        }
    }

    private static bool Sets(ReadOnlySpan<byte> text, bool standardStrings)
    {
        var scanner = new StatementScanner(standardStrings);
        scanner.Feed(text);
        return (scanner.Finish() & (StatementTraits.ChangesProxySetting | StatementTraits.Unknown)) != 0;
    }

    private static bool IsName(SqlToken token) => token.Kind is SqlTokenKind.Word or SqlTokenKind.QuotedName;

    // Names of settings compare without case, quoted or not.
    private static bool Is(ReadOnlySpan<byte> text, ReadOnlySpan<byte> name) => Ascii.EqualsIgnoreCase(text, name);
}
