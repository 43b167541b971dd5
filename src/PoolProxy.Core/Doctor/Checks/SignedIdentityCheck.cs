using System.Globalization;
using System.Text;
using PoolProxy.Core.Backend;
using PoolProxy.Core.Isolation;

namespace PoolProxy.Core.Doctor.Checks;

/// <summary>
/// The other half of <c>identity_key</c>, conf/identity.sql: it is there, knows the key, and nobody who is served can read or replace it. Tried with an
/// identity signed for this very conversation, which means nothing in any other: so it may stand in a statement's text.
/// </summary>
internal sealed class SignedIdentityCheck : Check
{
    private const string Subject = "poolproxy doctor";

    /// <inheritdoc/>
    public override string Praise => "the database knows the key of signed identities, and clients do not";

    /// <inheritdoc/>
    public override bool AppliesTo(Upstream upstream) => upstream.IsIsolated && upstream.Signer is not null;

    /// <inheritdoc/>
    public override async Task<IReadOnlyList<Finding>> RunAsync(Examination examination)
    {
        var database = $"database \"{examination.Upstream.Target.Dbname}\"";
        if ((await examination.QueryAsync("select to_regprocedure('poolproxy.identity()') is not null and to_regprocedure('poolproxy.subject()') is not null and to_regclass('poolproxy.keys') is not null"))[0][0] != "t")
        {
            return
            [
                Finding.Fault($"identity_key is set, and {database} has no functions that verify it", "Policies that ask poolproxy.subject() fail, and others go by what clients can forge.") with
                {
                    Advice = "Run conf/identity.sql in it as a superuser, and then SELECT poolproxy.add_key('…') with the identity_key.",
                },
            ];
        }

        var findings = await OpenDoorsAsync(examination, database);
        if (!await IsKnownAsync(examination))
        {
            findings.Add(Finding.Fault($"what the proxy signs is nobody to {database}", "It does not know the identity_key of the file: policies that ask poolproxy.subject() show nothing.") with
            {
                Advice = "Run SELECT poolproxy.add_key('…') with the identity_key as a superuser; if that does not help, conf/identity.sql of this version first.",
            });
        }

        return findings;
    }

    private static async Task<bool> IsKnownAsync(Examination examination)
    {
        var times = (await examination.QueryAsync("""
            select (extract('epoch' from backend_start) * 1000000)::int8, (extract('epoch' from clock_timestamp()) * 1000000)::int8
            from pg_stat_get_activity(pg_backend_pid())
            """))[0];
        var session = new BackendSession(long.Parse(times[0], CultureInfo.InvariantCulture), long.Parse(times[1], CultureInfo.InvariantCulture));
        var identity = new ClientIdentity("", Subject, examination.Upstream.Login, "", "{}", "");
        var signed = examination.Upstream.Signer!.Sign(identity, examination.Upstream.Target, session, examination.ProcessId, nowMilliseconds: 0);
        await examination.QueryAsync($"select set_config('poolproxy.identity', {SqlText.Literal(Encoding.ASCII.GetString(signed))}, false)");
        return (await examination.QueryAsync("select poolproxy.subject()")) is [[Subject]];
    }

    /// <summary>Rights that conf/identity.sql gives to nobody, and PostgreSQL not by default.</summary>
    private static async Task<List<Finding>> OpenDoorsAsync(Examination examination, string database)
    {
        string[] served = [examination.Upstream.Login, .. examination.Upstream.Roles.Where(examination.Roles.ContainsKey)];
        var rows = await examination.QueryAsync($"""
            select 'reads', coalesce(quote_ident(r.rolname), 'PUBLIC') from pg_class c, aclexplode(c.relacl) a left join pg_roles r on r.oid = a.grantee
            where c.oid = 'poolproxy.keys'::regclass and a.grantee <> c.relowner and (a.grantee = 0 or r.rolname in ({SqlText.Literals(served)}))
            union
            select 'owns', format('%I.%I(%s)', 'poolproxy', p.proname, pg_get_function_identity_arguments(p.oid)) from pg_proc p join pg_roles r on r.oid = p.proowner where p.pronamespace = 'poolproxy'::regnamespace and r.rolname in ({SqlText.Literals(served)})
            union
            select 'open', '' from pg_class where oid = 'poolproxy.keys'::regclass and not relrowsecurity
            order by 1, 2
            """);
        return rows.ConvertAll(row => row[0] switch
        {
            "reads" => Finding.Fault(
                $"{database}: {row[1]} has rights on poolproxy.keys", "Whoever reads the key signs as anybody.", $"REVOKE ALL ON TABLE poolproxy.keys FROM {row[1]} CASCADE;"),
            "owns" => Finding.Fault(
                $"{database}: function {row[1]} belongs to a role that clients have", "Whoever replaces it says who somebody is.",
                $"ALTER FUNCTION {row[1]} OWNER TO poolproxy_identity;"),
            _ => Finding.Fault(
                $"{database}: row-level security is off on poolproxy.keys", "Members of pg_read_all_data read the key, and sign as anybody.",
                "ALTER TABLE poolproxy.keys ENABLE ROW LEVEL SECURITY;"),
        });
    }
}
