namespace PoolProxy.Protocol.Sql;

/// <summary>
/// Cuts a text into pieces that keep their places, for what is said about a text and never for what may be done with it
/// (<see cref="SqlLexer"/> serves that). Where a literal may end elsewhere than it seems (a backslash in it, no end at all), the piece goes to
/// the end of the text and <see cref="IsDoubtful"/> says so. Source: sql-syntax-lexical.html.
/// </summary>
internal ref struct SqlPieces(ReadOnlySpan<byte> text)
{
    private readonly ReadOnlySpan<byte> _text = text;
    private int _next;

    /// <summary>The piece's kind.</summary>
    public SqlPieceKind Kind { get; private set; }

    /// <summary>Where it begins.</summary>
    public int Start { get; private set; }

    /// <summary>Its bytes.</summary>
    public readonly ReadOnlySpan<byte> Span => _text[Start.._next];

    /// <summary>What this piece is, and so where the next would begin, is not sure; there is no next.</summary>
    public bool IsDoubtful { get; private set; }

    /// <summary>Moves to the next piece; false at the end.</summary>
    public bool MoveNext()
    {
        if (_next >= _text.Length)
            return false;
        Start = _next;
        var first = _text[Start];
        var following = Start + 1 < _text.Length ? _text[Start + 1] : (byte)0;
        switch (first)
        {
            case (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r' or (byte)'\f' or (byte)'\v':
                return End(SqlPieceKind.Space, Skip(Start, " \t\n\r\f\v"u8));
            case (byte)'-' when following == '-':
                var line = _text[Start..].IndexOfAny((byte)'\n', (byte)'\r');
                return End(SqlPieceKind.Comment, line < 0 ? _text.Length : Start + line);
            case (byte)'/' when following == '*':
                return End(SqlPieceKind.Comment, EndOfComment());
            case (byte)'\'':
                return End(SqlPieceKind.Literal, EndOfQuote((byte)'\''));
            case (byte)'"':
                return End(SqlPieceKind.QuotedName, EndOfQuote((byte)'"'));
            case (byte)'$':
                return Dollar();
            case >= (byte)'0' and <= (byte)'9':
                return End(SqlPieceKind.Number, EndOfWord(Start, alsoDots: true));
            default:
                return IsWord(first) ? End(SqlPieceKind.Word, EndOfWord(Start, alsoDots: false)) : End(SqlPieceKind.Sign, Start + 1);
        }
    }

    private static bool IsWord(byte letter) =>
        letter is >= (byte)'a' and <= (byte)'z' or >= (byte)'A' and <= (byte)'Z' or >= (byte)'0' and <= (byte)'9' or (byte)'_' or (byte)'$' or >= 0x80;

    private bool End(SqlPieceKind kind, int end)
    {
        Kind = kind;
        _next = end;
        return true;
    }

    private readonly int Skip(int from, ReadOnlySpan<byte> over)
    {
        var length = _text[from..].IndexOfAnyExcept(over);
        return length < 0 ? _text.Length : from + length;
    }

    private readonly int EndOfWord(int from, bool alsoDots)
    {
        while (from < _text.Length && (IsWord(_text[from]) || (alsoDots && _text[from] == '.')))
            from++;
        return from;
    }

    // They nest.
    private int EndOfComment()
    {
        var depth = 0;
        for (var i = Start; i + 1 < _text.Length; i++)
        {
            if (_text[i] == '/' && _text[i + 1] == '*')
            {
                depth++;
                i++;
            }
            else if (_text[i] == '*' && _text[i + 1] == '/')
            {
                i++;
                if (--depth == 0)
                    return i + 1;
            }
        }

        return Doubt();
    }

    private int EndOfQuote(byte quote)
    {
        var i = Start + 1;
        while (true)
        {
            var length = _text[i..].IndexOfAny(quote, (byte)'\\');
            if (length < 0)
                return Doubt();
            i += length;

            // Whether a backslash escapes hangs on a letter before the quote and on a setting: everything behind it may be the literal's.
            if (_text[i] == '\\' && quote == '\'')
                return Doubt();
            if (_text[i] == quote && (i + 1 == _text.Length || _text[i + 1] != quote))
                return i + 1;
            i += _text[i] == quote ? 2 : 1;
        }
    }

    private bool Dollar()
    {
        var end = Start + 1;
        if (end < _text.Length && _text[end] is >= (byte)'0' and <= (byte)'9')
            return End(SqlPieceKind.Number, EndOfWord(end, alsoDots: false));
        while (end < _text.Length && _text[end] != '$' && IsWord(_text[end]))
            end++;
        if (end == _text.Length || _text[end] != '$')
            return End(SqlPieceKind.Sign, Start + 1);
        var tag = _text[Start..(end + 1)];
        var length = _text[(end + 1)..].IndexOf(tag);
        return End(SqlPieceKind.Literal, length < 0 ? Doubt() : end + 1 + length + tag.Length);
    }

    private int Doubt()
    {
        IsDoubtful = true;
        return _text.Length;
    }
}
