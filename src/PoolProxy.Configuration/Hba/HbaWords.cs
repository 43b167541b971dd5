using System.Text;

namespace PoolProxy.Configuration.Hba;

/// <summary>Cuts a line of an HBA file into fields: words apart by blanks, each a list by commas. <c>#</c> begins a comment outside of quotes.</summary>
internal static class HbaWords
{
    /// <summary>The fields of <paramref name="line"/>; null with the column where a quote or a list is not ended.</summary>
    public static List<List<HbaWord>>? Cut(string line, out int faultColumn)
    {
        var fields = new List<List<HbaWord>>();
        List<HbaWord>? open = null;
        faultColumn = 0;
        for (var at = 0; at < line.Length;)
        {
            if (char.IsWhiteSpace(line[at]))
            {
                at++;
                continue;
            }

            if (line[at] == '#') break;
            if (!TryTake(line, ref at, out var word))
            {
                faultColumn = word.Column;
                return null;
            }

            if (open is null) fields.Add(open = []);
            open.Add(word);
            if (!word.Continues) open = null;
        }

        if (open is null) return fields;
        faultColumn = open[^1].Column;
        return null;
    }

    private static bool TryTake(string line, ref int at, out HbaWord word)
    {
        var column = at + 1;
        word = new HbaWord("", false, column, false);
        var text = new StringBuilder();
        var isQuoted = line[at] == '"';
        if (isQuoted)
        {
            for (at++; ; at++)
            {
                if (at >= line.Length) return false;
                if (line[at] == '"' && (at + 1 >= line.Length || line[++at] != '"')) break;
                text.Append(line[at]);
            }

            if (at < line.Length && line[at] == '"') at++;
        }
        else
            while (at < line.Length && !char.IsWhiteSpace(line[at]) && line[at] is not (',' or '#' or '"')) text.Append(line[at++]);

        // A comma belongs to the word in front of it, blanks between or not.
        var next = at;
        while (next < line.Length && char.IsWhiteSpace(line[next])) next++;
        var continues = next < line.Length && line[next] == ',';
        if (continues) at = next + 1;
        word = new HbaWord(text.ToString(), isQuoted, column, continues);
        return isQuoted || text.Length > 0;
    }
}
