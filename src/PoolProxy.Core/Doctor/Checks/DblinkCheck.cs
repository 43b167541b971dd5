using PoolProxy.Configuration.Model;
using PoolProxy.Core.Backend;

namespace PoolProxy.Core.Doctor.Checks;

/// <summary>dblink's connections outlive DISCARD ALL: the next identity finds what the last one left open. Under <c>exclusive</c> there is no next one.</summary>
internal sealed class DblinkCheck : Check
{
    /// <inheritdoc/>
    public override string Praise => "nobody can leave connections of dblink behind";

    /// <inheritdoc/>
    public override bool AppliesTo(Upstream upstream) => upstream.Level is IsolationLevel.Partitioned or IsolationLevel.SetRole;

    /// <inheritdoc/>
    public override async Task<IReadOnlyList<Finding>> RunAsync(Examination examination)
    {
        var upstream = examination.Upstream;
        string[] callers = [upstream.Login, .. upstream.Roles.Where(examination.Roles.ContainsKey)];
        var rows = await examination.QueryAsync($"""
            select format('%I.%I(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid))
            from pg_extension e
            join pg_depend d on d.refclassid = 'pg_extension'::regclass and d.refobjid = e.oid and d.classid = 'pg_proc'::regclass and d.deptype = 'e'
            join pg_proc p on p.oid = d.objid join pg_namespace n on n.oid = p.pronamespace
            where e.extname = 'dblink'
            and exists (select from pg_roles r where r.rolname in ({SqlText.Literals(callers)}) and not r.rolsuper and has_function_privilege(r.oid, p.oid, 'EXECUTE'))
            order by 1
            """);
        if (rows.Count == 0)
        {
            return [];
        }

        var everybody = string.Join(", ", callers.Select(SqlText.Name).Prepend("PUBLIC"));
        return
        [
            Finding.Fault(
                $"database \"{upstream.Target.Dbname}\": dblink is installed, and clients may call it",
                "DISCARD ALL keeps its connections: what one identity opened, with its password, the next one uses.",
                [.. rows.Select(row => $"REVOKE EXECUTE ON FUNCTION {row[0]} FROM {everybody};")]) with
            {
                Advice = "Or set isolation = \"exclusive\".",
            },
        ];
    }
}
