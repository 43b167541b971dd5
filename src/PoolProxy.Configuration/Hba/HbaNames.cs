namespace PoolProxy.Configuration.Hba;

/// <summary>The databases or users of a line: whom or what one of them means, the line is for.</summary>
public sealed record HbaNames
{
    /// <summary>The word <c>all</c>, unquoted, is among them.</summary>
    public bool IsAll { get; init; }

    /// <summary>Of databases: <c>sameuser</c>, the one named like the user.</summary>
    public bool IsSameUser { get; init; }

    /// <summary>Of databases: <c>samerole</c>, one named like a role of which the user is a member.</summary>
    public bool IsSameRole { get; init; }

    /// <summary>Of databases: <c>replication</c>, physical replication, which names no database.</summary>
    public bool IsReplication { get; init; }

    /// <summary>Names, compared as they are.</summary>
    public IReadOnlySet<string> Names { get; init; } = new HashSet<string>();

    /// <summary>Of users: <c>+ROLE</c>, its members.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary><c>/REGEX</c>.</summary>
    public IReadOnlyList<NamePattern> Patterns { get; init; } = [];

    /// <summary>Whether a user is meant.</summary>
    public bool HoldsUser(string user, Memberships memberships) => HoldsName(user) || Groups.Any(role => memberships.Holds(user, role));

    /// <summary>Whether a database is meant.</summary>
    public bool HoldsDatabase(string database, string user, Memberships memberships) =>
        HoldsName(database) || (IsSameUser && database == user) || (IsSameRole && memberships.Holds(user, database));

    private bool HoldsName(string name) => IsAll || Names.Contains(name) || Patterns.Any(pattern => pattern.IsMatch(name));
}
