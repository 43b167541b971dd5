using System.Text;

namespace PoolProxy.Configuration.Hba;

/// <summary>
/// Cuts a line of an HBA or ident file into fields: words apart by blanks, each a list by commas. <c>#</c> begins a comment. Between double quotes, which may begin
/// within a word, all of these are text, and two quotes are one (auth-pg-hba-conf.html).
/// </summary>
internal static class HbaWords
{
    /// <summary>
    /// The fields of <paramref name="record"/>; null after a fault: a quote or a list that is not ended, or a comment that takes in a line, which PgBouncer would read: it
    /// could be the one that rejects.
    /// </summary>
    public static List<List<HbaWord>>? Cut(HbaRecord record, FaultList faults)
    {
        var line = record.Text;
        var fields = new List<List<HbaWord>>();
        List<HbaWord>? open = null;
        for (var at = 0; at < line.Length;)
        {
            if (char.IsWhiteSpace(line[at]))
            {
                at++;
                continue;
            }

            if (line[at] == '#')
            {
                if (record.SwallowedBy(at) is not { } swallowed) break;
                faults.Add(swallowed, "the comment above ends with a backslash and takes this line in", "PostgreSQL reads it so, and PgBouncer does not: take the backslash away, or begin this line with #.");
                return null;
            }

            if (!TryTake(record, ref at, out var word)) return Unended(word);
            if (open is null) fields.Add(open = []);
            open.Add(word);
            if (!word.Continues) open = null;
        }

        return open is null ? fields : Unended(open[^1]);

        List<List<HbaWord>>? Unended(HbaWord word)
        {
            faults.Add(word.Position, "a quote or a list is not ended", HbaReader.Form);
            return null;
        }
    }

    private static bool TryTake(HbaRecord record, ref int at, out HbaWord word)
    {
        var line = record.Text;
        var begin = at;
        var text = new StringBuilder();
        var isInQuotes = false;
        for (; at < line.Length; at++)
        {
            var character = line[at];
            if (character == '"')
            {
                if (isInQuotes && at + 1 < line.Length && line[at + 1] == '"') text.Append(line[++at]);
                else isInQuotes = !isInQuotes;
            }
            else if (!isInQuotes && (char.IsWhiteSpace(character) || character is ',' or '#')) break;
            else text.Append(character);
        }

        var isWhole = !isInQuotes && at > begin;

        // A comma belongs to the word in front of it, blanks between or not.
        var next = at;
        while (next < line.Length && char.IsWhiteSpace(line[next])) next++;
        var continues = next < line.Length && line[next] == ',';
        if (continues) at = next + 1;
        word = new HbaWord(text.ToString(), line[begin] == '"', record.PositionOf(begin), continues);
        return isWhole;
    }
}
