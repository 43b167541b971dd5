using System.Globalization;
using PoolProxy.Configuration.Model;
using PoolProxy.Core.Backend;

namespace PoolProxy.Core.Doctor.Checks;

/// <summary>
/// auth_query, asked by auth_user exactly as a login asks it, for a name that nobody has: may it be asked, does it take the name, and does it answer a name and a stored password. What it answers is
/// looked at by nobody.
/// </summary>
internal sealed class LookupCheck : Check
{
    private const string NobodysName = "poolproxy doctor asks for nobody";

    /// <summary>What the default auth_query reads: a right to these tells nothing else of the roles.</summary>
    private const string ColumnsOfDefault = "rolname, rolpassword, rolvaliduntil, rolcanlogin";

    /// <summary>What may be read of roles and their passwords directly.</summary>
    private static readonly string[] Sources = ["pg_authid", "pg_shadow"];

    /// <inheritdoc/>
    public override string Praise => "auth_query can be asked, and answers a name and a password";

    /// <inheritdoc/>
    public override bool AppliesTo(Upstream upstream) => upstream.Lookup is not null;

    /// <inheritdoc/>
    public override async Task<IReadOnlyList<Finding>> RunAsync(Examination examination)
    {
        var (upstream, query) = (examination.Upstream, examination.Upstream.Lookup!);
        try
        {
            var (parameters, columns) = await examination.AskAsLookupAsync(query, NobodysName);
            var shape = Shape(parameters, columns);
            return shape is null ? [] : [Unusable(upstream, shape)];
        }
        catch (ServerLoginException refusal) when (refusal.SqlState == "42501")
        {
            var (sql, advice) = query == ProxySettings.DefaultAuthQuery ? (new[] { GrantRoles(examination) }, (string?)null) : await RightsAsync(examination, query);
            return
            [
                Finding.Fault(
                    $"auth_user \"{upstream.Login}\" may not ask auth_query: {refusal.Message}", "Nobody whom no file knows can log in.", sql) with
                {
                    Advice = advice,
                },
            ];
        }
        catch (ServerLoginException refusal) when (refusal.SqlState is { } code && (code.StartsWith("42", StringComparison.Ordinal) || code.StartsWith("08", StringComparison.Ordinal)))
        {
            return [Unusable(upstream, $"the server answers {refusal.Message}")];
        }
    }

    private static string? Shape(int parameters, int columns) =>
        parameters != 1 ? string.Create(CultureInfo.InvariantCulture, $"it takes {parameters} values instead of the name alone, as $1")
        : columns != 2 ? string.Create(CultureInfo.InvariantCulture, $"it answers {columns} columns instead of two, a name and a stored password")
        : null;

    private static Finding Unusable(Upstream upstream, string why) => Finding.Fault(
        $"auth_query of auth_user \"{upstream.Login}\" is of no use: {why}", "Nobody whom no file knows can log in.") with
    {
        Advice = "Put auth_query right in the file; without it roles and passwords of the server itself are asked for.",
    };

    private static string GrantRoles(Examination examination) => $"GRANT SELECT ({ColumnsOfDefault}) ON pg_catalog.pg_authid TO {examination.LoginName};";

    /// <summary>What is missing to call the functions that the query names, and to what they read, as far as the catalogue says.</summary>
    private static async Task<(string[] Sql, string? Advice)> RightsAsync(Examination examination, string query)
    {
        // Unquoted and without the blanks that may stand before the parenthesis, "f (" is "f(".
        var text = SqlText.Literal(query);
        var functions = await examination.QueryAsync($"""
            select quote_ident(n.nspname), quote_ident(n.nspname) || '.' || quote_ident(p.proname) || '(' || pg_get_function_identity_arguments(p.oid) || ')',
                has_schema_privilege(session_user, n.oid, 'USAGE'), has_function_privilege(session_user, p.oid, 'EXECUTE'), p.prosecdef
            from pg_proc p join pg_namespace n on n.oid = p.pronamespace
            where n.nspname not in ('pg_catalog', 'information_schema')
                and position(lower(p.proname) || '(' in regexp_replace(replace(lower({text}), '"', ''), '\s+\(', '(', 'g')) > 0
            order by 2
            """);
        var sql = new List<string>();
        string? advice = null;
        foreach (var function in functions)
        {
            if (function[2] != "t")
            {
                sql.Add($"GRANT USAGE ON SCHEMA {function[0]} TO {examination.LoginName};");
            }

            if (function[3] != "t")
            {
                sql.Add($"GRANT EXECUTE ON FUNCTION {function[1]} TO {examination.LoginName};");
            }

            if (function[4] != "t" && function[2] == "t" && function[3] == "t")
            {
                sql.Add($"ALTER FUNCTION {function[1]} SECURITY DEFINER;");
                advice = "Such a function runs with its owner's rights, who must be one that may read what it reads: give it a search_path of its own too (ALTER FUNCTION ... SET search_path).";
            }
        }

        foreach (var source in Sources.Where(source => query.Contains(source, StringComparison.OrdinalIgnoreCase)))
        {
            sql.Add($"GRANT SELECT ON pg_catalog.{source} TO {examination.LoginName};");
        }

        return ([.. sql], sql.Count > 0 ? advice : "Grant the login what the query reads, or have it call a function that is SECURITY DEFINER.");
    }
}
