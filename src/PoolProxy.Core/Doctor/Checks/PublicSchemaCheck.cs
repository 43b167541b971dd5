namespace PoolProxy.Core.Doctor.Checks;

/// <summary>Schemas in which everybody may create objects, as public was before 15: what one role plants there another may run (CVE-2018-1058).</summary>
internal sealed class PublicSchemaCheck : Check
{
    /// <inheritdoc/>
    public override string Praise => "there is no schema in which everybody may create objects";

    /// <inheritdoc/>
    public override async Task<IReadOnlyList<Finding>> RunAsync(Examination examination)
    {
        var rows = await examination.QueryAsync("""
            select quote_ident(n.nspname) from pg_namespace n, aclexplode(n.nspacl) a
            where a.grantee = 0 and a.privilege_type = 'CREATE' order by 1
            """);
        return rows.ConvertAll(row => Finding.Warning(
            $"database \"{examination.Upstream.Target.Dbname}\": everybody may create objects in schema {row[0]}",
            "A function or operator that one role puts there may be what another role's statement calls.",
            $"REVOKE CREATE ON SCHEMA {row[0]} FROM PUBLIC;"));
    }
}
