using PoolProxy.IntegrationTests.Isolation;
using PoolProxy.Testing;
using PoolProxy.Testing.Wire;
using static PoolProxy.IntegrationTests.Escapes.Outcome;

namespace PoolProxy.IntegrationTests.Escapes.Attacks;

/// <summary>Attacks by messages: others' keys, a COPY left half way, leaving at every point, and answers that come late.</summary>
internal static class WireAttacks
{
    /// <summary>POOLPROXY_ESCAPES=full cuts at every byte, and not only around the ends of messages.</summary>
    private static readonly bool IsFull = Environment.GetEnvironmentVariable("POOLPROXY_ESCAPES") == "full";

    public static IEnumerable<Attack> All =>
    [
        new("the key of another's query", [], Harmless, Harmless, Harmless)
        {
            Plays = async scene =>
            {
                await using RawClient alice = await scene.LoginAsync("alice");
                await using RawClient mallory = await scene.LoginAsync("mallory");
                Task<IReadOnlyList<WireMessage>> hers = WaySender.SendAsync(alice, scene.Way, ["select 'hers' from pg_sleep(0.05)"]);
                foreach (int key in (int[])[0, -1, 1, BitConverter.ToInt32(mallory.SecretKey), BitConverter.ToInt32(alice.SecretKey) ^ 1])
                {
                    await using RawClient canceller = await scene.Here.Proxy.ConnectAsync();
                    await canceller.Put(StartupPackets.CancelRequest(alice.ProcessId, BitConverter.GetBytes(key))).SendAsync();
                    await canceller.Stream.ReadToEndAsync();
                }
                await mallory.CancelAsync();
                string said = RawClientQuestions.Said(await hers);
                if (said != "hers")
                {
                    scene.NoteReached($"alice's query says {said}");
                }
            },
        },
        new("a COPY left half way", [], Harmless, Harmless, Harmless)
        {
            Plays = async scene =>
            {
                await using (RawClient setup = await scene.LoginAsync("mallory"))
                {
                    await setup.DoAsync("create table arena.sink (x text)");
                }
                foreach (string sql in (string[])["copy arena.sink from stdin", "copy (select repeat('x', 1000) from generate_series(1, 5000)) to stdout"])
                {
                    await using (RawClient mallory = await scene.LoginAsync("mallory"))
                    {
                        Put(mallory, scene.Way, sql);
                        mallory.CopyData("half a l"u8);
                        await mallory.SendAsync();
                        await mallory.ReadAsync();
                    }
                    await ExpectNextAsync(scene);
                }
            },
            Probes = [new Probe(Who.Victim, "select count(*) from arena.sink", "0")],
        },
        new("leaving at every point", [], Harmless, Harmless, Harmless)
        {
            Plays = async scene =>
            {
                byte[] bytes;
                int[] ends;
                await using (RawClient draft = await scene.Here.Proxy.ConnectAsync())
                {
                    Put(draft, scene.Way, scene.Place.Text("do $$ begin perform set_config('request.jwt.claims', '{\"sub\":\"mallory!\"}', false); raise notice 'late'; end $$"));
                    Put(draft, scene.Way, "select 'late' from generate_series(1, 50)");
                    bytes = draft.PendingBytes.ToArray();
                    ends = [.. Ends(draft.PendingBytes)];
                }
                foreach (int cut in IsFull ? Enumerable.Range(1, bytes.Length) : ends.SelectMany(end => (int[])[end - 1, end, end + 1]).Where(cut => cut > 0 && cut <= bytes.Length).Distinct())
                {
                    await using (RawClient mallory = await scene.LoginAsync("mallory"))
                    {
                        await mallory.Put(bytes.AsSpan(0, cut)).SendAsync();
                    }
                    await ExpectNextAsync(scene);
                }
            },
        },
        new("a NOTICE that comes late", [], Harmless, Harmless, Harmless)
        {
            Plays = async scene =>
            {
                await using (RawClient mallory = await scene.LoginAsync("mallory"))
                {
                    Put(mallory, scene.Way, "do $$ begin perform pg_sleep(0.01); raise notice 'late'; perform set_config('application_name', 'late', false); end $$");
                    await mallory.SendAsync();
                }
                await ExpectNextAsync(scene);
            },
        },
    ];

    private static void Put(RawClient client, Way way, string sql)
    {
        switch (way)
        {
            case Way.Simple or Way.MultiStatement:
                client.Query(way == Way.Simple ? sql : $"select 1; {sql}");
                break;
            case Way.Prepared:
                client.Parse("late", sql).Sync().Bind("", "late").Execute().CloseStatement("late").Sync();
                break;
            case Way.Batch:
                client.Parse("", "select 1").Bind("", "").Execute().Parse("", sql).Bind("", "").Execute().Sync();
                break;
            default:
                client.Parse("", sql).Bind("", "").DescribePortal().Execute().Sync();
                break;
        }
    }

    private static IEnumerable<int> Ends(ReadOnlyMemory<byte> bytes)
    {
        int end = 0;
        foreach (WireMessage message in FrontendBytes.Split(bytes))
        {
            yield return end += message.Bytes.Length;
        }
    }

    /// <summary>Who is served next is who it is, and hears nothing of what came before.</summary>
    private static async Task ExpectNextAsync(EscapeScene scene)
    {
        await using RawClient next = await scene.LoginAsync("carol");
        IReadOnlyList<WireMessage> said = await next.QueryAsync(EscapeScene.Claimed);
        if (RawClientQuestions.Said(said) != "carol" || said.Any(message => message.Name is "NoticeResponse" or "NotificationResponse" or "CopyInResponse" or "CopyData" or "ParameterStatus"))
        {
            scene.NoteReached(string.Join("; ", said));
        }
    }
}
