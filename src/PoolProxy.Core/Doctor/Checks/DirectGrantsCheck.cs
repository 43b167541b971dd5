namespace PoolProxy.Core.Doctor.Checks;

/// <summary>
/// Rights that were granted to the login itself and not to its role: they are there behind SET ROLE NONE, without claims. CONNECT on databases
/// is what it needs.
/// </summary>
internal sealed class DirectGrantsCheck : Check
{
    /// <inheritdoc/>
    public override string Praise => "the login has no rights of its own but CONNECT";

    /// <inheritdoc/>
    public override async Task<IReadOnlyList<Finding>> RunAsync(Examination examination)
    {
        var revokes = new List<string>();
        var named = new List<string>();
        foreach (var row in await examination.QueryAsync(OnObjects))
        {
            if (Phrase(row[0]) is { } phrase)
            {
                named.Add($"{row[0]} {row[1]}");
                revokes.Add($"REVOKE ALL ON {phrase} {row[1]} FROM {examination.LoginName} CASCADE;");
            }
        }

        foreach (var row in await examination.QueryAsync(OnDatabases))
        {
            named.Add($"{row[1]} on database {row[0]}");
            revokes.Add($"REVOKE {row[1]} ON DATABASE {row[0]} FROM {examination.LoginName} CASCADE;");
        }

        foreach (var row in await examination.QueryAsync(ByDefault))
        {
            named.Add($"default privileges of {row[0]} on {row[2]}");
            revokes.Add($"ALTER DEFAULT PRIVILEGES FOR ROLE {row[0]}{(row[1].Length > 0 ? $" IN SCHEMA {row[1]}" : "")} REVOKE ALL ON {row[2]} FROM {examination.LoginName};");
        }

        return named.Count == 0 ? [] :
        [
            Finding.Fault(
                $"login \"{examination.Upstream.Login}\" has rights of its own in database \"{examination.Upstream.Target.Dbname}\" or on the server: {string.Join(", ", named)}",
                "A client that goes back to the login by SET ROLE NONE has them, whatever its role may do; grant them to the role instead.",
                [.. revokes]),
        ];
    }

    private const string Grantee = "(select oid from pg_roles where rolname = session_user)";

    private const string OnObjects = $"""
        select distinct i.type, i.identity
        from pg_shdepend d, pg_identify_object(d.classid, d.objid, 0) i
        where d.refclassid = 'pg_authid'::regclass and d.refobjid = {Grantee} and d.deptype = 'a'
        and d.dbid in (0, (select oid from pg_database where datname = current_database()))
        and d.classid not in ('pg_database'::regclass, 'pg_default_acl'::regclass) and i.identity is not null
        order by 1, 2
        """;

    private const string OnDatabases = $"""
        select quote_ident(datname), case when privilege_type = 'CONNECT' then 'GRANT OPTION FOR CONNECT' else privilege_type end
        from pg_database, aclexplode(datacl) where grantee = {Grantee} and (privilege_type <> 'CONNECT' or is_grantable) order by 1, 2
        """;

    private const string ByDefault = $"""
        select quote_ident(pg_get_userbyid(d.defaclrole)), quote_ident(n.nspname),
            case d.defaclobjtype when 'r' then 'TABLES' when 'S' then 'SEQUENCES' when 'f' then 'ROUTINES' when 'T' then 'TYPES' when 'n' then 'SCHEMAS' else 'LARGE OBJECTS' end
        from pg_default_acl d left join pg_namespace n on n.oid = d.defaclnamespace
        where exists (select from aclexplode(d.defaclacl) where grantee = {Grantee}) order by 1, 2, 3
        """;

    // From the words of pg_identify_object to those of REVOKE.
    private static string? Phrase(string type) => type switch
    {
        "table" or "view" or "materialized view" or "foreign table" => "TABLE",
        "function" or "procedure" or "aggregate" => "ROUTINE",
        "server" => "FOREIGN SERVER",
        "foreign-data wrapper" => "FOREIGN DATA WRAPPER",
        "parameter ACL" => "PARAMETER",
        "sequence" or "schema" or "type" or "language" or "large object" or "tablespace" => type.ToUpperInvariant(),
        _ => null,
    };
}
