using System.Text;

namespace PoolProxy.Configuration.Ini;

/// <summary>
/// The pairs of a database's, user's or peer's line: <c>key=value</c> with spaces between, a value with spaces or nothing in it between single quotes, in which two are one.
/// </summary>
internal static class ConnectString
{
    /// <summary>Adds the pairs to <paramref name="pairs"/>, a later one in place of an earlier. The fault, or null.</summary>
    public static (SourcePosition Position, string Message)? Read(string text, SourcePosition position, Dictionary<string, (SourcePosition KeyPosition, IniWord Value)> pairs)
    {
        var at = 0;
        while (true)
        {
            while (at < text.Length && char.IsWhiteSpace(text[at])) at++;
            if (at == text.Length) return null;
            var keyAt = Move(position, at);
            var keyEnd = at;
            while (keyEnd < text.Length && text[keyEnd] != '=' && !char.IsWhiteSpace(text[keyEnd])) keyEnd++;
            var key = text[at..keyEnd];
            at = SkipSpace(text, keyEnd);
            if (key.Length == 0 || at == text.Length || text[at] != '=') return (keyAt, "expected key=value");
            at = SkipSpace(text, at + 1);
            var valueAt = Move(position, at);
            if (!TryTakeValue(text, ref at, out var value)) return (valueAt, $"the value of {key} has no closing quote");
            if (value.Length == 0) return (valueAt, $"the value of {key} is empty");
            pairs[key] = (keyAt, new IniWord(value, valueAt));
        }
    }

    private static SourcePosition Move(SourcePosition position, int by) => position with { Column = position.Column + by };

    private static int SkipSpace(string text, int at)
    {
        while (at < text.Length && char.IsWhiteSpace(text[at])) at++;
        return at;
    }

    private static bool TryTakeValue(string text, ref int at, out string value)
    {
        if (at == text.Length || text[at] != '\'')
        {
            var start = at;
            while (at < text.Length && !char.IsWhiteSpace(text[at])) at++;
            value = text[start..at];
            return true;
        }
        var taken = new StringBuilder();
        for (at++; at < text.Length; at++)
        {
            if (text[at] == '\'')
            {
                if (at + 1 == text.Length || text[at + 1] != '\'')
                {
                    at++;
                    value = taken.ToString();
                    return true;
                }
                at++;
            }
            taken.Append(text[at]);
        }
        value = "";
        return false;
    }
}
