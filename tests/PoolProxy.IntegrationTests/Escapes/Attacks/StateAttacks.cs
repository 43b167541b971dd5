using PoolProxy.IntegrationTests.Isolation;
using PoolProxy.Testing;
using PoolProxy.Testing.Wire;
using static PoolProxy.IntegrationTests.Escapes.Outcome;

namespace PoolProxy.IntegrationTests.Escapes.Attacks;

/// <summary>What mallory leaves in a session, and whether alice meets it there.</summary>
internal static class StateAttacks
{
    private const string Survives = "`DISCARD ALL` keeps open connections of dblink and the seed of `random()`";

    /// <summary>What the proxy sees it listens on elsewhere: in a block it does not see it.</summary>
    private const string UnseenListen = "do $$ begin execute 'listen arena'; end $$";

    public static IEnumerable<Attack> All =>
    [
        .. LeftBehind.States.Select(state => new Attack($"left behind: {state.Key}", Statements(state.Value.Does), Harmless, state.Key is "no role" or "a setting made by an update" ? Proxy : Harmless, Harmless)
        {
            // alice asks: the question that was put to bob.
            Probes = [new Probe(Who.Victim, state.Value.Asks, state.Value.MustSay.Replace("bob", "alice", StringComparison.Ordinal))],
        }),
        new("a function in place of lower()", ["set search_path = arena, pg_catalog"], Harmless, Harmless, Harmless)
        {
            First = ["create function arena.lower(text) returns text language sql as $$ select 'trojan' $$"],
            Probes = [new Probe(Who.Victim, "select lower('X')", "x")],
        },
        new("a function in place of lower(), set by a block", ["do $$ begin perform set_config('search_path', 'arena, pg_catalog', false); end $$"], Harmless, Harmless, Harmless)
        {
            First = ["create function arena.lower(text) returns text language sql as $$ select 'trojan' $$"],
            Probes = [new Probe(Who.Victim, "select lower('X')", "x")],
        },
        new("a large object of one role, read by another", ["select lo_from_bytea(0, 'secret')"], PostgreSQL, PostgreSQL, PostgreSQL)
        {
            Probes = [new Probe(Who.Writer, "select lo_get(max(oid)) from pg_largeobject_metadata", "42501")],
            Repairs = ["select lo_unlink(oid) from pg_largeobject_metadata"],
        },
        new("notifications to who comes next", [UnseenListen], Harmless, Harmless, Harmless)
        {
            Plays = async scene =>
            {
                await using RawClient mallory = await scene.LoginAsync("mallory");
                await scene.AttackAsync(mallory, [UnseenListen]);
                await using RawClient alice = await scene.LoginAsync("alice");
                IReadOnlyList<WireMessage> hers = await alice.QueryAsync("notify arena, 'a secret'");
                if (hers.Any(message => message.Name == "NotificationResponse"))
                {
                    scene.NoteReached("alice is told of a channel that mallory listens on");
                }
            },
        },
        new("a statement in place of the proxy's own", [], Harmless, Harmless, Harmless)
        {
            Plays = async scene =>
            {
                const string text = "select 'good'";
                await using RawClient mallory = await scene.LoginAsync("mallory");
                await mallory.Parse("hers", text).Bind("", "hers").Execute().Sync().RoundTripAsync();
                await scene.AttackAsync(mallory, ["do $$ declare n text; begin for n in select name from pg_prepared_statements loop execute format('deallocate %I', n); execute format('prepare %I as select ''evil''', n); end loop; end $$"]);
                await using RawClient alice = await scene.LoginAsync("alice");
                string said = RawClientQuestions.Said(await alice.Parse("mine", text).Bind("", "mine").Execute().Sync().RoundTripAsync());
                if (said != "good")
                {
                    scene.NoteReached($"alice's statement says {said}");
                }
            },
        },
        new("a plan that was made for another's rows", [], Harmless, Harmless, Harmless)
        {
            Plays = async scene =>
            {
                const string text = "select body from notes order by id";
                await using RawClient mallory = await scene.LoginAsync("mallory");
                await using RawClient alice = await scene.LoginAsync("alice");
                await mallory.Parse("p", text).Sync().RoundTripAsync();
                await alice.Parse("p", text).Sync().RoundTripAsync();
                for (int i = 0; i < 7; i++)
                {
                    string hers = string.Join(',', (await alice.Bind("", "p").Execute().Sync().RoundTripAsync()).Rows());
                    string others = string.Join(',', (await scene.AttackAsync(mallory, [text])).Concat(await mallory.Bind("", "p").Execute().Sync().RoundTripAsync()).Rows());
                    if (hers != "of alice" || others.Length > 0)
                    {
                        scene.NoteReached($"alice sees {hers}, mallory {others}");
                    }
                }
            },
        },
        new("the seed of random()", ["select setseed(0.42)"], ByDesign, ByDesign, Harmless)
        {
            NeedsTheServer = true,
            Cites = Survives,
            Plays = async scene =>
            {
                const string asks = "select to_char(random(), '0.999999999')";
                await using RawClient mallory = await scene.LoginAsync("mallory");
                await scene.AttackAsync(mallory, ["select setseed(0.42)"]);
                await using RawClient alice = await scene.LoginAsync("alice");
                string? hers = await alice.ScalarAsync(asks);
                await using RawClient straight = await scene.Here.Database.ConnectRawAsync();
                await straight.DoAsync("select setseed(0.42)");
                if (hers == await straight.ScalarAsync(asks))
                {
                    scene.NoteReached("alice's random() is what mallory could foresee");
                }
            },
        },
        new("a connection of dblink", ["select dblink_connect('c', 'host=127.0.0.1 port={port} dbname={database} user=dblinker password=dblinker')"], ByDesign, ByDesign, Harmless)
        {
            NeedsTheServer = true,
            Cites = Survives,
            First = ["select dblink_disconnect(c) from unnest(coalesce(dblink_get_connections(), '{}')) c"],
            Probes = [new Probe(Who.Victim, "select coalesce(array_length(dblink_get_connections(), 1), 0)", "0")],
            Repairs = ["select pg_terminate_backend(pid) from pg_stat_activity where usename = 'dblinker'"],
        },
    ];

    /// <summary>The statements of a text; a block is one.</summary>
    private static string[] Statements(string does) => does.StartsWith("do ", StringComparison.Ordinal) ? [does] : does.Split("; ");
}
