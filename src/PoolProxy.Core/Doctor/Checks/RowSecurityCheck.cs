using PoolProxy.Core.Backend;

namespace PoolProxy.Core.Doctor.Checks;

/// <summary>Roles for which policies do not hold: they have BYPASSRLS, or own the table, which its policies then leave out. It may be meant.</summary>
internal sealed class RowSecurityCheck : Check
{
    /// <inheritdoc/>
    public override string Praise => "policies hold for every role";

    /// <inheritdoc/>
    public override async Task<IReadOnlyList<Finding>> RunAsync(Examination examination)
    {
        var upstream = examination.Upstream;
        var findings = upstream.Roles.Where(name => examination.Roles.GetValueOrDefault(name)?.BypassesRowSecurity == true).Select(name => Finding.Warning(
            $"role \"{name}\" has BYPASSRLS", "No policy holds for it: everybody who gets it sees every row of its tables.", $"ALTER ROLE {SqlText.Name(name)} NOBYPASSRLS;")).ToList();
        var rows = await examination.QueryAsync($"""
            select format('%I.%I', n.nspname, c.relname), r.rolname
            from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_roles r on r.oid = c.relowner
            where c.relrowsecurity and not c.relforcerowsecurity and r.rolname in ({SqlText.Literals(upstream.Roles)}) order by 1
            """);
        findings.AddRange(rows.Select(row => Finding.Warning(
            $"database \"{upstream.Target.Dbname}\": role \"{row[1]}\" owns {row[0]}, whose policies do not hold for their owner",
            "Everybody who gets the role sees every row of the table.", $"ALTER TABLE {row[0]} FORCE ROW LEVEL SECURITY;")));
        return findings;
    }
}
