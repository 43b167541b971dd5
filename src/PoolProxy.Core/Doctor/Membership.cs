using PoolProxy.Core.Backend;

namespace PoolProxy.Core.Doctor;

/// <summary>A role that was granted to the login.</summary>
/// <param name="Role">The role.</param>
/// <param name="MayGrant">ADMIN OPTION.</param>
/// <param name="Inherits">From 16 on; before, inheritance is the login's own attribute.</param>
/// <param name="MaySet">From 16 on; before, always.</param>
/// <param name="By"><c> GRANTED BY "…"</c> where the statement that changes it has to say who granted it, else empty.</param>
internal sealed record Membership(string Role, bool MayGrant, bool Inherits, bool MaySet, string By)
{
    /// <summary>Everything that was granted to the login itself; what its roles are members of comes with them.</summary>
    public static async Task<List<Membership>> ReadAsync(Examination examination)
    {
        // Before 16 a role is granted once, whoever did it. From 16 on a superuser speaks for the bootstrap superuser unless told otherwise.
        var columns = examination.VersionNumber >= 160000 ? "m.inherit_option, m.set_option, case when m.grantor <> 10 then g.rolname end" : "false, true, null";
        var rows = await examination.QueryAsync($"""
            select r.rolname, m.admin_option, {columns}
            from pg_auth_members m join pg_roles r on r.oid = m.roleid left join pg_roles g on g.oid = m.grantor
            where m.member = (select oid from pg_roles where rolname = session_user) order by 1
            """);
        return rows.ConvertAll(row => new Membership(row[0], row[1] == "t", row[2] == "t", row[3] == "t", row[4].Length > 0 ? $" GRANTED BY {SqlText.Name(row[4])}" : ""));
    }
}
