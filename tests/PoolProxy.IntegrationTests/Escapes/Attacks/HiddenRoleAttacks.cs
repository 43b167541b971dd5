using static PoolProxy.IntegrationTests.Escapes.Outcome;

namespace PoolProxy.IntegrationTests.Escapes.Attacks;

/// <summary>Changes of role that no filter of statements can see.</summary>
internal static class HiddenRoleAttacks
{
    private const string HostileSql = "hostile SQL: a `DO` block, a function or a view over one can change to any role of the login, and no filter in a proxy can see it";
    private const string AsTheLogin = "after `SET ROLE NONE` a hostile client is the login";

    public static IEnumerable<Attack> All =>
    [
        To("a DO block", "do $$ begin execute 'set ro' || 'le {writers}'; end $$"),
        To("a DO block with set_config", "do $$ begin perform set_config('ro' || 'le', '{writers}', false); end $$"),
        To("query_to_xml", "select query_to_xml('select set_c' || 'onfig(''role'', ''{writers}'', false)', true, false, '')"),
        To("ts_stat", "select count(*) from ts_stat('select to_tsvector(set_c' || 'onfig(''role'', ''{writers}'', false))')"),
        To("a function", "select arena.jump()") with
        {
            First = ["create function arena.jump() returns text language plpgsql as $$ begin perform set_config('ro' || 'le', '{writers}', false); return current_user; end $$"],
        },
        To("a view over a function", "select * from arena.peek") with
        {
            First =
            [
                "create function arena.jump() returns text language plpgsql as $$ begin perform set_config('ro' || 'le', '{writers}', false); return current_user; end $$",
                "create view arena.peek as select arena.jump()",
            ],
        },
        To("a trigger", "insert into arena.trap values (1)") with
        {
            First =
            [
                "create table arena.trap (x int)",
                "create function arena.jump() returns trigger language plpgsql as $$ begin perform set_config('ro' || 'le', '{writers}', false); return new; end $$",
                "create trigger jump after insert on arena.trap for each row execute function arena.jump()",
            ],
        },
        To("a DO block in a transaction", "begin", "do $$ begin execute 'set local ro' || 'le {writers}'; end $$"),

        // The body runs as the other role while the function lasts: what it returns tells.
        new("a function with a SET clause", ["select case when arena.as_writer() = '{writers}' then 'REACHED' else 'no' end"], PostgreSQL, ByDesign, PostgreSQL)
        {
            Plays = async scene =>
            {
                await using var mallory = await scene.LoginAsync("mallory");
                string body = "create function arena.as_writer() returns text language sql set \"ro\" = '{writers}' as 'select current_user::text'";
                // CREATE FUNCTION is said in a block: as a statement its SET clause is one more word that a proxy could look for.
                await scene.AttackAsync(mallory, [$"do $f$ begin execute $q${body.Replace("\"ro\"", "role", StringComparison.Ordinal)}$q$; end $f$", "select case when arena.as_writer() = '{writers}' then 'REACHED' else 'no' end"]);
            },
            Cites = HostileSql,
        },
        new("a SECURITY DEFINER function", ["select arena.jump()"], PostgreSQL, PostgreSQL, PostgreSQL)
        {
            First = ["create function arena.jump() returns text language plpgsql security definer as $$ begin perform set_config('ro' || 'le', '{writers}', false); return current_user; end $$"],
            Proof = VisibleRoleAttacks.IsWriter,
        },
        new("a superuser by a DO block", ["do $$ begin execute 'set ro' || 'le postgres'; end $$"], PostgreSQL, PostgreSQL, PostgreSQL) { Proof = "current_user = 'postgres'" },
        new("the login by a DO block", ["do $$ begin execute 'set ro' || 'le none'; end $$"], ByDesign, ByDesign, ByDesign) { Proof = VisibleRoleAttacks.IsLogin, Cites = AsTheLogin },
        new("another role, left behind by a DO block", ["do $$ begin perform set_config('ro' || 'le', '{writers}', false); exception when insufficient_privilege then null; end $$"], Harmless, Harmless, Harmless)
        {
            Probes = [Probe.Not(Who.Victim, VisibleRoleAttacks.IsNoReader), Probe.Not(Who.Writer, "current_user <> '{writers}'")],
        },
        new("the login, left behind by a DO block", ["do $$ begin perform set_config('ro' || 'le', 'none', false); end $$"], Harmless, Harmless, Harmless)
        {
            Probes = [Probe.Not(Who.Victim, VisibleRoleAttacks.IsNoReader), Probe.Not(Who.Writer, "current_user <> '{writers}'")],
        },
        new("a role's rows by a DO block", ["do $$ begin execute 'set local ro' || 'le {writers}'; insert into notes (owner, body) values ('mallory', 'forged'); raise exception 'done' using errcode = 'PP001'; end $$"], PostgreSQL, ByDesign, PostgreSQL)
        {
            Plays = async scene =>
            {
                await using var mallory = await scene.LoginAsync("mallory");
                var said = await scene.AttackAsync(mallory, ["do $$ begin execute 'set local ro' || 'le {writers}'; insert into notes (owner, body) values ('mallory', 'forged'); raise exception 'done' using errcode = 'PP001'; end $$"]);
                if (said.SqlState() == "PP001")
                {
                    scene.NoteReached("a writer's right to insert");
                }
            },
            Cites = HostileSql,
        },
    ];

    private static Attack To(string name, params string[] does) =>
        new($"another role by {name}", does, PostgreSQL, ByDesign, PostgreSQL) { Proof = VisibleRoleAttacks.IsWriter, Cites = HostileSql };
}
