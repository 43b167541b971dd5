using PoolProxy.Configuration.Model;
using PoolProxy.Core.Backend;

namespace PoolProxy.Core.Doctor.Checks;

/// <summary>
/// Trusted languages that keep variables for the length of a session, such as %_SHARED of PL/Perl: DISCARD ALL does not know them, and identities of one
/// role share them. PL/pgSQL and SQL keep none.
/// </summary>
internal sealed class LanguageCheck : Check
{
    /// <inheritdoc/>
    public override string Praise => "no language keeps variables from one identity to the next";

    /// <inheritdoc/>
    public override bool AppliesTo(Upstream upstream) => upstream.Level is IsolationLevel.Partitioned or IsolationLevel.SetRole;

    /// <inheritdoc/>
    public override async Task<IReadOnlyList<Finding>> RunAsync(Examination examination)
    {
        var upstream = examination.Upstream;
        string[] users = [upstream.Login, .. upstream.Roles.Where(examination.Roles.ContainsKey)];
        var rows = await examination.QueryAsync($"""
            select quote_ident(l.lanname) from pg_language l
            where l.lanpltrusted and l.lanispl and l.lanname <> 'plpgsql'
            and exists (select from pg_roles r where r.rolname in ({SqlText.Literals(users)}) and not r.rolsuper and has_language_privilege(r.oid, l.oid, 'USAGE'))
            order by 1
            """);
        var everybody = string.Join(", ", users.Select(SqlText.Name).Prepend("PUBLIC"));
        return rows.ConvertAll(row => Finding.Warning(
            $"database \"{upstream.Target.Dbname}\": clients may write functions in the language {row[0]}",
            "Where the language keeps variables for a session, what one identity leaves in them the next one of the same role finds.",
            $"REVOKE USAGE ON LANGUAGE {row[0]} FROM {everybody};"));
    }
}
