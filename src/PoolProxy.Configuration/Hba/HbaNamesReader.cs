namespace PoolProxy.Configuration.Hba;

/// <summary>Reads the databases or users of a line.</summary>
/// <param name="faults">Where faults go.</param>
/// <param name="source">Reads the files of <c>@file</c>.</param>
/// <param name="memberships">Who is a member of what: <c>+ROLE</c> and <c>samerole</c> that could mean nobody are faults.</param>
internal sealed class HbaNamesReader(FaultList faults, HbaSource source, Memberships memberships)
{
    private const string HowToSay = "Say so by member_of in [users.NAME]: PostgreSQL is not asked.";

    /// <summary>The names of the field at <paramref name="index"/>; null after a fault.</summary>
    public HbaNames? Read(HbaFields fields, int index, bool isDatabases)
    {
        var before = faults.Count;
        var names = new HbaNames();
        var plain = new HashSet<string>(StringComparer.Ordinal);
        var groups = new List<string>();
        var patterns = new List<NamePattern>();
        foreach (var word in Expand(fields, index))
        {
            if (word.Is("all")) names = names with { IsAll = true };
            else if (isDatabases && word.Is("sameuser")) names = names with { IsSameUser = true };
            else if (isDatabases && (word.Is("samerole") || word.Is("samegroup")))
            {
                names = names with { IsSameRole = true };
                if (memberships.IsEmpty) faults.Add(word.Position, $"{word.Text} goes by who is a member of what, and nobody is said to be", HowToSay);
            }
            else if (isDatabases && word.Is("replication")) names = names with { IsReplication = true };
            else if (!isDatabases && word.HasSign('+'))
            {
                groups.Add(word.Text[1..]);
                if (!memberships.Knows(word.Text[1..])) faults.Add(word.Position, $"nobody is said to be a member of \"{word.Text[1..]}\"", HowToSay);
            }
            else if (word.Text.StartsWith('/')) AddPattern(word, patterns);
            else plain.Add(word.Text);
        }

        return faults.Count > before ? null : names with { Names = plain, Groups = groups, Patterns = patterns };
    }

    private IEnumerable<HbaWord> Expand(HbaFields fields, int index) =>
        fields.Fields[index].SelectMany(word => word.HasSign('@') && word.Text.Length > 1 ? source.ReadNames(word, fields, []) : [word]);

    private void AddPattern(HbaWord word, List<NamePattern> patterns)
    {
        if (NamePattern.TryRead(word.Text[1..], out var fault) is { } pattern) patterns.Add(pattern);
        else faults.Add(word.Position, fault!);
    }
}
