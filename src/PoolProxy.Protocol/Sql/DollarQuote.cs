namespace PoolProxy.Protocol.Sql;

/// <summary>The tag of a dollar-quoted literal, and how much of it was just met again in the body.</summary>
internal struct DollarQuote
{
    private NameBuffer _tag;
    private byte _matched;

    /// <summary>Whether a dollar sign in the body was met that may begin the closing tag.</summary>
    public readonly bool IsClosing => _matched != 0;

    /// <summary>Adds a byte to the opening tag; false when it is longer than is kept.</summary>
    public bool TryAddToTag(byte value)
    {
        _tag.Append(value);
        return !_tag.IsOverlong;
    }

    /// <summary>Takes a byte of the body; answers whether it completes the closing tag.</summary>
    public bool IsClosedBy(byte value)
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
