using PoolProxy.Core.Backend;

namespace PoolProxy.Core.Doctor.Checks;

/// <summary>
/// Settings that ALTER ROLE gave to the login, which a hostile client can do to the login that it shares, and which the pool therefore refuses
/// unless the file declares them; and to a role, where they never apply, because nobody logs in as it.
/// </summary>
internal sealed class AlteredSettingsCheck : Check
{
    /// <inheritdoc/>
    public override string Praise => "nobody has altered the settings of the login or its roles";

    /// <inheritdoc/>
    public override async Task<IReadOnlyList<Finding>> RunAsync(Examination examination)
    {
        var upstream = examination.Upstream;
        var rows = await examination.QueryAsync($"""
            select r.rolname, split_part(entry, '=', 1), s.setdatabase <> '0'
            from pg_db_role_setting s join pg_roles r on r.oid = s.setrole, unnest(s.setconfig) entry
            where r.rolname in ({SqlText.Literals([upstream.Login, .. upstream.Roles])})
            and s.setdatabase in ('0', (select oid from pg_database where datname = current_database())) order by 1, 2, 3
            """);
        var findings = new List<Finding>();
        foreach (var row in rows)
        {
            var place = row[2] == "t" ? $" IN DATABASE {SqlText.Name(upstream.Target.Dbname)}" : "";
            var repair = $"ALTER ROLE {SqlText.Name(row[0])}{place} RESET {SettingName(row[1])};";
            if (row[0] != upstream.Login)
            {
                findings.Add(Finding.Warning(
                    $"setting {row[1]} was given to role \"{row[0]}\"{place}, and is never applied", "Nobody logs in as the role; settings of the login or the database in the file are what counts.", repair));
            }
            else if (upstream.Target.DeclaredSettings?.Contains(row[1]) != true)
            {
                findings.Add(Finding.Fault(
                    $"setting {row[1]} was given to login \"{row[0]}\"{place}, and the file does not declare it",
                    "A client may have done that to poison every session of the login; the pool refuses such servers.", repair) with
                {
                    Advice = "If it is meant, declare it under settings of the login.",
                });
            }
        }

        return findings;
    }

    // A name of parts is quoted part by part.
    private static string SettingName(string name) => string.Join('.', name.Split('.').Select(SqlText.Name));
}
