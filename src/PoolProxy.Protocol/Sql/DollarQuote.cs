namespace PoolProxy.Protocol.Sql;

/// <summary>
/// A literal as <c>$tag$…$tag$</c>, from behind its first dollar sign on: its tag, and how much of that was just met again in the
/// body (sql-syntax-lexical.html#SQL-SYNTAX-DOLLAR-QUOTING). A mutable struct of its <see cref="SqlLexer"/>.
/// </summary>
internal struct DollarQuote
{
    private NameBuffer _tag;
    private byte _matched;
    private bool _isBody;

    /// <summary>How many bytes ahead change nothing.</summary>
    public readonly int CountDull(ReadOnlySpan<byte> ahead)
    {
        if (!_isBody || _matched != 0)
            return 0;
        int dollar = ahead.IndexOf((byte)'$');
        return dollar < 0 ? ahead.Length : dollar;
    }

    /// <summary>Takes one byte.</summary>
    public DollarStep Take(byte value)
    {
        if (_isBody)
            return IsClosedBy(value) ? DollarStep.Closed : DollarStep.Within;
        if (value == '$')
        {
            _isBody = true;
            return DollarStep.Within;
        }

        bool isDigit = SqlBytes.IsDigit(value);
        if (!SqlBytes.IsIdentifierStart(value) && !(isDigit && _tag.Span.Length != 0))
            return isDigit ? DollarStep.Parameter : DollarStep.Failed;
        _tag.Append(value);
        return _tag.IsOverlong ? DollarStep.Failed : DollarStep.Within;
    }

    private bool IsClosedBy(byte value)
    {
        // A tag holds no dollar sign, so after a mismatch nothing but the byte at hand can begin another try.
        ReadOnlySpan<byte> tag = _tag.Span;
        int inTag = _matched - 1;
        if (inTag >= 0 && inTag < tag.Length && value == tag[inTag])
        {
            _matched++;
            return false;
        }

        if (inTag == tag.Length && value == '$')
            return true;
        _matched = value == '$' ? (byte)1 : (byte)0;
        return false;
    }
}
