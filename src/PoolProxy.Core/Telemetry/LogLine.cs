using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;

namespace PoolProxy.Core.Telemetry;

/// <summary>
/// One log record as one line, in PgBouncer's form: <c>2026-11-21 01:02:03.456 UTC [4711] LOG C-0x7: db/user@addr message</c>.
/// </summary>
/// <remarks>
/// Control characters inside a message are written as <c>\n</c>, <c>\t</c> or <c>\x1b</c>, so that a name from outside can neither begin a
/// line of its own nor steer a terminal. A line has at most <see cref="MaxChars"/> characters before its line feed.
/// </remarks>
internal static class LogLine
{
    /// <summary>The longest message, exception included, in characters; the rest is cut.</summary>
    public const int MaxChars = 8192;

    /// <summary>Makes the line, line feed included, in UTF-8.</summary>
    public static byte[] Make(DateTimeOffset time, int processId, LogLevel level, string message, Exception? exception = null)
    {
        var line = new StringBuilder(64 + message.Length);
        line.Append(CultureInfo.InvariantCulture, $"{time.UtcDateTime:yyyy-MM-dd HH:mm:ss.fff} UTC [{processId}] {Word(level)} ");
        AppendEscaped(line, message);
        if (exception is not null)
            AppendEscaped(line, $": {exception}");
        if (line.Length > MaxChars)
        {
            line.Length = char.IsHighSurrogate(line[MaxChars - 4]) ? MaxChars - 4 : MaxChars - 3;
            line.Append("...");
        }

        line.Append('\n');
        return Encoding.UTF8.GetBytes(line.ToString());
    }

    /// <summary>How grave a line of this form is, as RFC 5424 §6.2.1 counts, with PgBouncer's own words where it puts them; 6 for what has none.</summary>
    public static int SeverityOf(ReadOnlySpan<byte> line)
    {
        var rest = line[(line.IndexOf("] "u8) is var at and >= 0 ? at + 2 : 0)..];
        return rest.StartsWith("FATAL "u8) ? 2 : rest.StartsWith("ERROR "u8) ? 3 : rest.StartsWith("WARNING "u8) ? 4
            : rest.StartsWith("DEBUG "u8) || rest.StartsWith("NOISE "u8) ? 7 : 6;
    }

    /// <summary>PgBouncer's word for a level.</summary>
    public static string Word(LogLevel level) => level switch
    {
        LogLevel.Trace => "NOISE",
        LogLevel.Debug => "DEBUG",
        LogLevel.Information => "LOG",
        LogLevel.Warning => "WARNING",
        LogLevel.Error => "ERROR",
        _ => "FATAL",
    };

    /// <summary>The least level that is written at <c>verbose</c>: 0 LOG, 1 DEBUG, 2 and above NOISE, as in PgBouncer.</summary>
    public static LogLevel LeastLevel(int verbose) => verbose switch
    {
        <= 0 => LogLevel.Information,
        1 => LogLevel.Debug,
        _ => LogLevel.Trace,
    };

    private static void AppendEscaped(StringBuilder line, string text)
    {
        foreach (var character in text.AsSpan(0, Math.Min(text.Length, MaxChars)))
        {
            switch (character)
            {
                case '\n':
                    line.Append("\\n");
                    break;
                case '\r':
                    line.Append("\\r");
                    break;
                case '\t':
                    line.Append("\\t");
                    break;
                // C1 controls too (U+0080 to U+009F): U+009B begins an escape sequence in some terminals. U+2028 and U+2029 are line ends.
                case var control when char.IsControl(control) || control is '\u2028' or '\u2029':
                    line.Append(CultureInfo.InvariantCulture, $"\\x{(int)control:x2}");
                    break;
                default:
                    line.Append(character);
                    break;
            }
        }
    }
}
