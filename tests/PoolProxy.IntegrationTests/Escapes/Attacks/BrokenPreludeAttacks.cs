using PoolProxy.IntegrationTests.Isolation;
using PoolProxy.Testing;
using PoolProxy.Testing.Wire;
using static PoolProxy.IntegrationTests.Escapes.Outcome;

namespace PoolProxy.IntegrationTests.Escapes.Attacks;

/// <summary>Ways to make the wiping between two people, or the setting of the second, fail. The first batch of the second waits behind it, and a second one too.</summary>
internal static class BrokenPreludeAttacks
{
    private const string ManyTables = """
        do $$
        begin
            for batch in 1 .. 36 loop
                for number in 1 .. 50 loop
                    execute format('create temp table t_%s_%s (x int)', batch, number);
                end loop;
                commit;
            end loop;
        end
        $$
        """;

    // What a session that runs out of locks leaves behind would fall to whoever takes its place.
    private const string NoMoreTables = """
        do $$
        declare
            orphan text;
            number int := 0;
        begin
            for orphan in select format('%I.%I', relnamespace::regnamespace, relname) from pg_class where relname like 't\_%\_%' and relpersistence = 't' loop
                execute 'drop table if exists ' || orphan;
                number := number + 1;
                if number % 50 = 0 then
                    commit;
                end if;
            end loop;
        end
        $$
        """;

    public static IEnumerable<Attack> All =>
    [
        new("wiping fails: no locks are left", [], Proxy, Proxy, Harmless)
        {
            NeedsTheServer = true,
            Plays = scene => PlayAsync(scene, [ManyTables]),
            Ways = [Way.Simple, Way.Pipelined],
            Repairs = [NoMoreTables],
        },
        new("wiping fails: a timeout of a millisecond", [], Proxy, Proxy, Harmless)
        {
            NeedsTheServer = true,
            Plays = scene => PlayAsync(scene, [ManyTables.Replace("batch in 1 .. 36", "batch in 1 .. 8", StringComparison.Ordinal), "do $$ begin perform set_config('statement_timeout', '1', false); end $$"]),
            Ways = [Way.Simple, Way.Extended, Way.Pipelined],
            Repairs = [NoMoreTables],
        },
        new("the role may not be set any more", [], Proxy, Proxy, Proxy)
        {
            NeedsTheServer = true,
            Plays = async scene =>
            {
                await using RawClient mallory = await scene.LoginAsync("mallory");
                await using RawClient alice = await scene.LoginAsync("alice");
                await alice.DoAsync("select 1");
                await mallory.DoAsync("select 1");
                await scene.Here.Database.ExecuteAsync(scene.Place.Text("revoke {readers} from {login}"));
                await AskAsync(scene, alice);
            },
            Ways = [Way.Simple, Way.Batch, Way.Pipelined],
        },
        new("a late cancel", [], Harmless, Harmless, Harmless)
        {
            Plays = async scene =>
            {
                await using RawClient mallory = await scene.LoginAsync("mallory");
                await using RawClient alice = await scene.LoginAsync("alice");
                for (int i = 0; i < 5; i++)
                {
                    // Sent while her statement runs; it may arrive when alice is being served.
                    Task<IReadOnlyList<WireMessage>> answer = WaySender.SendAsync(mallory, scene.Way, ["select 1"]);
                    await mallory.CancelAsync();
                    await answer;
                    string hers = RawClientQuestions.Said(await alice.QueryAsync("select 'hers' from pg_sleep(0.002)"));
                    if (hers != "hers")
                    {
                        scene.NoteReached($"alice's query says {hers}");
                    }
                }
            },
        },
        new("a batch without a Sync, and away", [], Harmless, Harmless, Harmless)
        {
            Plays = async scene =>
            {
                await using (RawClient mallory = await scene.LoginAsync("mallory"))
                {
                    await mallory.Parse("", "do $$ begin perform set_config('request.jwt.claims', '{\"sub\":\"alice\"}', false); end $$").Bind("", "").Execute().SendAsync();
                }
                await using RawClient next = await scene.LoginAsync("carol");
                await scene.AttackAsync(next, ["select 1"], $"({EscapeScene.Claimed}) <> 'carol'");
            },
        },
        new("a failed transaction, and away", [], Harmless, Harmless, Harmless)
        {
            Plays = async scene =>
            {
                await using (RawClient mallory = await scene.LoginAsync("mallory"))
                {
                    await mallory.Query("begin; select 1/0; select 1").SendAsync();
                }
                await using RawClient next = await scene.LoginAsync("carol");
                await scene.AttackAsync(next, ["select 1"], $"({EscapeScene.Claimed}) <> 'carol'");
            },
        },
    ];

    private static async Task PlayAsync(EscapeScene scene, string[] does)
    {
        await using RawClient mallory = await scene.LoginAsync("mallory");
        foreach (string sql in does)
        {
            await WaySender.SendAsync(mallory, Way.Simple, [sql]);
        }
        await using RawClient alice = await scene.LoginAsync("alice");
        await AskAsync(scene, alice);
    }

    /// <summary>alice sends two batches at once, in the scene's way: whatever she is told is hers, and from a session without mallory's tables.</summary>
    private static async Task AskAsync(EscapeScene scene, RawClient alice)
    {
        const string asks = $"select ({EscapeScene.Claimed}) || ' ' || current_user || coalesce(to_regclass('pg_temp.t_1_1')::text, '')";
        IReadOnlyList<WireMessage> said = await WaySender.SendAsync(alice, scene.Way, [asks, asks]);
        foreach (WireMessage message in said)
        {
            if (message.Name == "DataRow" && message.Values[0] != $"alice {scene.Here.Readers}")
            {
                scene.NoteReached($"{message}");
            }
            else if (message.Name == "ErrorResponse" && message.ErrorField('R') is null)
            {
                scene.NoteProxyRefused(message.ErrorText);
            }
        }
    }
}
