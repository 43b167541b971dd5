namespace PoolProxy.Configuration.Hba;

/// <summary>
/// Reads an ident file in pg_ident.conf's form (<c>MAP SYSTEM-NAME DATABASE-USER</c>; auth-username-maps.html): a system name may be a regular expression, whose first group
/// <c>\1</c> stands for in the user; a user may be <c>all</c>, <c>+ROLE</c> or a regular expression. What PgBouncer passes over with a warning is a fault here.
/// </summary>
public static class IdentReader
{
    private const string Form = "A line is MAP SYSTEM-NAME DATABASE-USER.";

    /// <summary>Reads <paramref name="text"/>; <paramref name="fileName"/> is what faults call it, and what other files lie beside.</summary>
    public static IdentResult Read(string text, string fileName, AccessFiles files, Memberships memberships)
    {
        var faults = new FaultList(fileName);
        var maps = new Dictionary<string, List<IdentEntry>>(StringComparer.Ordinal);
        var source = new HbaSource(faults, files);
        source.Read(text, fileName, fields =>
        {
            if (ReadLine(fields, new HbaNamesReader(faults, source, memberships), faults) is not { } entry) return;
            var name = fields.Fields[0][0].Text;
            if (!maps.TryGetValue(name, out var entries)) maps.Add(name, entries = []);
            entries.Add(entry);
        });
        return new(maps.ToDictionary(map => map.Key, map => new IdentMap(map.Key, map.Value), StringComparer.Ordinal), faults.InOrder);
    }

    private static IdentEntry? ReadLine(HbaFields fields, HbaNamesReader names, FaultList faults)
    {
        if (fields.Fields.Count != 3 || fields.Single(0) is null || fields.Single(1) is not { Text.Length: > 0 } system || fields.Single(2) is not { Text.Length: > 0 } user)
        {
            faults.Add(fields.Position, "the line is no line of a map", Form);
            return null;
        }

        NamePattern? pattern = null;
        if (system.Text[0] == '/')
        {
            pattern = NamePattern.TryRead(system.Text[1..], out var fault);
            if (pattern is null)
            {
                faults.Add(system.Position, fault!);
                return null;
            }
        }

        if (!user.Text.StartsWith('/') && user.Text.Contains(IdentEntry.GroupSign, StringComparison.Ordinal))
        {
            if (pattern is { HasGroup: true }) return new(system.Text, pattern, user.Text, null);
            faults.Add(user.Position, $"{IdentEntry.GroupSign} stands for a group of the system name, which has none", "Write the system name as /REGEX with a part in parentheses.");
            return null;
        }

        return names.Read(fields, 2, isDatabases: false) is { } users ? new(system.Text, pattern, user.Text, users) : null;
    }
}
