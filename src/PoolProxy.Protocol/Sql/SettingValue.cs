namespace PoolProxy.Protocol.Sql;

/// <summary>
/// Reads the value of a SET: <c>value [, …]</c> behind the equals sign or TO, where each is a plain literal, a number, a word or a quoted name.
/// Whatever else there may be (escapes, dollar quotes, literals in two pieces) is not read. Source: var_list in gram.y.
/// </summary>
internal ref struct SettingValue
{
    private readonly bool _standardStrings;
    private readonly bool _isList;
    private ReadOnlySpan<byte> _rest;

    private SettingValue(ReadOnlySpan<byte> text, bool standardStrings, bool isList)
    {
        _rest = text;
        _standardStrings = standardStrings;
        _isList = isList;
    }

    /// <summary>The value, as the setting would show it but for the spelling; null where it is not read.</summary>
    /// <param name="text">What follows the equals sign or TO, to the end of the statement.</param>
    /// <param name="standardStrings">Whether a backslash in a plain literal is only a backslash.</param>
    /// <param name="isList">The setting is a list of names that are quoted where need be (<see cref="SqlQuoting.IsListSetting"/>).</param>
    /// <param name="isDefault">The value is the word DEFAULT.</param>
    public static byte[]? Read(ReadOnlySpan<byte> text, bool standardStrings, bool isList, out bool isDefault)
    {
        var reader = new SettingValue(text, standardStrings, isList);
        return reader.ReadAll(out isDefault);
    }

    private byte[]? ReadAll(out bool isDefault)
    {
        isDefault = false;
        var all = new MemoryStream();
        for (var count = 0; ; count++)
        {
            if (!SkipSpace() || _rest.IsEmpty || ReadOne(out bool isWord) is not { } value || !SkipSpace())
                return null;
            if (count == 0 && isWord && _rest.IsEmpty && value.AsSpan().SequenceEqual("default"u8))
            {
                isDefault = true;
                return null;
            }

            if (count > 0)
                all.Write(", "u8);
            if (_isList)
                WriteQuoted(all, value);
            else
                all.Write(value);
            if (_rest.IsEmpty)
                return all.ToArray();
            if (_rest[0] != ',')
                return null;
            _rest = _rest[1..];
        }
    }

    private byte[]? ReadOne(out bool isWord)
    {
        isWord = false;
        byte first = _rest[0];
        if (first == '\'')
            return ReadQuoted('\'');
        if (first == '"')
            return ReadQuoted('"');
        if (first is (byte)'-' or (byte)'+' or (byte)'.' or (>= (byte)'0' and <= (byte)'9'))
            return ReadNumber();
        if (!SqlBytes.IsIdentifierStart(first))
            return null;
        isWord = true;
        return ReadWord();
    }

    private byte[]? ReadQuoted(char quote)
    {
        var value = new MemoryStream();
        var rest = _rest[1..];
        while (true)
        {
            int at = rest.IndexOf((byte)quote);
            if (at < 0)
                return null;
            value.Write(rest[..at]);
            rest = rest[(at + 1)..];
            if (rest.IsEmpty || rest[0] != quote)
                break;
            value.WriteByte((byte)quote);
            rest = rest[1..];
        }

        _rest = rest;
        byte[] read = value.ToArray();
        bool isPlain = quote == '"' ? read.Length is > 0 and < NameBuffer.Capacity : _standardStrings || !read.AsSpan().Contains((byte)'\\');
        return isPlain ? read : null;
    }

    /// <summary>Without leading zeros: in a number PostgreSQL passes them over, in a literal they make an octal one.</summary>
    private byte[]? ReadNumber()
    {
        bool isNegative = _rest[0] == '-';
        if (_rest[0] is (byte)'-' or (byte)'+')
            _rest = _rest[1..];
        int length = 0;
        while (length < _rest.Length && (SqlBytes.IsDigit(_rest[length]) || _rest[length] is (byte)'.' or (byte)'e' or (byte)'E'
            || (length > 0 && _rest[length] is (byte)'-' or (byte)'+' && _rest[length - 1] is (byte)'e' or (byte)'E')))
        {
            length++;
        }

        var digits = _rest[..length];
        _rest = _rest[length..];
        if (length == 0 || (!_rest.IsEmpty && (SqlBytes.IsIdentifierStart(_rest[0]) || _rest[0] is (byte)'-' or (byte)'+')))
            return null;
        while (digits.Length > 1 && digits[0] == '0' && SqlBytes.IsDigit(digits[1]))
            digits = digits[1..];
        return isNegative && !digits.SequenceEqual("0"u8) ? [(byte)'-', .. digits] : digits.ToArray();
    }

    private byte[]? ReadWord()
    {
        int length = 0;
        while (length < _rest.Length && (SqlBytes.IsIdentifierStart(_rest[length]) || SqlBytes.IsDigit(_rest[length]) || _rest[length] == '$'))
            length++;
        byte[] read = new byte[length];
        for (int i = 0; i < length; i++)
            read[i] = SqlBytes.ToLower(_rest[i]);
        _rest = _rest[length..];

        // A letter right before a quote makes a literal of another kind of it.
        return length < NameBuffer.Capacity && (_rest.IsEmpty || _rest[0] is not ((byte)'\'' or (byte)'&' or (byte)'"' or (byte)'.')) ? read : null;
    }

    /// <summary>Runs over white space and line comments; false at a block comment, which is not read here.</summary>
    private bool SkipSpace()
    {
        while (!_rest.IsEmpty)
        {
            if (_rest[0] is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r' or (byte)'\f' or (byte)'\v')
            {
                _rest = _rest[1..];
            }
            else if (_rest.StartsWith("--"u8))
            {
                int end = _rest.IndexOfAny((byte)'\n', (byte)'\r');
                _rest = end < 0 ? default : _rest[(end + 1)..];
            }
            else
            {
                return !_rest.StartsWith("/*"u8);
            }
        }

        return true;
    }

    private static void WriteQuoted(MemoryStream output, byte[] name)
    {
        output.WriteByte((byte)'"');
        foreach (byte value in name)
        {
            output.WriteByte(value);
            if (value == '"')
                output.WriteByte(value);
        }

        output.WriteByte((byte)'"');
    }
}
