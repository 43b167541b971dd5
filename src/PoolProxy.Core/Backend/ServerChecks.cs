using System.Globalization;
using PoolProxy.Core.Loops;

namespace PoolProxy.Core.Backend;

/// <summary>What a server has to pass behind its login (isolation.md §4), and the administrator's connect_query.</summary>
internal static class ServerChecks
{
    /// <summary>
    /// The settings that somebody gave to the login: what the session shows, and what is stored for it. A setting that the startup packet
    /// pins shows the startup packet as its source, so only the stored one tells that it was altered. What is given to all roles or to a
    /// database is the superuser's and the owner's, and stands. Then what the login could do to undo isolation, in the same round trip. Names
    /// are qualified and constants typed: whatever the search_path holds, these are the catalogue's own. An altered statement_timeout must
    /// not be what ends the question about it.
    /// </summary>
    private const string Question = $"""
        set local statement_timeout = 0;
        select '{AlteredSetting}', pg_catalog.split_part(entry, '=', 1), case when s.setdatabase = '0'::pg_catalog.oid then 'role' else 'database' end
        from pg_catalog.pg_db_role_setting s, pg_catalog.unnest(s.setconfig) entry
        where s.setrole = (select oid from pg_catalog.pg_roles where rolname = session_user)
        and (s.setdatabase = '0'::pg_catalog.oid or s.setdatabase = (select oid from pg_catalog.pg_database where datname = pg_catalog.current_database()))
        union
        select '{AlteredSetting}', name, case source when 'user' then 'role' else 'database' end from pg_catalog.pg_settings where source in ('user', 'database user')
        union all
        {LoginDangers.Question}
        """;

    private const string AlteredSetting = "setting";

    /// <summary>
    /// What the session is, to itself. pg_stat_activity shows it to the login only, and the session runs as the role. Operators are
    /// qualified too: a better match in another schema would be taken.
    /// </summary>
    private const string Session = """
        set local role none;
        select (pg_catalog.extract('epoch', backend_start) operator(pg_catalog.*) '1000000'::pg_catalog.numeric)::pg_catalog.int8,
            (pg_catalog.extract('epoch', pg_catalog.clock_timestamp()) operator(pg_catalog.*) '1000000'::pg_catalog.numeric)::pg_catalog.int8
        from pg_catalog.pg_stat_get_activity(pg_catalog.pg_backend_pid())
        """;

    /// <summary>For signed identities: when the session began, and what time it is there.</summary>
    /// <exception cref="ServerLoginException">The server does not say.</exception>
    public static async Task<BackendSession> SessionAsync(ServerDialogue dialogue, Loop loop)
    {
        var rows = await dialogue.QueryAsync(Session);
        return rows is [[var start, var clock]]
            && long.TryParse(start, NumberStyles.None, CultureInfo.InvariantCulture, out var startMicroseconds)
            && long.TryParse(clock, NumberStyles.None, CultureInfo.InvariantCulture, out var clockMicroseconds)
            ? new BackendSession(startMicroseconds, clockMicroseconds - (loop.NowMilliseconds * 1000))
            : throw new ServerLoginException("the server does not say when the session began, which identity_key needs");
    }

    /// <exception cref="ServerLoginException">
    /// A setting that nobody declared was given to the login, the login could undo isolation, or the question failed.
    /// </exception>
    public static async Task RunAsync(ServerDialogue dialogue, ServerTarget target)
    {
        if (target.DeclaredSettings is { } declared)
        {
            // A hostile client may have run ALTER ROLE … SET on the login it shares: its settings would be everybody's.
            var found = await dialogue.QueryAsync(Question);
            var undeclared = found.FindAll(row => row[0] == AlteredSetting && !declared.Contains(row[1]));
            if (undeclared.Count > 0)
            {
                throw Tampered(target, undeclared);
            }

            var dangers = LoginDangers.Read(found, target.User);
            if (dangers.Count > 0 && target.RefusesUnsafeLogin)
            {
                throw Unsafe(target, dangers);
            }
        }
    }

    /// <summary>connect_query, where there is one.</summary>
    /// <exception cref="ServerLoginException">It failed.</exception>
    public static async Task ConnectQueryAsync(ServerDialogue dialogue, ServerTarget target)
    {
        if (!string.IsNullOrWhiteSpace(target.ConnectQuery))
        {
            await dialogue.QueryAsync(target.ConnectQuery);
        }
    }

    private static ServerLoginException Tampered(ServerTarget target, List<string[]> undeclared)
    {
        var settings = string.Join(", ", undeclared.Select(row => row[1]).Distinct(StringComparer.OrdinalIgnoreCase));
        var repair = string.Join(" ", undeclared.ConvertAll(row =>
            $"ALTER ROLE {SqlText.Name(target.User)}{(row[2] == "database" ? $" IN DATABASE {SqlText.Name(target.Dbname)}" : "")} RESET {SqlText.Name(row[1])};"));
        return new ServerLoginException(
            $"settings were altered on login \"{target.User}\" that pool.toml does not declare: {settings}; declare them under settings, or repair with: {repair}")
        {
            Tampered = (settings, repair),
        };
    }

    private static ServerLoginException Unsafe(ServerTarget target, List<LoginDanger> dangers)
    {
        var described = string.Join(", ", dangers.Select(danger => danger.ToString()));
        var repair = string.Join(" ", dangers.Select(danger => danger.Repair));
        return new ServerLoginException($"login \"{target.User}\" could undo isolation: {described}") { Unsafe = (described, repair) };
    }
}
