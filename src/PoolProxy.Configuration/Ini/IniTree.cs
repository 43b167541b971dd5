using PoolProxy.Configuration.Catalogue;
using PoolProxy.Configuration.Toml;

namespace PoolProxy.Configuration.Ini;

/// <summary>
/// Puts the lines of a <c>pgbouncer.ini</c> where a pool.toml has them, so that both are read by one catalogue: [pgbouncer] is <c>[proxy]</c>, and a line of
/// [databases], [users] or [peers] is a section of its own. Where a key or name comes twice the last counts, as in PgBouncer.
/// </summary>
internal sealed class IniTree(FaultList faults)
{
    private const string SocketFolder = "unix_socket_dir";

    // PgBouncer's own default; ours is none.
    private const string DefaultSocketFolder = "/tmp";

    private static readonly string[] Sections = ["pgbouncer", "databases", "users", "peers"];

    /// <summary>Where PgBouncer takes 0 in a database's or user's line for "not set here"; in a pool.toml 0 is a value of its own.</summary>
    private static readonly string[] ZeroIsUnset =
    [
        "max_db_connections", "max_db_client_connections", "server_lifetime", "max_user_connections", "max_user_client_connections", "query_timeout", "query_wait_timeout",
        "idle_transaction_timeout", "transaction_timeout", "client_idle_timeout",
    ];

    private readonly OrderedDictionary<string, (SourcePosition Position, TomlValue Value)> _proxy = [];
    private readonly Dictionary<string, OrderedDictionary<string, (SourcePosition Position, TomlValue Value)>> _named = new()
    {
        ["databases"] = [],
        ["users"] = [],
        ["peers"] = [],
    };

    /// <summary>The tree of all <paramref name="entries"/>.</summary>
    public TomlTable Build(IReadOnlyList<IniEntry> entries)
    {
        foreach (var entry in entries) Take(entry);
        _proxy.TryAdd(SocketFolder, (SourcePosition.Start, new IniWord(DefaultSocketFolder, SourcePosition.Start)));
        FillHosts();
        PassOverWhatAuthTypeLeaves();
        PassOverLookupsOfNobody();
        var root = new TomlTable(TomlTableOrigin.Root, SourcePosition.Start);
        Add(root, "proxy", _proxy);
        foreach (var (section, named) in _named)
            if (named.Count > 0) Add(root, section, named);
        return root;
    }

    private string AuthType => (_proxy.TryGetValue("auth_type", out var given) ? given.Value as IniWord : null)?.Value.ToLowerInvariant() ?? "md5";

    private void Take(in IniEntry entry)
    {
        if (entry.Section == "pgbouncer") _proxy[entry.Key] = (entry.KeyPosition, new IniWord(entry.Value, entry.ValuePosition));
        else if (_named.TryGetValue(entry.Section, out var named)) named[entry.Key] = (entry.KeyPosition, ReadPairs(entry));
        else
            faults.Add(
                entry.KeyPosition, $"section [{entry.Section}] is not known here",
                NearestName.Find(entry.Section, Sections) is { } near ? $"The nearest known name is [{near}]." : $"There are {string.Join(", ", Sections.Select(known => $"[{known}]"))}.");
    }

    private TomlTable ReadPairs(in IniEntry entry)
    {
        var pairs = new Dictionary<string, (SourcePosition Position, IniWord Value)>();
        if (ConnectString.Read(entry.Value, entry.ValuePosition, pairs) is { } fault) faults.Add(fault.Position, $"{entry.Key}: {fault.Message}");
        var table = new TomlTable(TomlTableOrigin.Header, entry.KeyPosition);
        foreach (var (key, (position, value)) in pairs)
        {
            // Its name until PgBouncer 1.5.
            var name = entry.Section == "databases" && key == "reserve_pool" && !pairs.ContainsKey("reserve_pool_size") ? "reserve_pool_size" : key;
            if (value.Value != "0" || !ZeroIsUnset.Contains(name)) table.Add(new(name, position), value);
        }
        return table;
    }

    /// <summary>A database without a host is reached by the Unix socket in the folder in which the proxy has its own.</summary>
    private void FillHosts()
    {
        var folder = _proxy[SocketFolder].Value is IniWord { Value.Length: > 0 } given ? given.Value : DefaultSocketFolder;
        foreach (var (position, value) in _named["databases"].Values)
            if (value is TomlTable table && !table.TryGet("host", out _)) table.Add(new("host", position), new IniWord(folder, position));
    }

    /// <summary>PgBouncer takes these with every auth_type and looks at them with one or two; a pool.toml that has them for nothing is at fault.</summary>
    private void PassOverWhatAuthTypeLeaves()
    {
        var authType = AuthType;
        foreach (var (name, types) in (ReadOnlySpan<(string, string[])>)[("auth_hba_file", ["hba"]), ("auth_ident_file", ["hba"]), ("auth_ldap_options", ["ldap", "hba"])])
            if (!types.Contains(authType) && _proxy.Remove(name, out var passedOver) && passedOver.Value is IniWord { Value.Length: > 0 })
                faults.Note(passedOver.Position, $"{name} is not looked at with auth_type {authType}", $"Set auth_type = {types[0]}.");
    }

    /// <summary>
    /// PgBouncer takes auth_query and auth_dbname and never looks at them where there is no auth_user, and auth_user with auth_type any, which asks about nobody.
    /// </summary>
    private void PassOverLookupsOfNobody()
    {
        var databases = _named["databases"].Values.Select(database => (TomlTable)database.Value).ToArray();
        var asksNobody = AuthType == "any";
        if (asksNobody) PassOver("with auth_type any", ["auth_user"], databases);
        if (_proxy.TryGetValue("auth_user", out var user) && user.Value is IniWord { Value.Length: > 0 }) return;
        var (why, names) = (asksNobody ? "with auth_type any" : "without auth_user", (string[])["auth_query", "auth_dbname"]);
        var unasked = Array.FindAll(databases, database => !database.TryGet("auth_user", out _));
        if (unasked.Length == databases.Length) PassOver(why, names, unasked);
        else foreach (var database in unasked) PassOver(why, names, database);
    }

    /// <summary>Of [pgbouncer] and of the databases.</summary>
    private void PassOver(string why, string[] names, TomlTable[] databases)
    {
        foreach (var name in names)
            if (_proxy.Remove(name, out var passedOver) && passedOver.Value is IniWord { Value.Length: > 0 }) Note(passedOver.Position, name, why);
        foreach (var database in databases) PassOver(why, names, database);
    }

    private void PassOver(string why, string[] names, TomlTable database)
    {
        foreach (var name in names)
            if (database.Remove(name) is { } passedOver) Note(passedOver.KeyPosition, name, why);
    }

    private void Note(SourcePosition position, string name, string why) => faults.Note(position, $"{name} is not looked at {why}");

    private static void Add(TomlTable root, string section, OrderedDictionary<string, (SourcePosition Position, TomlValue Value)> entries)
    {
        var table = new TomlTable(TomlTableOrigin.Header, entries.Count > 0 ? entries.GetAt(0).Value.Position : SourcePosition.Start);
        foreach (var (key, (position, value)) in entries) table.Add(new(key, position), value);
        root.Add(new(section, table.Position), table);
    }
}
