using System.Text;

namespace PoolProxy.Configuration.Hba;

/// <summary>
/// A line of an HBA or ident file with those that continue it: behind a backslash at its very end, in quotes and comments too, the next line goes on, and backslash and line
/// end are nothing (auth-pg-hba-conf.html, PostgreSQL 14). Knows where in the file each of its characters stands.
/// </summary>
internal sealed class HbaRecord
{
    private readonly List<(int Start, int Line)> _parts = [];
    private readonly int _file;

    private HbaRecord(int file) => _file = file;

    /// <summary>Without line ends and the backslashes in front of them.</summary>
    public string Text { get; private set; } = "";

    /// <summary>The records of a whole file, empty ones among them.</summary>
    /// <param name="text">The file.</param>
    /// <param name="file">Its number for positions.</param>
    public static IEnumerable<HbaRecord> Of(string text, int file)
    {
        for (int at = 0, number = 0; at <= text.Length;)
        {
            var record = new HbaRecord(file);
            at = record.Take(text, at, ref number);
            yield return record;
        }
    }

    /// <summary>Where in the file a character of <see cref="Text"/> stands.</summary>
    public SourcePosition PositionOf(int at)
    {
        var (low, high) = (0, _parts.Count - 1);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (_parts[middle].Start <= at) low = middle;
            else high = middle - 1;
        }

        return new(_parts[low].Line, at - _parts[low].Start + 1, _file);
    }

    /// <summary>The first of the lines that a comment, which begins at <paramref name="at"/>, takes in, if it says something and is no comment anyway; null for none.</summary>
    public SourcePosition? SwallowedBy(int at)
    {
        for (var index = 0; index < _parts.Count; index++)
        {
            var start = _parts[index].Start;
            var end = index + 1 < _parts.Count ? _parts[index + 1].Start : Text.Length;
            if (start > at && Text.AsSpan(start, end - start).TrimStart() is { IsEmpty: false } said && said[0] != '#') return PositionOf(end - said.Length);
        }

        return null;
    }

    // The place behind it.
    private int Take(string text, int at, ref int number)
    {
        var joined = new StringBuilder();
        var counted = 0;
        while (at <= text.Length)
        {
            var end = text.IndexOf('\n', at);
            if (end < 0) end = text.Length;
            _parts.Add((joined.Length, ++number));
            joined.Append(text.AsSpan(at, end - at).TrimEnd('\r'));
            at = end + 1;

            // A backslash that one was taken from behind stays, whatever line follows, as in PostgreSQL.
            if (joined.Length == counted || joined[^1] != '\\') break;
            joined.Length--;
            counted = joined.Length;
        }

        Text = joined.ToString();
        return at;
    }
}
