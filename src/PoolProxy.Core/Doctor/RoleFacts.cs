using PoolProxy.Core.Backend;

namespace PoolProxy.Core.Doctor;

/// <summary>A role as pg_roles shows it to everybody.</summary>
/// <param name="Name">Its name.</param>
internal sealed record RoleFacts(string Name)
{
    public bool IsSuperuser { get; init; }

    public bool Inherits { get; init; }

    public bool CanCreateRoles { get; init; }

    public bool CanCreateDatabases { get; init; }

    public bool CanLogIn { get; init; }

    public bool CanReplicate { get; init; }

    public bool BypassesRowSecurity { get; init; }

    /// <summary>VALID UNTIL, where it lies in the past; else null.</summary>
    public string? ExpiredAt { get; init; }

    /// <summary>Whoever asked can become this role by SET ROLE.</summary>
    public bool IsWithinReach { get; init; }

    /// <summary>Those of the named roles that exist, as the login of this conversation sees them.</summary>
    public static async Task<Dictionary<string, RoleFacts>> ReadAsync(ServerDialogue dialogue, IEnumerable<string> names, int versionNumber)
    {
        // From 16 on a member need not have the right to SET ROLE.
        var within = versionNumber >= 160000 ? "SET" : "MEMBER";
        var rows = await dialogue.QueryAsync($"""
            select rolname, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin, rolreplication, rolbypassrls,
                case when rolvaliduntil <= now() then rolvaliduntil::text end, pg_has_role(session_user, oid, '{within}')
            from pg_roles where rolname in ({SqlText.Literals(names)})
            """);
        return rows.ToDictionary(row => row[0], row => new RoleFacts(row[0])
        {
            IsSuperuser = row[1] == "t",
            Inherits = row[2] == "t",
            CanCreateRoles = row[3] == "t",
            CanCreateDatabases = row[4] == "t",
            CanLogIn = row[5] == "t",
            CanReplicate = row[6] == "t",
            BypassesRowSecurity = row[7] == "t",
            ExpiredAt = row[8].Length > 0 ? row[8] : null,
            IsWithinReach = row[9] == "t",
        });
    }
}
