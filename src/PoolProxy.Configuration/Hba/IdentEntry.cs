namespace PoolProxy.Configuration.Hba;

/// <summary>A line of <c>auth_ident_file</c>: a system name may log in as a user.</summary>
/// <param name="System">The system name; compared as it is where there is no pattern.</param>
/// <param name="SystemPattern">A pattern for it; null for none.</param>
/// <param name="User">The user as the line says it: with <c>\1</c> in it, what the pattern's first group took goes there.</param>
/// <param name="Users">Whom the line means, where <paramref name="User"/> has no <c>\1</c>.</param>
public sealed record IdentEntry(string System, NamePattern? SystemPattern, string User, HbaNames? Users)
{
    /// <summary>What stands for the first group.</summary>
    public const string GroupSign = "\\1";

    /// <summary>Whether it lets <paramref name="systemName"/> in as <paramref name="user"/>.</summary>
    public bool Admits(string systemName, string user, Memberships memberships)
    {
        string? group = null;
        if (!(SystemPattern?.IsMatch(systemName, out group) ?? systemName == System)) return false;
        if (Users is not null) return Users.HoldsUser(user, memberships);

        // A name made of what somebody is called is a name, never a keyword or a pattern.
        return group is not null && user == User.Replace(GroupSign, group, StringComparison.Ordinal);
    }
}
