namespace PoolProxy.Configuration.Ini;

/// <summary>
/// Reads the lines of a <c>pgbouncer.ini</c>: sections, <c>key = value</c>, comments that begin a line with <c>;</c> or <c>#</c>, and <c>%include FILE</c>, whose
/// section goes on where it ends (PgBouncer's manual, pgbouncer.ini(5)). PgBouncer stops at the first malformed line; here each is a fault, and the next is read.
/// </summary>
/// <param name="faults">Where faults go.</param>
/// <param name="include">The text of an included file by the name that the line gives, or null with the reason in words.</param>
internal sealed class IniReader(FaultList faults, Func<string, (string? Text, string? Failure)> include)
{
    /// <summary>How deep included files may include others, as in PgBouncer.</summary>
    public const int MaxDepth = 10;

    /// <summary>The longest file read, in characters.</summary>
    public const int MaxTextLength = 16 * 1024 * 1024;

    /// <summary>Reading ends after this many faults, and after this many files.</summary>
    private const int MaxFaults = 100;

    private readonly List<IniEntry> _entries = [];
    private string _section = "";
    private int _fileCount;

    /// <summary>All lines of <paramref name="text"/> and of what it includes, in order.</summary>
    public IReadOnlyList<IniEntry> Read(string text)
    {
        ReadFile(text, file: 0, depth: 0);
        return _entries;
    }

    private void ReadFile(string text, int file, int depth)
    {
        if (text.Length > MaxTextLength)
        {
            faults.Add(new(1, 1, file), $"the file is longer than {MaxTextLength} characters");
            return;
        }
        var number = 0;
        foreach (var range in text.AsSpan().Split('\n'))
        {
            var line = text.AsSpan(range);
            var content = line.TrimEnd();
            number++;
            if (number == 1) content = content.TrimStart('\ufeff');
            var start = content.TrimStart();
            var column = content.Length - start.Length + 1;
            if (start.IsEmpty || start[0] is ';' or '#') continue;
            if (faults.Count >= MaxFaults) return;
            var position = new SourcePosition(number, column, file);
            if (start[0] == '[') ReadHeader(start, position);
            else if (IsInclude(start)) Include(start["%include".Length..].Trim().ToString(), position, depth);
            else ReadEntry(start, position);
        }
    }

    // "%include" alone, or with something else than space behind it, is a malformed line.
    private static bool IsInclude(ReadOnlySpan<char> line) => line.StartsWith("%include", StringComparison.Ordinal) && line.Length > 8 && line[8] is ' ' or '\t';

    private void ReadHeader(ReadOnlySpan<char> line, SourcePosition position)
    {
        var end = line.IndexOf(']');
        if (end < 0) faults.Add(position, "the section's name has no end", "Write ] behind it.");
        else if (end != line.Length - 1) faults.Add(position, "something stands behind the section's name", "Write it on a line of its own.");
        else _section = line[1..end].ToString();
    }

    private void ReadEntry(ReadOnlySpan<char> line, SourcePosition position)
    {
        var key = TakeKey(line, out var rest);
        var separator = rest.TrimStart();
        if (key is null || separator.IsEmpty || separator[0] != '=')
        {
            faults.Add(position, "the line is neither a section, a comment nor key = value");
            return;
        }
        if (_section.Length == 0)
        {
            faults.Add(position, $"{key} stands outside of a section", "Write [pgbouncer] above it.");
            return;
        }
        var value = separator[1..].TrimStart();
        _entries.Add(new(_section, key, position, value.ToString(), position with { Column = position.Column + line.Length - value.Length }));
    }

    /// <summary>A key: PgBouncer's letters, or a name in double quotes, in which two quotes are one.</summary>
    private static string? TakeKey(ReadOnlySpan<char> line, out ReadOnlySpan<char> rest)
    {
        rest = default;
        if (line[0] != '"')
        {
            var length = 0;
            while (length < line.Length && (char.IsAsciiLetterOrDigit(line[length]) || line[length] is '_' or '.' or '-' or '*')) length++;
            rest = line[length..];
            return length == 0 ? null : line[..length].ToString();
        }
        for (var at = 1; at < line.Length; at++)
        {
            if (line[at] != '"') continue;
            if (at + 1 < line.Length && line[at + 1] == '"') at++;
            else
            {
                rest = line[(at + 1)..];
                return line[1..at].ToString().Replace("\"\"", "\"", StringComparison.Ordinal);
            }
        }
        return null;
    }

    private void Include(string name, SourcePosition position, int depth)
    {
        if (depth >= MaxDepth || ++_fileCount > MaxFaults)
        {
            faults.Add(position, "files include one another too deeply", $"{MaxDepth} levels are read.");
            return;
        }
        var (text, failure) = include(name);
        if (text is null) faults.Add(position, $"%include {name}: {failure}");
        else ReadFile(text, faults.Positions.AddFile(name), depth + 1);
    }
}
