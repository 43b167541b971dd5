namespace PoolProxy.Core.Doctor.Checks;

/// <summary>pg_terminate_backend and pg_cancel_backend, which everybody may call by default: the login's own right to end its other sessions.</summary>
internal sealed class BackendSignalCheck : Check
{
    /// <inheritdoc/>
    public override string Praise => "clients cannot end each other's sessions";

    /// <inheritdoc/>
    public override async Task<IReadOnlyList<Finding>> RunAsync(Examination examination)
    {
        var rows = await examination.QueryAsync("""
            select p.oid::regprocedure
            from pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
            where p.pronamespace = 'pg_catalog'::regnamespace and p.proname in ('pg_terminate_backend', 'pg_cancel_backend')
            and a.grantee = 0 and a.privilege_type = 'EXECUTE' order by 1
            """);
        return rows.ConvertAll(row => Finding.Fault(
            $"database \"{examination.Upstream.Target.Dbname}\": everybody may call {row[0]}",
            "All sessions of a login may signal each other: a client behind SET ROLE NONE can cancel or end those of other people.",
            $"REVOKE EXECUTE ON FUNCTION pg_catalog.{row[0]} FROM PUBLIC;"));
    }
}
