using System.Globalization;
using System.Text;

namespace PoolProxy.Configuration.Toml;

/// <summary>Reads the four forms of strings. TOML 1.0, "String".</summary>
internal sealed class TomlStringReader(TomlCursor cursor, TomlFaults faults)
{
    /// <summary>At a quote: reads any form.</summary>
    public bool TryRead(out string value)
    {
        if (cursor.StartsWith("\"\"\"")) return TryReadMultiLine('"', out value);
        if (cursor.StartsWith("'''")) return TryReadMultiLine('\'', out value);
        return TryReadSingleLine(out value);
    }

    /// <summary>At a quote: reads a form of one line; the only ones that may be keys.</summary>
    public bool TryReadSingleLine(out string value)
    {
        var start = cursor.Position;
        var quote = cursor.Current;
        var text = new StringBuilder();
        value = "";
        cursor.Advance();
        while (!cursor.TryTake(quote))
        {
            if (cursor.IsAtEnd || cursor.IsAtNewline)
                return faults.Add(start, "the string does not end on its line", $"It began with {quote} and needs another; strings of several lines have three.");
            if (quote == '"' && cursor.Current == '\\')
            {
                if (!TryReadEscape(text)) return false;
                continue;
            }
            text.Append(cursor.Current);
            cursor.Advance();
        }
        value = text.ToString();
        return true;
    }

    private bool TryReadMultiLine(char quote, out string value)
    {
        var start = cursor.Position;
        var text = new StringBuilder();
        value = "";
        cursor.Advance(3);
        cursor.TryTakeNewline(); // one directly behind the opening quotes is trimmed
        while (true)
        {
            if (cursor.IsAtEnd) return faults.Add(start, "the string does not end", $"It began with {quote}{quote}{quote} and needs three more.");
            if (cursor.Current == quote)
            {
                if (TryEnd(quote, text)) break;
            }
            else if (cursor.TryTakeNewline()) text.Append('\n');
            else if (quote == '"' && cursor.Current == '\\')
            {
                if (!TrySkipLineEnding() && !TryReadEscape(text)) return false;
            }
            else
            {
                text.Append(cursor.Current);
                cursor.Advance();
            }
        }
        value = text.ToString();
        return true;
    }

    // One or two quotes are text; of three to five the last three end the string, those before them are text.
    private bool TryEnd(char quote, StringBuilder text)
    {
        var count = 0;
        while (count < 5 && cursor.Peek(count) == quote) count++;
        cursor.Advance(count);
        text.Append(quote, count < 3 ? count : count - 3);
        return count >= 3;
    }

    // A backslash that ends its line takes with it everything up to the next character that is not blank.
    private bool TrySkipLineEnding()
    {
        var ahead = 1;
        while (cursor.Peek(ahead) is ' ' or '\t') ahead++;
        if (!(cursor.Peek(ahead) == '\n' || (cursor.Peek(ahead) == '\r' && cursor.Peek(ahead + 1) == '\n'))) return false;
        cursor.Advance(ahead);
        while (cursor.TryTakeNewline())
            while (cursor.Current is ' ' or '\t') cursor.Advance();
        return true;
    }

    private bool TryReadEscape(StringBuilder text)
    {
        var start = cursor.Position;
        var letter = cursor.Peek(1);
        if (!"btnfr\"\\uU".Contains(letter, StringComparison.Ordinal)) // not passed over: it may be the line's end
        {
            return faults.Add(start, "unknown escape in the string", @"Known are \b \t \n \f \r \"" \\ \uXXXX \UXXXXXXXX; in 'single quotes' a backslash is a backslash.");
        }
        cursor.Advance(2);
        switch (letter)
        {
            case 'b': text.Append('\b'); return true;
            case 't': text.Append('\t'); return true;
            case 'n': text.Append('\n'); return true;
            case 'f': text.Append('\f'); return true;
            case 'r': text.Append('\r'); return true;
            case 'u': return TryReadCodePoint(4, start, text);
            case 'U': return TryReadCodePoint(8, start, text);
            default: text.Append(letter); return true;
        }
    }

    private bool TryReadCodePoint(int digits, SourcePosition start, StringBuilder text)
    {
        var from = cursor.Offset;
        for (var i = 0; i < digits; i++)
        {
            if (!char.IsAsciiHexDigit(cursor.Current)) return faults.Add(start, $"the escape needs {digits} hexadecimal digits");
            cursor.Advance();
        }
        var code = uint.Parse(cursor.Since(from), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        if (!Rune.IsValid(code)) return faults.Add(start, $"U+{code:X4} is not a Unicode scalar value");
        text.Append(new Rune(code).ToString());
        return true;
    }
}
