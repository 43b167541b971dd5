using static PoolProxy.IntegrationTests.Escapes.Outcome;

namespace PoolProxy.IntegrationTests.Escapes.Attacks;

/// <summary>What the shared login, and the roles, can do to those beside them.</summary>
internal static class LoginAttacks
{
    private const string BecomeLogin = "do $$ begin perform set_config('ro' || 'le', 'none', false); end $$";
    private const string Siblings = "It sees siblings' SQL text, can cancel or end their sessions, drop their temporary tables (`DROP OWNED`), take advisory locks, and change the login's own password and settings (§5)";

    public static IEnumerable<Attack> All =>
    [
        new("a sibling's SQL text as the role", ["select 1"], Harmless, Harmless, Harmless) { Proof = "(select query like '%secret%' from pg_stat_activity where pid = {sibling})" },
        AsLogin("a sibling's SQL text as the login", "select 1") with { Proof = "(select query like '%secret%' from pg_stat_activity where pid = {sibling})" },
        new("cancel a sibling as the role", ["select pg_cancel_backend({sibling})"], PostgreSQL, PostgreSQL, PostgreSQL),
        new("end a sibling as the role", ["select pg_terminate_backend({sibling})"], PostgreSQL, PostgreSQL, PostgreSQL),
        AsLogin("end a sibling as the login", "select case when pg_terminate_backend({sibling}) then 'REACHED' else 'no' end"),
        AsLogin("drop a sibling's temporary table", "drop owned by {login}") with { Proof = "not exists (select from pg_class where relname = 'siblings_own')" },
        new("drop a sibling's temporary table as the role", ["do $$ begin execute (select format('drop table %I.siblings_own', relnamespace::regnamespace) from pg_class where relname = 'siblings_own'); end $$"], PostgreSQL, PostgreSQL, PostgreSQL),
        AsLogin("settings of the login", "alter role {login} set work_mem = '77MB'") with
        {
            Proof = "exists (select from pg_db_role_setting s join pg_roles r on r.oid = s.setrole where r.rolname = '{login}')",
        },
        AsLogin("the login's password", "alter role {login} password 'mine'") with
        {
            Proof = "true",
            Repairs = ["alter role {login} password null"],
        },
        new("settings of the login as the role", ["alter role {login} set work_mem = '77MB'"], PostgreSQL, PostgreSQL, PostgreSQL),
        new("settings of the role itself", ["alter role {readers} set search_path = 'arena'"], Harmless, Harmless, Harmless)
        {
            Probes = [new Probe(Who.Victim, "show search_path", "\"$user\", public")],
        },
        new("another login's membership", ["grant {writers} to {readers}"], PostgreSQL, PostgreSQL, PostgreSQL) { Proof = "pg_has_role('{readers}', '{writers}', 'member')" },
        AsLogin("membership granted by the login", "grant {writers} to {readers}") with { Proof = "pg_has_role('{readers}', '{writers}', 'member')", Partitioned = PostgreSQL, SetRole = PostgreSQL, Exclusive = PostgreSQL, Cites = null },
        new("a table of another role", ["insert into notes (owner, body) values ('mallory', 'x')"], PostgreSQL, PostgreSQL, PostgreSQL),
        AsLogin("tables as the login", "select count(*) from notes") with { Partitioned = PostgreSQL, SetRole = PostgreSQL, Exclusive = PostgreSQL, Cites = null },
        new("row security off", ["set row_security = off", "select count(*) from notes"], PostgreSQL, PostgreSQL, PostgreSQL),
        new("two-phase commit", ["begin", "select 1", "prepare transaction 'mine'"], PostgreSQL, PostgreSQL, PostgreSQL),
        new("a program on the server", ["copy arena.out from program 'id'"], PostgreSQL, PostgreSQL, PostgreSQL) { First = ["create table arena.out (x text)"] },
        new("a file on the server", ["select pg_read_file('postgresql.conf')"], PostgreSQL, PostgreSQL, PostgreSQL),
        new("the server's settings", ["alter system set work_mem = '77MB'"], PostgreSQL, PostgreSQL, PostgreSQL),
        new("triggers off", ["set session_replication_role = replica"], PostgreSQL, PostgreSQL, PostgreSQL),
        new("dblink without a password", ["select dblink_connect('c', 'host=127.0.0.1 port={port} dbname={database} user={login}')"], PostgreSQL, PostgreSQL, PostgreSQL),
    ];

    private static Attack AsLogin(string name, string does) => new(name, [BecomeLogin, does], ByDesign, ByDesign, ByDesign) { Cites = Siblings };
}
