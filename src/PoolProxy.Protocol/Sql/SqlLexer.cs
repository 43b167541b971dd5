using System.Diagnostics.CodeAnalysis;
using static PoolProxy.Protocol.Sql.SqlBytes;
using State = PoolProxy.Protocol.Sql.SqlLexerState;

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
    private bool _isUnicodeName;
    private NameBuffer _text;
    private StringLiteral _literal;
    private BlockComment _comment;
    private DollarQuote _dollarQuote;

    /// <summary>A lexer at the start of a text.</summary>
    /// <param name="standardConformingStrings">Whether a backslash in a plain literal is only a backslash.</param>
    public SqlLexer(bool standardConformingStrings) => _standardStrings = standardConformingStrings;

    /// <summary>The text of the token given last.</summary>
    [UnscopedRef]
    public readonly ReadOnlySpan<byte> Text => _text.Span;

    /// <summary>The text of the token given last, with whether it is all of it.</summary>
    [UnscopedRef]
    public readonly ref readonly NameBuffer TextBuffer => ref _text;

    /// <summary>Whether the text went beyond what is followed: no token comes any more.</summary>
    public readonly bool IsFailed => _state == State.Failed;

    /// <summary>Whether a plain literal held a backslash.</summary>
    public readonly bool SawBackslash => _literal.SawBackslash;

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
            case State.Literal when _literal.End() != LiteralStep.Within:
                if (_literal.End() == LiteralStep.EndedBeforeMinus)
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
            State.LineComment => rest.IndexOfAny((byte)'\n', (byte)'\r'),
            State.BlockComment when !_comment.IsHalfway => rest.IndexOfAny((byte)'*', (byte)'/'),
            State.Dollar => _dollarQuote.CountDull(rest),
            State.Literal => _literal.CountDull(rest),
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
                    _comment.Open();
                    return Go(State.BlockComment);
                }

                isToken = true;
                token = new(SqlTokenKind.Sign, (byte)'/');
                return Stay(State.Ground);

            case State.LineComment:
                return Go(State.Ground);
            case State.BlockComment:
                return !_comment.IsClosedBy(value) || Go(State.Ground);

            case State.Literal:
                LiteralStep step = _literal.Take(value, ref _text);
                if (step == LiteralStep.Within)
                    return true;
                isToken = true;
                token = Literal();
                return Stay(step == LiteralStep.Ended ? State.Ground : State.Minus);

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
                return StepDollar(value, ref token, ref isToken);
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
                _isUnicodeName = false;
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
        _isUnicodeName = true;
        return Go(State.Name);
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
        _literal.Open(isPlain, escapes, isOpaque);
        return Go(State.Literal);
    }

    private bool StepDollar(byte value, ref SqlToken token, ref bool isToken)
    {
        switch (_dollarQuote.Take(value))
        {
            case DollarStep.Within:
                return true;
            case DollarStep.Closed:
                isToken = true;
                token = new(SqlTokenKind.OpaqueLiteral);
                return Go(State.Ground);
            case DollarStep.Parameter:
                return Go(State.Number);
            default:
                return Go(State.Failed);
        }
    }

    private readonly SqlToken Literal() => new(_literal.IsOpaque ? SqlTokenKind.OpaqueLiteral : SqlTokenKind.Literal);

    private readonly SqlToken Name() => new(_isUnicodeName ? SqlTokenKind.UnicodeName : SqlTokenKind.QuotedName);

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
}
