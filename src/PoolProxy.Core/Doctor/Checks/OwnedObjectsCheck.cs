using PoolProxy.Core.Backend;

namespace PoolProxy.Core.Doctor.Checks;

/// <summary>Objects that belong to the login: whoever goes back to it may drop or replace them, and others run what is put there.</summary>
internal sealed class OwnedObjectsCheck : Check
{
    private const int MaxNamed = 3;

    /// <inheritdoc/>
    public override string Praise => "the login owns nothing";

    /// <inheritdoc/>
    public override async Task<IReadOnlyList<Finding>> RunAsync(Examination examination)
    {
        // Temporary objects end with their session. To whom what is left should go: to the database's owner, or where that is the login to the bootstrap superuser.
        var owned = await examination.QueryAsync("""
            select i.type, i.identity
            from pg_shdepend d, pg_identify_object(d.classid, d.objid, 0) i
            where d.refclassid = 'pg_authid'::regclass and d.refobjid = (select oid from pg_roles where rolname = session_user) and d.deptype = 'o'
            and d.dbid in (0, (select oid from pg_database where datname = current_database()))
            and coalesce(i.schema, '') !~ '^pg_(toast_)?temp_' and i.identity is not null
            order by 1, 2
            """);
        if (owned.Count == 0)
        {
            return [];
        }

        var heir = await examination.QueryAsync("""
            select r.rolname from pg_roles r
            where r.oid = (select case when pg_get_userbyid(datdba) = session_user then 10 else datdba end from pg_database where datname = current_database())
            """);
        var named = string.Join(", ", owned.Take(MaxNamed).Select(row => $"{row[0]} {row[1]}"));
        return
        [
            Finding.Fault(
                $"login \"{examination.Upstream.Login}\" owns {owned.Count} object(s) in database \"{examination.Upstream.Target.Dbname}\" or of the server: {named}{(owned.Count > MaxNamed ? ", …" : "")}",
                "A client that goes back to the login by SET ROLE NONE can change or drop them, whoever uses them.",
                $"REASSIGN OWNED BY {examination.LoginName} TO {SqlText.Name(heir[0][0])};"),
        ];
    }
}
