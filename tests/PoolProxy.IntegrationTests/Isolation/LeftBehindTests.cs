using PoolProxy.Testing;
using PoolProxy.Testing.Postgres;
using Xunit;

namespace PoolProxy.IntegrationTests.Isolation;

/// <summary>Alice leaves something in the session of the only server; bob, of the same role, is served by that very session and meets nothing of it.</summary>
public sealed class LeftBehindTests(SharedInstallations installations) : IClassFixture<SharedInstallations>
{
    /// <summary>What alice does, what bob asks, and what he must be told.</summary>
    private static readonly Dictionary<string, (string Does, string Asks, string MustSay)> States = new()
    {
        ["a setting"] = ("set work_mem = '77MB'", "show work_mem", "4MB"),
        ["a setting made inside a function"] = ("select set_config('work_mem', '77MB', false)", "show work_mem", "4MB"),
        ["a setting made inside a block"] = ("do $$ begin execute 'set ' || 'work_mem = ''77MB'''; end $$", "show work_mem", "4MB"),
        ["a setting made by an update"] = ("update pg_settings set setting = '78848' where name = 'work_mem'", "show work_mem", "4MB"),
        ["a setting of her own making"] = ("set my.secret = 'token'", "select coalesce(nullif(current_setting('my.secret', true), ''), '(none)')", "(none)"),
        ["a temporary table"] = ("create temp table secrets as select 'x' as x", "select coalesce(to_regclass('pg_temp.secrets')::text, '(none)')", "(none)"),
        ["a temporary table in place of a real one"] = ("create temp table notes (owner text, body text); grant all on notes to public; insert into notes values ('bob', 'planted')", "select body from notes", "of bob"),
        ["a temporary view"] = ("create temp view peek as select 1 as x", "select coalesce(to_regclass('pg_temp.peek')::text, '(none)')", "(none)"),
        ["a temporary function"] = ("create function pg_temp.trap() returns int language sql as 'select 1'", "select count(*) from pg_proc where proname = 'trap'", "0"),
        ["a cursor with hold"] = ("begin; declare hers cursor with hold for select body from notes; commit", "fetch all from hers", "34000"),
        ["a cursor with hold, by name"] = ("begin; declare hers cursor with hold for select body from notes; commit", "select count(*) from pg_cursors where name <> ''", "0"),
        ["a LISTEN"] = ("listen secrets", "select count(*) from pg_listening_channels()", "0"),
        ["an advisory lock"] = ("select pg_advisory_lock(4711)", "select count(*) from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()", "0"),
        ["a shared advisory lock"] = ("select pg_advisory_lock_shared(4711)", "select count(*) from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()", "0"),
        ["a prepared statement"] = ("prepare hers as select 'her secret'", "select count(*) from pg_prepared_statements where statement like '%secret%'", "0"),
        ["a prepared statement, executed"] = ("prepare hers as select 'her secret'", "execute hers", "26000"),
        ["a sequence's last value"] = ("select nextval('tickets')", "select lastval()", "55000"),
        ["a sequence's current value"] = ("select nextval('tickets')", "select currval('tickets')", "55000"),
        ["a search_path"] = ("set search_path = pg_catalog", "show search_path", "\"$user\", public"),
        ["a search_path made inside a function"] = ("select set_config('search_path', 'pg_temp, pg_catalog', false)", "show search_path", "\"$user\", public"),
        ["row_security"] = ("set row_security = off", "show row_security", "on"),
        ["read only"] = ("set session characteristics as transaction read only", "show default_transaction_read_only", "off"),
        ["serializable"] = ("set session characteristics as transaction isolation level serializable", "show default_transaction_isolation", "read committed"),
        ["a statement_timeout"] = ("set statement_timeout = 54321", "show statement_timeout", "0"),
        ["a statement_timeout made inside a function"] = ("select set_config('statement_timeout', '2000', false)", "show statement_timeout", "0"),
        ["an application_name"] = ("set application_name = 'hers'", "show application_name", "[bob]"),
        ["standard_conforming_strings"] = ("select set_config('standard_conforming_strings', 'off', false)", "show standard_conforming_strings", "on"),
        ["a time zone"] = ("set time zone 'Asia/Tokyo'", "select current_setting('TimeZone') <> 'Asia/Tokyo'", "t"),
        ["a time zone made inside a function"] = ("select set_config('TimeZone', 'Asia/Tokyo', false)", "select current_setting('TimeZone') <> 'Asia/Tokyo'", "t"),
        ["a DateStyle"] = ("set datestyle = 'German'", "select current_setting('DateStyle')", "ISO, MDY"),
        ["an encoding"] = ("set client_encoding = 'LATIN1'", "show client_encoding", "UTF8"),
        ["exit_on_error"] = ("set exit_on_error = on", "show exit_on_error", "off"),
        ["a bigger client_min_messages"] = ("set client_min_messages = error", "show client_min_messages", "notice"),
        ["no role"] = ("select set_config('role', 'none', false)", "select current_user = session_user", "f"),
        ["claims that name bob"] = ("select set_config('request.jwt.claims', '{\"sub\":\"mallory\"}', false)", RawClientQuestions.Subject, "bob"),
        ["claims that a block names"] = ("do $$ begin perform set_config('request.jwt.claims', '{\"sub\":\"mallory\"}', false); end $$", RawClientQuestions.Subject, "bob"),
        ["no claims"] = ("reset request.jwt.claims", RawClientQuestions.Subject, "bob"),
    };

    public static IEnumerable<object[]> Cases =>
        from major in AvailablePostgres.Found.Select(binaries => binaries.Major)
        from level in (string[])["partitioned", "set_role"]
        from state in States.Keys
        where level != "set_role" || state is not ("no role" or "a setting made by an update")
        select new object[] { major, level, state };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task What_one_leaves_behind_the_other_does_not_meet(int major, string level, string state)
    {
        Installation here = await installations.OfAsync(major, level);
        (string does, string asks, string mustSay) = States[state];
        await using RawClient alice = await here.LoginAsync("alice");
        int hers = await alice.BackendIdAsync();
        await alice.DoAsync(does);
        await using RawClient bob = await here.LoginAsync("bob");
        Assert.Equal(mustSay, await bob.SaysAsync(asks));
        Assert.Equal(hers, await bob.BackendIdAsync());
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Nor_does_he_meet_it_by_the_extended_protocol(int major, string level, string state)
    {
        Installation here = await installations.OfAsync(major, level);
        (string does, string asks, string mustSay) = States[state];
        await using RawClient alice = await here.LoginAsync("alice");
        int hers = await alice.BackendIdAsync();
        await alice.SaysExtendedAsync("select 1");
        await alice.DoAsync(does);
        await using RawClient bob = await here.LoginAsync("bob");
        Assert.Equal(mustSay, await bob.SaysExtendedAsync(asks));
        Assert.Equal(hers, await bob.BackendIdAsync());
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Nor_when_he_was_there_before_her(int major, string level, string state)
    {
        Installation here = await installations.OfAsync(major, level);
        (string does, string asks, string mustSay) = States[state];
        await using RawClient bob = await here.LoginAsync("bob");
        int his = await bob.BackendIdAsync();
        await using RawClient alice = await here.LoginAsync("alice");
        await alice.DoAsync(does);
        Assert.Equal(mustSay, await bob.SaysAsync(asks));
        Assert.Equal(his, await bob.BackendIdAsync());
    }

    /// <summary>An administrator's reset query may wipe less than DISCARD ALL; it must not pass for the wiping between two identities.</summary>
    [Theory]
    [MemberData(nameof(AvailablePostgres.Majors), MemberType = typeof(AvailablePostgres))]
    public async Task Nothing_stays_behind_a_server_reset_query_that_wipes_nothing(int major)
    {
        await using Installation here = await Installation.StartAsync(
            major, new InstallationOptions { Proxy = "server_reset_query = \"select 'reset'\"", DatabaseLines = "pool_mode = \"session\"" });
        int server;
        await using (RawClient alice = await here.LoginAsync("alice"))
        {
            await alice.DoAsync("create temp table secrets as select 'x' as x; set my.secret = 'token'");
            server = await alice.BackendIdAsync();
        }
        await using RawClient bob = await here.LoginAsync("bob");
        Assert.Equal("(none) (none)", await bob.ScalarAsync(
            "select coalesce(to_regclass('pg_temp.secrets')::text, '(none)') || ' ' || coalesce(nullif(current_setting('my.secret', true), ''), '(none)')"));
        Assert.Equal(server, await bob.BackendIdAsync());
    }
}
