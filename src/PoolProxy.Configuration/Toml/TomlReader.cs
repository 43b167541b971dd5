namespace PoolProxy.Configuration.Toml;

/// <summary>
/// Reads TOML 1.0 (https://toml.io/en/v1.0.0), all of it. After a fault it goes on at the next line, so that one pass shows many; what stood at
/// the fault is missing from the document. Line ends in strings become LF. Bounds: <see cref="TomlLimits"/>.
/// </summary>
public sealed class TomlReader
{
    private readonly TomlFaults _faults = new();
    private readonly TomlCursor _cursor;
    private readonly TomlKeyReader _keys;
    private readonly TomlStringReader _strings;
    private readonly TomlScalarReader _scalars;
    private readonly TomlTree _tree;
    private int _depth;

    private TomlReader(string text)
    {
        _cursor = new TomlCursor(text);
        _strings = new TomlStringReader(_cursor, _faults);
        _keys = new TomlKeyReader(_cursor, _strings, _faults);
        _scalars = new TomlScalarReader(_cursor, _faults);
        _tree = new TomlTree(_faults);
    }

    /// <summary>Reads <paramref name="text"/>; never throws for what it says.</summary>
    public static TomlDocument Read(string text)
    {
        if (text.Length > TomlLimits.MaxTextLength)
            return new(new TomlTable(TomlTableOrigin.Root, SourcePosition.Start), [new(SourcePosition.Start, $"the file is longer than {TomlLimits.MaxTextLength} characters")]);
        if (text.StartsWith('\ufeff')) text = text[1..]; // a byte order mark is no column
        var reader = new TomlReader(text);
        TomlCharacters.Check(text, reader._faults);
        reader.ReadLines();
        return new(reader._tree.Root, reader._faults.InOrder());
    }

    private void ReadLines()
    {
        var table = _tree.Root;
        while (true)
        {
            _cursor.SkipBlankLines();
            if (_cursor.IsAtEnd || _faults.IsFull) return;
            _depth = 0;
            var isHeader = _cursor.Current == '[';
            var isRead = isHeader ? TryReadHeader(out table) : TryReadPair(table);
            if (!isRead || !TryEndLine()) SkipToNextStatement();
        }
    }

    // Behind a header that cannot stand, the lines up to the next one fill a table that is thrown away: their faults would only repeat the header's.
    private bool TryReadHeader(out TomlTable table)
    {
        table = new TomlTable(TomlTableOrigin.Header, _cursor.Position);
        _cursor.Advance();
        var isElement = _cursor.TryTake('[');
        if (!_keys.TryRead(out var key)) return false;
        var end = _cursor.Position;
        if (!_cursor.TryTake(']') || (isElement && !_cursor.TryTake(']')))
            return _faults.Add(end, isElement ? "expected ]] at the end of the header" : "expected ] at the end of the header");
        if (isElement ? _tree.TryOpenElement(key, out var opened) : _tree.TryOpenTable(key, out opened)) table = opened;
        return true; // a table defined twice is a fault of meaning: the line itself was read well
    }

    private bool TryReadPair(TomlTable table)
    {
        if (!_keys.TryRead(out var key)) return false;
        var at = _cursor.Position;
        if (!_cursor.TryTake('=')) return _faults.Add(at, $"expected = behind the key \"{key[^1].Text}\"");
        _cursor.SkipBlanks();
        if (!TryReadValue(out var value)) return false;
        _tree.TryDefine(table, key, value);
        return true;
    }

    private bool TryEndLine()
    {
        _cursor.SkipBlanks();
        if (_cursor.Current == '#') _cursor.SkipToLineEnd();
        if (_cursor.IsAtEnd || _cursor.IsAtNewline) return true;
        return _faults.Add(_cursor.Position, "expected the end of the line", "One key or header stands on one line.");
    }

    private bool TryReadValue(out TomlValue value)
    {
        var position = _cursor.Position;
        switch (_cursor.Current)
        {
            case '"' or '\'':
                var isRead = _strings.TryRead(out var text);
                value = new TomlString(text, position);
                return isRead;
            case '[' or '{':
                value = null!;
                if (++_depth > TomlLimits.MaxDepth) return _faults.Add(position, $"values are nested deeper than {TomlLimits.MaxDepth}");
                if (_cursor.Current == '[' ? !TryReadArray(out value) : !TryReadInlineTable(out value)) return false;
                _depth--; // after a fault it stays: SkipToNextStatement wants to know that we were inside something
                return true;
            default: return _scalars.TryRead(out value);
        }
    }

    private bool TryReadArray(out TomlValue value)
    {
        var array = new TomlArray(isOfTables: false, _cursor.Position);
        value = array;
        _cursor.Advance();
        while (true)
        {
            _cursor.SkipBlankLines();
            if (_cursor.TryTake(']')) return true;
            if (_cursor.IsAtEnd) return _faults.Add(array.Position, "the array does not end", "It began with [ and needs a ].");
            if (!TryReadValue(out var item)) return false;
            array.Add(item);
            _cursor.SkipBlankLines();
            if (_cursor.TryTake(',') || _cursor.Current == ']' || _cursor.IsAtEnd) continue;
            return _faults.Add(_cursor.Position, "expected , or ] in the array");
        }
    }

    private bool TryReadInlineTable(out TomlValue value)
    {
        var table = new TomlTable(TomlTableOrigin.Inline, _cursor.Position);
        value = table;
        _cursor.Advance();
        _cursor.SkipBlanks();
        if (_cursor.TryTake('}')) return true;
        while (true)
        {
            _cursor.SkipBlanks();
            if (!TryReadPair(table)) return false;
            _cursor.SkipBlanks();
            if (_cursor.TryTake('}')) return true;
            if (!_cursor.TryTake(',')) return _faults.Add(_cursor.Position, "expected , or } in the inline table", "It stands on one line, without a comma behind the last key.");
        }
    }

    // Inside an array of several lines the next line is an element, not a statement: go on where one seems to begin.
    private void SkipToNextStatement()
    {
        do
        {
            _cursor.SkipToLineEnd();
            if (!_cursor.TryTakeNewline()) return;
        }
        while (_depth > 0 && !SeemsToBeginStatement());
    }

    private bool SeemsToBeginStatement()
    {
        var ahead = 0;
        while (_cursor.Peek(ahead) is ' ' or '\t') ahead++;
        if (_cursor.Peek(ahead) == '[') return SeemsToBeHeader(ahead);
        var from = ahead;
        while (TomlCharacters.IsBareKey(_cursor.Peek(ahead)) || _cursor.Peek(ahead) is '.') ahead++;
        if (ahead == from) return false;
        while (_cursor.Peek(ahead) is ' ' or '\t') ahead++;
        return _cursor.Peek(ahead) == '=';
    }

    // [2], may be an element; a header has nothing behind its bracket but a comment.
    private bool SeemsToBeHeader(int ahead)
    {
        while (_cursor.Peek(ahead) == '[') ahead++;
        if (!TomlCharacters.IsBareKey(_cursor.Peek(ahead)) && _cursor.Peek(ahead) is not ('"' or '\'')) return false;
        while (_cursor.Peek(ahead) is not (']' or '\n' or '\0')) ahead++;
        while (_cursor.Peek(ahead) is ']' or ' ' or '\t') ahead++;
        return _cursor.Peek(ahead) is '#' or '\r' or '\n' or '\0';
    }
}
