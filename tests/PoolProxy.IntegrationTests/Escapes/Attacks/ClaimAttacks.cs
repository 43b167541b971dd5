using PoolProxy.Testing;
using static PoolProxy.IntegrationTests.Escapes.Outcome;

namespace PoolProxy.IntegrationTests.Escapes.Attacks;

/// <summary>Claims that a client makes up.</summary>
internal static class ClaimAttacks
{
    private const string Overwrites = "`request.jwt.claims` is an ordinary setting: a client can overwrite it inside its own transaction";
    private const string OthersNotes = "exists (select from notes where owner = 'alice')";
    private const string OthersLetters = "exists (select from letters where owner = 'alice')";
    private const string Forged = "'{\"sub\":\"alice\"}'";

    // Where a SET has been answered the identity is sent again before the next batch.
    private static readonly Way[] OneByOne = [Way.Simple, Way.Extended, Way.Prepared];

    public static IEnumerable<Attack> All =>
    [
        new("claims by SET", [$"set request.jwt.claims = {Forged}"], ByDesign, ByDesign, ByDesign) { Proof = OthersNotes, Cites = Overwrites, Except = [new(null, Harmless, [.. OneByOne, Way.Pipelined])] },
        new("claims by SET LOCAL", ["begin", $"set local request.jwt.claims = {Forged}"], ByDesign, ByDesign, ByDesign) { Proof = OthersNotes, Cites = Overwrites },
        new("claims by a block", [$"do $$ begin perform set_config('request.jwt.claims', {Forged}, false); end $$"], ByDesign, ByDesign, ByDesign) { Proof = OthersNotes, Cites = Overwrites },
        new("claims left behind by a block", [$"do $$ begin perform set_config('request.jwt.claims', {Forged}, false); end $$"], Harmless, Harmless, Harmless)
        {
            Probes = [new Probe(Who.Writer, EscapeScene.Claimed, "wendy")],
        },
        new("signed claims by SET", [$"set poolproxy.identity = {Forged}"], Harmless, Harmless, Harmless) { Proof = OthersLetters },
        new("signed claims by a block", ["do $$ begin perform set_config('poolproxy.identity', replace(current_setting('poolproxy.identity'), 'mallory', 'alice'), false); end $$"], Harmless, Harmless, Harmless) { Proof = OthersLetters },
        new("signed claims, and the others by a block", [$"do $$ begin perform set_config('request.jwt.claims', {Forged}, false); end $$"], Harmless, Harmless, Harmless) { Proof = OthersLetters },
        new("the keys", ["select count(*) from poolproxy.keys"], PostgreSQL, PostgreSQL, PostgreSQL),
        new("a key of her own", ["select poolproxy.add_key('a key of mallory, who knows what it is')"], PostgreSQL, PostgreSQL, PostgreSQL),
        new("functions of her own in the schema", ["create or replace function poolproxy.subject() returns text language sql as $$ select 'alice' $$"], PostgreSQL, PostgreSQL, PostgreSQL),
        new("operators of her own", ["set search_path = arena, pg_catalog, public", "begin"], Harmless, Harmless, Harmless)
        {
            First =
            [
                "create function arena.yes(bytea, bytea) returns bool language sql as 'select true'",
                "create operator arena.= (leftarg = bytea, rightarg = bytea, function = arena.yes)",
                "create function arena.sha256(bytea) returns bytea language sql as 'select ''x''::bytea'",
            ],
            Proof = OthersLetters,
        },
        new("a signature given away, in the same session", [], ByDesign, ByDesign, Harmless)
        {
            NeedsTheServer = true,
            Cites = "possible, by design: a holder who gives it away, and whose session the other is given within those seconds",
            Plays = async scene =>
            {
                string hers;
                await using (RawClient alice = await scene.LoginAsync("alice"))
                {
                    hers = (await alice.ScalarAsync("select current_setting('poolproxy.identity')"))!;
                }
                await using RawClient mallory = await scene.LoginAsync("mallory");
                await scene.AttackAsync(mallory, [$"do $$ begin perform set_config('poolproxy.identity', '{hers}', false); end $$"], OthersLetters);
            },
        },
        new("a signature given away, in another session", [], Harmless, Harmless, Harmless)
        {
            Plays = async scene =>
            {
                // Of the same proxy, database and subject, and of another server's session: the one that wendy's transaction or another login holds.
                string hers;
                await using (RawClient wendy = await scene.Here.LoginAsync("alice", scene.Here.Writer("alice")))
                {
                    hers = (await wendy.ScalarAsync("select current_setting('poolproxy.identity')"))!;
                }
                await scene.EndServersAsync();
                await using RawClient mallory = await scene.LoginAsync("mallory");
                await scene.AttackAsync(mallory, [$"do $$ begin perform set_config('poolproxy.identity', '{hers}', false); end $$"], OthersLetters);
            },
        },
    ];
}
