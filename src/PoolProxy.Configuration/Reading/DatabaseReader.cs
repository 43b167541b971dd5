using PoolProxy.Configuration.Catalogue;
using PoolProxy.Configuration.Model;
using PoolProxy.Configuration.Toml;

namespace PoolProxy.Configuration.Reading;

/// <summary>Reads <c>[databases.NAME]</c> with its logins.</summary>
internal sealed class DatabaseReader(SectionReader sections)
{
    // The console's own name, as in PgBouncer.
    private const string ConsoleName = "pgbouncer";

    public DatabaseSettings? Read(TomlEntry entry)
    {
        if (!sections.TryTable(entry, "Write [databases.NAME] with host, port and dbname as keys of their own.", out var table)) return null;
        if (entry.Key == ConsoleName) sections.Faults.Add(entry.KeyPosition, $"the database name \"{ConsoleName}\" belongs to the console");
        else if (Kinds.CheckName(entry.Key) is { } problem) sections.Faults.Add(entry.KeyPosition, problem.Message, problem.Hint);

        var database = sections.Read(
            table, new DatabaseSettings { Name = entry.Key, Host = "" }, DatabaseCatalogue.Settings, RefusedSettings.Database, ["logins"], "databases", entry.Key);
        return table.TryGet("logins", out var logins) && sections.TryTable(logins, "Write [databases.NAME.logins.ROLE].", out var byRole)
            ? database with { Logins = ReadLogins(entry.Key, byRole) }
            : database;
    }

    private OrderedDictionary<string, LoginSettings> ReadLogins(string database, TomlTable byRole)
    {
        var logins = new OrderedDictionary<string, LoginSettings>();
        foreach (var entry in byRole.Entries)
        {
            sections.Faults.Positions.Add(entry.KeyPosition, "databases", database, "logins", entry.Key);
            if (!sections.TryTable(entry, "Write [databases.NAME.logins.ROLE].", out var table)) continue;
            if (Kinds.CheckRole(entry.Key) is { } problem) sections.Faults.Add(entry.KeyPosition, problem.Message, problem.Hint);
            logins.Add(entry.Key, sections.Read(
                table, new LoginSettings { Role = entry.Key, User = "" }, LoginCatalogue.Settings, RefusedSettings.None, [], "databases", database, "logins", entry.Key));
        }
        return logins;
    }
}
