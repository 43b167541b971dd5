namespace PoolProxy.Protocol.Sql;

/// <summary>
/// A literal in single quotes, with the pieces that may follow it: behind white space that holds a newline a literal goes on, in
/// the manner in which it began: <c>E'a'</c> newline <c>'b\''</c> is one. Comments that end with their line count as white space,
/// others do not. A mutable struct of its <see cref="SqlLexer"/>.
/// </summary>
internal struct StringLiteral
{
    private Place _place;
    private bool _isPlain;
    private bool _escapes;
    private bool _sawNewline;

    private enum Place : byte
    {
        Inside,
        Escape,
        QuoteInside,
        Behind,
        BehindMinus,
        BehindComment,
    }

    /// <summary>Whether it does not mean exactly its text: escapes, bits, or more than is kept.</summary>
    public bool IsOpaque { get; private set; }

    /// <summary>Whether a plain literal held a backslash, in this one or an earlier one.</summary>
    public bool SawBackslash { get; private set; }

    /// <summary>Begins behind the opening quote.</summary>
    /// <param name="isPlain">Whether standard_conforming_strings decides what a backslash is.</param>
    /// <param name="escapes">Whether a backslash escapes.</param>
    /// <param name="isOpaque">Whether its text is not what it means.</param>
    public void Open(bool isPlain, bool escapes, bool isOpaque)
    {
        _isPlain = isPlain;
        _escapes = escapes;
        IsOpaque = isOpaque;
        _place = Place.Inside;
    }

    /// <summary>How many bytes ahead change nothing.</summary>
    public readonly int CountDull(ReadOnlySpan<byte> ahead)
    {
        int dull = _place switch
        {
            Place.BehindComment => ahead.IndexOfAny((byte)'\n', (byte)'\r'),
            Place.Inside when IsOpaque => ahead.IndexOfAny((byte)'\'', (byte)'\\'),
            _ => 0,
        };
        return dull < 0 ? ahead.Length : dull;
    }

    /// <summary>Takes one byte.</summary>
    public LiteralStep Take(byte value, ref NameBuffer text)
    {
        switch (_place)
        {
            case Place.Inside:
                TakeInside(value, ref text);
                return LiteralStep.Within;

            case Place.Escape:
                _place = Place.Inside;
                return LiteralStep.Within;

            case Place.QuoteInside when value == '\'':
                text.Append(value);
                _place = Place.Inside;
                return LiteralStep.Within;
            case Place.QuoteInside:
                _sawNewline = false;
                return TakeBehind(value);

            case Place.Behind:
                return TakeBehind(value);

            case Place.BehindMinus when value == '-':
                _place = Place.BehindComment;
                return LiteralStep.Within;
            case Place.BehindMinus:
                return LiteralStep.EndedBeforeMinus;

            default:
                if (value is (byte)'\n' or (byte)'\r')
                {
                    _sawNewline = true;
                    _place = Place.Behind;
                }

                return LiteralStep.Within;
        }
    }

    /// <summary>The text ends here: how the literal does, or <see cref="LiteralStep.Within"/> when it was left open.</summary>
    public readonly LiteralStep End() =>
        _place switch
        {
            Place.QuoteInside or Place.Behind or Place.BehindComment => LiteralStep.Ended,
            Place.BehindMinus => LiteralStep.EndedBeforeMinus,
            _ => LiteralStep.Within,
        };

    private void TakeInside(byte value, ref NameBuffer text)
    {
        if (value == '\'')
        {
            _place = Place.QuoteInside;
            return;
        }

        if (value == '\\')
        {
            SawBackslash |= _isPlain;
            if (_escapes)
            {
                IsOpaque = true;
                _place = Place.Escape;
                return;
            }
        }

        text.Append(value);
        IsOpaque |= text.IsOverlong;
    }

    private LiteralStep TakeBehind(byte value)
    {
        _place = Place.Behind;
        switch (value)
        {
            case (byte)'\n' or (byte)'\r':
                _sawNewline = true;
                return LiteralStep.Within;
            case (byte)' ' or (byte)'\t' or (byte)'\f' or (byte)'\v':
                return LiteralStep.Within;
            case (byte)'-':
                _place = Place.BehindMinus;
                return LiteralStep.Within;
            case (byte)'\'' when _sawNewline:
                _place = Place.Inside;
                return LiteralStep.Within;
            default:
                return LiteralStep.Ended;
        }
    }
}
