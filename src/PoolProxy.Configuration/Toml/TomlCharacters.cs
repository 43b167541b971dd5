namespace PoolProxy.Configuration.Toml;

/// <summary>
/// What may stand nowhere in a document, neither in strings nor in comments: control characters but tab and line ends, a carriage return
/// without a line feed, and halves of surrogate pairs. Looked for once, ahead of reading.
/// </summary>
internal static class TomlCharacters
{
    public static bool IsForbidden(char c) => (c < ' ' && c is not ('\t' or '\n' or '\r')) || c == '\u007f';

    public static bool IsBareKey(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '-';

    public static void Check(string text, TomlFaults faults)
    {
        var (line, column) = (1, 0);
        for (var i = 0; i < text.Length && !faults.IsFull; i++)
        {
            var c = text[i];
            if (c == '\n')
            {
                (line, column) = (line + 1, 0);
                continue;
            }
            column++;
            if (IsForbidden(c))
                faults.Add(new(line, column), $"the control character U+{(int)c:X4} may not stand in the file", "In a basic string it can be written as an escape.");
            else if (c == '\r' && (i + 1 == text.Length || text[i + 1] != '\n'))
                faults.Add(new(line, column), "carriage return without line feed");
            else if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                i++;
            else if (char.IsSurrogate(c))
                faults.Add(new(line, column), "half of a surrogate pair is not a character");
        }
    }
}
