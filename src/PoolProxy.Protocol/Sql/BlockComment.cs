namespace PoolProxy.Protocol.Sql;

/// <summary>A comment between <c>/*</c> and <c>*/</c>, in which others may be nested (sql-syntax-lexical.html#SQL-SYNTAX-COMMENTS).</summary>
internal struct BlockComment
{
    private int _depth;
    private byte _previous;

    /// <summary>Whether the byte before was a slash or an asterisk, with which the next may open or close.</summary>
    public readonly bool IsHalfway => _previous != 0;

    /// <summary>The outermost comment begins.</summary>
    public void Open()
    {
        _depth = 1;
        _previous = 0;
    }

    /// <summary>Takes a byte; answers whether it ends the outermost comment.</summary>
    public bool IsClosedBy(byte value)
    {
        if (_previous == '/' && value == '*')
        {
            _depth++;
            _previous = 0;
        }
        else if (_previous == '*' && value == '/')
        {
            _previous = 0;
            return --_depth == 0;
        }
        else
        {
            _previous = value is (byte)'*' or (byte)'/' ? value : (byte)0;
        }

        return false;
    }
}
