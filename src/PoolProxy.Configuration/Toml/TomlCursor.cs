namespace PoolProxy.Configuration.Toml;

/// <summary>A place in the text that only moves forward, and knows its line and column.</summary>
internal sealed class TomlCursor(string text)
{
    private int _line = 1;

    // The column is counted on demand, from the last place asked for: once over each character, however long the line.
    private int _countedOffset;
    private int _countedColumn = 1;

    public int Offset { get; private set; }

    public bool IsAtEnd => Offset >= text.Length;

    /// <summary>The character here; NUL at the end (a NUL in the text is a fault of its own).</summary>
    public char Current => Peek(0);

    public SourcePosition Position
    {
        get
        {
            for (; _countedOffset < Offset; _countedOffset++)
                if (!char.IsLowSurrogate(text[_countedOffset])) _countedColumn++;
            return new SourcePosition(_line, _countedColumn);
        }
    }

    public bool IsAtNewline => Current == '\n' || (Current == '\r' && Peek(1) == '\n');

    public char Peek(int ahead) => Offset + ahead < text.Length ? text[Offset + ahead] : '\0';

    public bool StartsWith(string value) => text.AsSpan(Offset).StartsWith(value, StringComparison.Ordinal);

    public ReadOnlySpan<char> Since(int offset) => text.AsSpan(offset, Offset - offset);

    /// <summary>Moves within a line.</summary>
    public void Advance(int count = 1) => Offset += count;

    public bool TryTake(char expected)
    {
        if (IsAtEnd || Current != expected) return false;
        Offset++;
        return true;
    }

    public bool TryTakeNewline()
    {
        if (!IsAtNewline) return false;
        Offset += Current == '\n' ? 1 : 2;
        _line++;
        _countedOffset = Offset;
        _countedColumn = 1;
        return true;
    }

    /// <summary>Skips spaces, tabs, and control characters, whose faults are known already (<see cref="TomlCharacters"/>).</summary>
    public void SkipBlanks()
    {
        while (!IsAtEnd && (Current is ' ' or '\t' || TomlCharacters.IsForbidden(Current) || (Current == '\r' && !IsAtNewline))) Offset++;
    }

    public void SkipToLineEnd()
    {
        while (!IsAtEnd && !IsAtNewline) Offset++;
    }

    /// <summary>Skips blanks, line ends and comments: what may stand between the elements of an array.</summary>
    public void SkipBlankLines()
    {
        while (true)
        {
            SkipBlanks();
            if (Current == '#') SkipToLineEnd();
            if (!TryTakeNewline()) return;
        }
    }
}
