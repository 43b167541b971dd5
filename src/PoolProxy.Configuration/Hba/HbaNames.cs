namespace PoolProxy.Configuration.Hba;

/// <summary>The databases or users of a line.</summary>
/// <param name="IsAll">The word <c>all</c>, unquoted, is among them.</param>
/// <param name="IsSameUser">Of databases: <c>sameuser</c>, the one named like the user.</param>
/// <param name="Names">Names, compared as they are.</param>
public sealed record HbaNames(bool IsAll, bool IsSameUser, IReadOnlySet<string> Names)
{
    /// <summary>Of databases: <c>replication</c>, physical replication, which names no database.</summary>
    public bool IsReplication { get; init; }

    /// <summary>Whether a user is meant.</summary>
    public bool Holds(string name) => IsAll || Names.Contains(name);

    /// <summary>Whether a database is meant.</summary>
    public bool Holds(string database, string user) => Holds(database) || (IsSameUser && database == user);
}
