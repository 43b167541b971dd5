using System.Globalization;
using System.Net;
using System.Text.Json;
using PoolProxy.Core.Backend;
using PoolProxy.Core.Doctor.Hba;

namespace PoolProxy.Core.Doctor.Checks;

/// <summary>pg_hba.conf, where the login may read it: a line that lets the login in from elsewhere is a door beside the proxy.</summary>
internal sealed class HbaCheck : Check
{
    /// <inheritdoc/>
    public override string Praise => "pg_hba.conf lets the login in from the proxy only";

    /// <inheritdoc/>
    public override async Task<IReadOnlyList<Finding>> RunAsync(Examination examination)
    {
        var upstream = examination.Upstream;
        List<string[]> rows;
        try
        {
            // Files that are included have numbers of their own from 16 on; rule_number goes through all of them.
            var order = examination.VersionNumber >= 160000 ? "rule_number" : "line_number";
            rows = await examination.QueryAsync($"""
                select line_number, type, array_to_json(database), array_to_json(user_name), address, netmask, auth_method, error
                from pg_hba_file_rules order by {order}
                """);
        }
        catch (ServerLoginException refusal) when (refusal.SqlState == "42501")
        {
            return
            [
                Finding.Note(
                    "pg_hba.conf could not be read, which needs a right that a login should not have",
                    "As a superuser: SELECT line_number, type, database, user_name, address, auth_method FROM pg_hba_file_rules; each login should come in by cert or peer, from the proxy only."),
            ];
        }

        var client = (await examination.QueryAsync("select host(inet_client_addr())"))[0][0];
        var lines = rows.Where(row => row[7].Length == 0).Select(Line);
        var findings = HbaReview.Of(
            lines, upstream.Target.Dbname, upstream.Login, upstream.RolesOfLogin, client.Length == 0 ? null : IPAddress.Parse(client)).ToList();
        findings.AddRange(rows.Where(row => row[7].Length > 0).Select(row => Finding.Warning(
            $"pg_hba.conf line {row[0]} has an error: {row[7]}", "The server goes on by the last file without one, until it is started again.")));
        return findings;
    }

    private static HbaLine Line(string[] row) => new(
        int.Parse(row[0], CultureInfo.InvariantCulture), row[1], JsonSerializer.Deserialize<string[]>(row[2])!, JsonSerializer.Deserialize<string[]>(row[3])!, row[4], row[5], row[6]);
}
