using System.Diagnostics.CodeAnalysis;

namespace PoolProxy.Protocol.Sql;

/// <summary>
/// Cuts SQL text into tokens as PostgreSQL's scan.l does, from pieces cut anywhere, in fixed memory. A struct: copy it and
/// the copy goes its own way.
/// </summary>
/// <remarks>
/// Where PostgreSQL refuses a text, nothing of it runs, so only texts that it accepts must be cut exactly; what cannot be
/// followed ends in <see cref="IsFailed"/>. The text must be in an encoding whose multi-byte characters hold no ASCII bytes
/// (not SJIS, BIG5, GBK, UHC, GB18030, JOHAB). Source: sql-syntax-lexical.html; src/backend/parser/scan.l.
/// </remarks>
internal struct SqlLexer
{
    private readonly bool _standardStrings;
    private State _state;
    private bool _isPlain;
    private bool _escapes;
    private bool _isOpaque;
    private bool _sawNewline;
    private byte _previous;
    private int _depth;
    private NameBuffer _text;
    private DollarQuote _dollarQuote;

    /// <summary>A lexer at the start of a text.</summary>
    /// <param name="standardConformingStrings">Whether a backslash in a plain literal is only a backslash.</param>
    public SqlLexer(bool standardConformingStrings) => _standardStrings = standardConformingStrings;

    private enum State : byte
    {
        Ground,
        Word,
        WordU,
        Number,
        Dollar,
        DollarTag,
        DollarBody,
        Minus,
        Slash,
        LineComment,
        BlockComment,
        Quote,
        QuoteEscape,
        QuoteQuote,
        AfterQuote,
        AfterQuoteMinus,
        AfterQuoteComment,
        Name,
        NameQuote,
        Failed,
    }

    /// <summary>The text of the token given last.</summary>
    [UnscopedRef]
    public readonly ReadOnlySpan<byte> Text => _text.Span;

    /// <summary>The text of the token given last, with whether it is all of it.</summary>
    [UnscopedRef]
    public readonly ref readonly NameBuffer TextBuffer => ref _text;

    /// <summary>Whether the text went beyond what is followed: no token comes any more.</summary>
    public readonly bool IsFailed => _state == State.Failed;

    /// <summary>Whether a plain literal held a backslash.</summary>
    public bool SawBackslash { get; private set; }

    /// <summary>
    /// Gives the next token and moves <paramref name="input"/> behind what was read; false when the input is used up.
    /// </summary>
    public bool TryNext(ref ReadOnlySpan<byte> input, out SqlToken token)
    {
        int at = 0;
        while (at < input.Length)
        {
            at = SkipDull(input, at);
            if (at == input.Length)
                break;

            // A step that answers false leaves the byte to be read again, in the state it has set.
            if (Step(input[at], out token, out bool isToken))
                at++;
            if (isToken)
            {
                input = input[at..];
                return true;
            }
        }

        input = default;
        token = default;
        return false;
    }

    /// <summary>Gives the token that the end of the text ends; then, if something is left open, the lexer has failed.</summary>
    public bool TryEnd(out SqlToken token)
    {
        State state = _state;
        _state = State.Ground;
        switch (state)
        {
            case State.Ground or State.LineComment:
                break;
            case State.Word or State.WordU:
                token = new(SqlTokenKind.Word);
                return true;
            case State.Number:
                token = new(SqlTokenKind.Number);
                return true;
            case State.Minus:
                token = new(SqlTokenKind.Sign, (byte)'-');
                return true;
            case State.Slash:
                token = new(SqlTokenKind.Sign, (byte)'/');
                return true;
            case State.QuoteQuote or State.AfterQuote or State.AfterQuoteComment:
                token = Literal();
                return true;
            case State.AfterQuoteMinus:
                _state = State.Minus;
                token = Literal();
                return true;
            case State.NameQuote:
                token = Name();
                return true;
            default:
                _state = State.Failed;
                break;
        }

        token = default;
        return false;
    }

    /// <summary>Runs over what cannot end the state, many bytes at a time.</summary>
    private readonly int SkipDull(ReadOnlySpan<byte> input, int at)
    {
        ReadOnlySpan<byte> rest = input[at..];
        int skipped = _state switch
        {
            State.LineComment or State.AfterQuoteComment => rest.IndexOfAny((byte)'\n', (byte)'\r'),
            State.BlockComment when _previous == 0 => rest.IndexOfAny((byte)'*', (byte)'/'),
            State.DollarBody when !_dollarQuote.IsClosing => rest.IndexOf((byte)'$'),
            State.Quote when _isOpaque => rest.IndexOfAny((byte)'\'', (byte)'\\'),
            State.Failed => -1,
            _ => 0,
        };
        return skipped < 0 ? input.Length : at + skipped;
    }

    /// <summary>Takes one byte; answers whether it is used up.</summary>
    private bool Step(byte value, out SqlToken token, out bool isToken)
    {
        token = default;
        isToken = false;
        switch (_state)
        {
            case State.Ground:
                return StepGround(value, out token, out isToken);
            case State.Word:
                return StepWord(value, ref token, ref isToken);
            case State.WordU:
                return StepWordU(value, ref token, ref isToken);

            case State.Number:
                // An exponent or a radix comes out as a word, harmlessly: before PostgreSQL 15 "1and" were two tokens.
                if (IsDigit(value) || value == '.')
                    return true;
                return Give(SqlTokenKind.Number, ref token, ref isToken);

            case State.Minus:
                if (value == '-')
                    return Go(State.LineComment);
                isToken = true;
                token = new(SqlTokenKind.Sign, (byte)'-');
                return Stay(State.Ground);

            case State.Slash:
                if (value == '*')
                {
                    _depth = 1;
                    _previous = 0;
                    return Go(State.BlockComment);
                }

                isToken = true;
                token = new(SqlTokenKind.Sign, (byte)'/');
                return Stay(State.Ground);

            case State.LineComment:
                return Go(State.Ground);
            case State.BlockComment:
                StepBlockComment(value);
                return true;
            case State.Quote:
                StepQuote(value);
                return true;

            case State.QuoteEscape:
                return Go(State.Quote);

            case State.QuoteQuote:
                if (value == '\'')
                {
                    _text.Append(value);
                    return Go(State.Quote);
                }

                _sawNewline = false;
                return Stay(State.AfterQuote);

            case State.AfterQuote:
                return StepAfterQuote(value, ref token, ref isToken);
            case State.AfterQuoteMinus:
                if (value == '-')
                    return Go(State.AfterQuoteComment);
                isToken = true;
                token = Literal();
                return Stay(State.Minus);
            case State.AfterQuoteComment:
                _sawNewline = true;
                return Go(State.AfterQuote);

            case State.Name:
                if (value == '"')
                    return Go(State.NameQuote);
                _text.Append(value);
                return true;
            case State.NameQuote:
                if (value == '"')
                {
                    _text.Append(value);
                    return Go(State.Name);
                }

                isToken = true;
                token = Name();
                return Stay(State.Ground);

            case State.Dollar:
            case State.DollarTag:
                return StepDollar(value);
            case State.DollarBody:
                if (!_dollarQuote.IsClosedBy(value))
                    return true;
                isToken = true;
                token = new(SqlTokenKind.OpaqueLiteral);
                return Go(State.Ground);
            default:
                return true;
        }
    }

    private bool StepGround(byte value, out SqlToken token, out bool isToken)
    {
        token = default;
        isToken = false;
        _text.Clear();
        if (IsIdentifierStart(value))
            return Stay(State.Word);
        switch (value)
        {
            case (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r' or (byte)'\f' or (byte)'\v':
                return true;
            case >= (byte)'0' and <= (byte)'9':
                return Go(State.Number);
            case (byte)'\'':
                return OpenQuote(isPlain: true, escapes: !_standardStrings, isOpaque: false);
            case (byte)'"':
                _isOpaque = false;
                return Go(State.Name);
            case (byte)'-':
                return Go(State.Minus);
            case (byte)'/':
                return Go(State.Slash);
            case (byte)'$':
                _dollarQuote = default;
                return Go(State.Dollar);
            case 0:
                return Go(State.Failed);
            default:
                isToken = true;
                token = new(SqlTokenKind.Sign, value);
                return true;
        }
    }

    private bool StepWord(byte value, ref SqlToken token, ref bool isToken)
    {
        if (IsIdentifierStart(value) || IsDigit(value) || value == '$')
        {
            _text.Append(ToLower(value));
            return true;
        }

        if (_text.Span.Length == 1)
        {
            byte letter = _text.Span[0];
            if (value == '\'' && (letter is (byte)'e' or (byte)'b' or (byte)'x' or (byte)'n'))
                return OpenPrefixedQuote(letter);

            if (value == '&' && letter == 'u')
                return Go(State.WordU);
        }

        return Give(SqlTokenKind.Word, ref token, ref isToken);
    }

    /// <summary>Behind <c>U&amp;</c>. If no quote follows, the ampersand is an operator; no one asks for it.</summary>
    private bool StepWordU(byte value, ref SqlToken token, ref bool isToken)
    {
        if (value == '\'')
            return OpenQuote(isPlain: false, escapes: false, isOpaque: true);
        if (value != '"')
            return Give(SqlTokenKind.Word, ref token, ref isToken);
        _text.Clear();
        _isOpaque = true;
        return Go(State.Name);
    }

    private void StepBlockComment(byte value)
    {
        if (_previous == '/' && value == '*')
        {
            _depth++;
            _previous = 0;
        }
        else if (_previous == '*' && value == '/')
        {
            _previous = 0;
            if (--_depth == 0)
                _state = State.Ground;
        }
        else
        {
            _previous = value is (byte)'*' or (byte)'/' ? value : (byte)0;
        }
    }

    private bool OpenPrefixedQuote(byte letter)
    {
        _text.Clear();
        return letter switch
        {
            (byte)'e' => OpenQuote(isPlain: false, escapes: true, isOpaque: false),
            (byte)'n' => OpenQuote(isPlain: true, escapes: !_standardStrings, isOpaque: false),
            _ => OpenQuote(isPlain: false, escapes: false, isOpaque: true),
        };
    }

    private bool OpenQuote(bool isPlain, bool escapes, bool isOpaque)
    {
        _isPlain = isPlain;
        _escapes = escapes;
        _isOpaque = isOpaque;
        return Go(State.Quote);
    }

    private void StepQuote(byte value)
    {
        if (value == '\'')
        {
            _state = State.QuoteQuote;
            return;
        }

        if (value == '\\')
        {
            SawBackslash |= _isPlain;
            if (_escapes)
            {
                _isOpaque = true;
                _state = State.QuoteEscape;
                return;
            }
        }

        _text.Append(value);
        _isOpaque |= _text.IsOverlong;
    }

    /// <summary>
    /// A literal goes on behind white space that holds a newline, in the manner in which it began: <c>E'a'</c> newline
    /// <c>'b\''</c> is one literal. Comments that end with their line count as white space, others do not.
    /// </summary>
    private bool StepAfterQuote(byte value, ref SqlToken token, ref bool isToken)
    {
        switch (value)
        {
            case (byte)'\n' or (byte)'\r':
                _sawNewline = true;
                return true;
            case (byte)' ' or (byte)'\t' or (byte)'\f' or (byte)'\v':
                return true;
            case (byte)'-':
                return Go(State.AfterQuoteMinus);
            case (byte)'\'' when _sawNewline:
                return Go(State.Quote);
            default:
                isToken = true;
                token = Literal();
                return Stay(State.Ground);
        }
    }

    private bool StepDollar(byte value)
    {
        if (value == '$')
            return Go(State.DollarBody);
        bool isTag = IsIdentifierStart(value) || (IsDigit(value) && _state == State.DollarTag);
        if (isTag)
            return Go(_dollarQuote.TryAddToTag(value) ? State.DollarTag : State.Failed);

        // A dollar that opens neither is a syntax error in PostgreSQL.
        return IsDigit(value) ? Go(State.Number) : Go(State.Failed);
    }

    private readonly SqlToken Literal() => new(_isOpaque ? SqlTokenKind.OpaqueLiteral : SqlTokenKind.Literal);

    private readonly SqlToken Name() => new(_isOpaque ? SqlTokenKind.UnicodeName : SqlTokenKind.QuotedName);

    private bool Go(State state)
    {
        _state = state;
        return true;
    }

    private bool Stay(State state)
    {
        _state = state;
        return false;
    }

    private bool Give(SqlTokenKind kind, ref SqlToken token, ref bool isToken)
    {
        isToken = true;
        token = new(kind);
        return Stay(State.Ground);
    }

    private static bool IsDigit(byte value) => (uint)(value - '0') <= 9;

    private static bool IsIdentifierStart(byte value) => (uint)((value | 0x20) - 'a') <= 'z' - 'a' || value == '_' || value >= 0x80;

    private static byte ToLower(byte value) => (uint)(value - 'A') <= 'Z' - 'A' ? (byte)(value | 0x20) : value;
}
