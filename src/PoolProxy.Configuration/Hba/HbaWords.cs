using System.Text;

namespace PoolProxy.Configuration.Hba;

/// <summary>
/// Cuts a line of an HBA or ident file into fields: words apart by blanks, each a list by commas. <c>#</c> begins a comment. Between double quotes, which may begin
/// within a word, all of these are text, and two quotes are one (auth-pg-hba-conf.html).
/// </summary>
internal static class HbaWords
{
    /// <summary>The fields of <paramref name="line"/>; null with the place where a quote or a list is not ended.</summary>
    /// <param name="line">Without its end.</param>
    /// <param name="start">Where it begins.</param>
    /// <param name="faultAt">Where it is wrong.</param>
    public static List<List<HbaWord>>? Cut(string line, SourcePosition start, out SourcePosition faultAt)
    {
        var fields = new List<List<HbaWord>>();
        List<HbaWord>? open = null;
        faultAt = start;
        for (var at = 0; at < line.Length;)
        {
            if (char.IsWhiteSpace(line[at]))
            {
                at++;
                continue;
            }

            if (line[at] == '#') break;
            if (!TryTake(line, start, ref at, out var word))
            {
                faultAt = word.Position;
                return null;
            }

            if (open is null) fields.Add(open = []);
            open.Add(word);
            if (!word.Continues) open = null;
        }

        if (open is null) return fields;
        faultAt = open[^1].Position;
        return null;
    }

    private static bool TryTake(string line, SourcePosition start, ref int at, out HbaWord word)
    {
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
        word = new HbaWord(text.ToString(), line[begin] == '"', start with { Column = begin + 1 }, continues);
        return isWhole;
    }
}
