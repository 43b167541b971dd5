namespace PoolProxy.IntegrationTests.Isolation;

/// <summary>Kinds of state that a session can keep.</summary>
internal static class LeftBehind
{
    /// <summary>What alice does, what bob asks, and what he must be told.</summary>
    public static readonly IReadOnlyDictionary<string, (string Does, string Asks, string MustSay)> States = new Dictionary<string, (string Does, string Asks, string MustSay)>
    {
        ["a setting"] = ("set work_mem = '77MB'", "show work_mem", "4MB"),
        ["a setting made inside a function"] = ("select set_config('work_mem', '77MB', false)", "show work_mem", "4MB"),
        ["a setting made inside a block"] = ("do $$ begin execute 'set ' || 'work_mem = ''77MB'''; end $$", "show work_mem", "4MB"),
        ["a setting made by an update"] = ("update pg_settings set setting = '78848' where name = 'work_mem'", "show work_mem", "4MB"),
        ["a setting of her own making"] = ("set my.secret = 'token'", "select coalesce(nullif(current_setting('my.secret', true), ''), '(none)')", "(none)"),
        ["a temporary table"] = ("create temp table secrets as select 'x' as x", "select coalesce(to_regclass('pg_temp.secrets')::text, '(none)')", "(none)"),
        ["a temporary table in place of a real one"] = ("create temp table notes (owner text, body text); grant all on notes to public; insert into notes values ('bob', 'planted')", "select body from notes", "of bob"),
        ["a temporary view"] = ("create temp view peek as select 1 as x", "select coalesce(to_regclass('pg_temp.peek')::text, '(none)')", "(none)"),
        // Asked of the session's own schema: a backend that has just been closed drops what was in its own some time later.
        ["a temporary function"] = ("create function pg_temp.trap() returns int language sql as 'select 1'", "select count(*) from pg_proc where proname = 'trap' and pronamespace = pg_my_temp_schema()", "0"),
        ["a cursor with hold"] = ("begin; declare hers cursor with hold for select body from notes; commit", "fetch all from hers", "34000"),
        ["a cursor with hold, by name"] = ("begin; declare hers cursor with hold for select body from notes; commit", "select count(*) from pg_cursors where name <> ''", "0"),
        // In a block, where the proxy does not see it: what it sees it listens on elsewhere.
        ["a LISTEN"] = ("do $$ begin execute 'listen secrets'; end $$", "select count(*) from pg_listening_channels()", "0"),
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
}
