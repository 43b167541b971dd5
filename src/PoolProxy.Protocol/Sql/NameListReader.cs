using System.Buffers;
namespace PoolProxy.Protocol.Sql;

/// <summary>
/// Reads a list of names separated by commas, some in double quotes, as SplitIdentifierString in varlena.c does. An empty
/// text is an empty list.
/// </summary>
internal ref struct NameListReader
{
    private static readonly SearchValues<byte> NameEnds = SearchValues.Create(", \t\n\r\f\v"u8);

    private ReadOnlySpan<byte> _rest;
    private bool _isAfterComma;

    /// <summary>A reader at the start of the list.</summary>
    public NameListReader(ReadOnlySpan<byte> list)
    {
        _rest = Trim(list);
        IsValid = true;
    }

    /// <summary>Whether everything read so far was a list.</summary>
    public bool IsValid { get; private set; }

    /// <summary>Reads the next name; false at the end and where the text is no list.</summary>
    /// <param name="name">The name; if quoted, what stands between its quotes, with quotes within still doubled.</param>
    /// <param name="isQuoted">If not, the name is meant in lower case.</param>
    public bool TryRead(out ReadOnlySpan<byte> name, out bool isQuoted)
    {
        name = default;
        isQuoted = !_rest.IsEmpty && _rest[0] == '"';
        if (_rest.IsEmpty)
        {
            IsValid &= !_isAfterComma;
            return false;
        }

        int length = isQuoted ? QuotedLength(_rest) : UnquotedLength(_rest);
        if (length <= 0)
            return Fail();
        name = isQuoted ? _rest[1..(length - 1)] : _rest[..length];
        _rest = Trim(_rest[length..]);
        _isAfterComma = !_rest.IsEmpty && _rest[0] == ',';
        if (!_rest.IsEmpty && !_isAfterComma)
            return Fail();
        if (_isAfterComma)
            _rest = Trim(_rest[1..]);
        return true;
    }

    private bool Fail()
    {
        IsValid = false;
        _rest = default;
        _isAfterComma = false;
        return false;
    }

    /// <summary>The length with both quotes; 0 when the second is missing.</summary>
    private static int QuotedLength(ReadOnlySpan<byte> text)
    {
        int at = 1;
        while (true)
        {
            int found = text[at..].IndexOf((byte)'"');
            if (found < 0)
                return 0;
            at += found + 1;
            if (at == text.Length || text[at] != '"')
                return at;
            at++;
        }
    }

    private static int UnquotedLength(ReadOnlySpan<byte> text)
    {
        int end = text.IndexOfAny(NameEnds);
        return end < 0 ? text.Length : end;
    }

    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text) => text.Trim(" \t\n\r\f\v"u8);
}
