namespace PoolProxy.Core.Backend;

/// <summary>
/// What makes a login unsafe where identities share it: a client that goes back to the login by SET ROLE NONE, or on to a role that the login
/// can become, would stand above every role, every policy or the server itself (isolation.md §5). Asked behind each login to an isolated
/// server, within a question that is asked there anyway: it costs no round trip, and no change goes unseen.
/// </summary>
internal static class LoginDangers
{
    private const string Kind = "danger";

    /// <summary>
    /// Rows of three texts: what this is, the role, and its power. BYPASSRLS counts on the login only: a role may be meant to see all rows. The
    /// predefined roles are those that read, write or run what lies outside of the database. A superuser is a member of everything, so of
    /// one only itself is told.
    /// </summary>
    public const string Question = $"""
        select '{Kind}', r.rolname::pg_catalog.text, a.power
        from pg_catalog.pg_roles r
        cross join lateral (
            values
                ('SUPERUSER', r.rolsuper), ('CREATEROLE', r.rolcreaterole), ('REPLICATION', r.rolreplication),
                ('BYPASSRLS', r.rolbypassrls and r.rolname = session_user)
            union all
            select g.rolname::pg_catalog.text, true
            from pg_catalog.pg_auth_members m join pg_catalog.pg_roles g on g.oid = m.roleid
            where m.member = r.oid
            and g.rolname in ('pg_read_server_files'::pg_catalog.name, 'pg_write_server_files'::pg_catalog.name, 'pg_execute_server_program'::pg_catalog.name)
        ) a (power, holds)
        where a.holds and pg_catalog.pg_has_role(session_user, r.oid, 'MEMBER')
        and (r.rolname = session_user or not (select s.rolsuper from pg_catalog.pg_roles s where s.rolname = session_user))
        """;

    /// <summary>The dangers among the rows of an answer.</summary>
    public static List<LoginDanger> Read(List<string[]> rows, string login) =>
        rows.FindAll(row => row[0] == Kind).ConvertAll(row => new LoginDanger(row[1], row[1] == login, row[2]));
}
