using System.Globalization;
using System.Text;

namespace PoolProxy.Configuration.Toml;

/// <summary>Writes keys and strings as TOML has them (TOML 1.0, "Keys", "String").</summary>
internal static class TomlText
{
    /// <summary>A key: bare where it may be, else in quotes.</summary>
    public static string Key(string key) =>
        key.Length > 0 && key.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-') ? key : Quote(key);

    /// <summary>A basic string.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder(text.Length + 2).Append('"');
        foreach (var c in text)
        {
            switch (c)
            {
                case '"' or '\\': quoted.Append('\\').Append(c); break;
                case '\n': quoted.Append("\\n"); break;
                case '\t': quoted.Append("\\t"); break;
                case < ' ' or '\u007f': quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"); break;
                default: quoted.Append(c); break;
            }
        }
        return quoted.Append('"').ToString();
    }

    /// <summary>An array of strings.</summary>
    public static string Array(IEnumerable<string> texts) => $"[{string.Join(", ", texts.Select(Quote))}]";
}
