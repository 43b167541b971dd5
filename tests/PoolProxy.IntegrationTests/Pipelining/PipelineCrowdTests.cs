using System.Collections.Concurrent;
using PoolProxy.IntegrationTests.Admin;
using PoolProxy.Testing;
using PoolProxy.Testing.Postgres;
using Xunit;
using Xunit.Abstractions;

namespace PoolProxy.IntegrationTests.Pipelining;

/// <summary>Many clients on few servers that do everything at once: each gets its own answers, and what it was told is done is done once.</summary>
public sealed class PipelineCrowdTests(ITestOutputHelper output)
{
    private const int Clients = 50;
    private const int Turns = 120;

    public static IEnumerable<object[]> Cases =>
        from major in AvailablePostgres.Found.Select(binaries => binaries.Major)
        from size in (int[])[1, 3]
        select new object[] { major, size, (major + size) % 3 == 0 };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Every_client_gets_its_own_answers_only(int major, int size, bool isKept)
    {
        int seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        await using PipelinePlace place = await PipelinePlace.StartAsync(
            major, size, proxy: "max_prepared_statements = 20", database: isKept ? "cache_unnamed_statements = true" : "");
        await place.Database.ExecuteAsync(
            "create table done(mark text primary key); create table late(x int unique deferrable initially deferred); insert into late values (1)");
        var told = new ConcurrentBag<string>();
        var doubtful = new ConcurrentBag<string>();
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(who => Task.Run(async () =>
        {
            var random = new Random(seed + who);
            for (int life = 0; life < 3; life++)
            {
                await LiveAsync(place, $"{who}.{life}", who, random, told, doubtful);
            }
        })));

        output.WriteLine($"{await place.PipelinedAsync()} pipelined");
        Assert.True(await place.PipelinedAsync() > 0);
        string[] done = (await place.ScalarAsync("select string_agg(mark, ' ') from done"))!.Split(' ');
        Assert.Empty(told.Except(done));
        Assert.Empty(done.Except(told).Except(doubtful));
        Assert.Equal("0", (await place.Console.RowAsync("show state", "key", "loop_faults"))["value"]);
    }

    private static async Task LiveAsync(PipelinePlace place, string name, int who, Random random, ConcurrentBag<string> told, ConcurrentBag<string> doubtful)
    {
        string zone = who % 5 == 0 ? "Asia/Tokyo" : "America/New_York";
        await using RawClient client = await place.LoginAsync(("TimeZone", zone));
        await client.Parse("one", "select $1::text").Parse("zone", "select current_setting('TimeZone') || $1").Parse("long", "select repeat($1, 3000)").Sync().RoundTripAsync();
        for (int turn = 0; turn < Turns / 3; turn++)
        {
            string mark = $"{name}/{turn}";
            switch (random.Next(14))
            {
                case 0 or 1:
                    Assert.Equal([mark], (await client.QueryAsync($"select '{mark}'")).Rows());
                    break;
                case 2 or 3:
                    Assert.Equal([mark], (await client.Parse("", "select $1::text").Bind("", "", mark).DescribePortal().Execute().Sync().RoundTripAsync()).Rows());
                    break;
                case 4 or 5:
                    Assert.Equal([mark], (await client.Bind("", "one", mark).Execute().Sync().RoundTripAsync()).Rows());
                    break;
                case 6:
                    Assert.Equal([zone + mark], (await client.Bind("", "zone", mark).DescribePortal().Execute().Sync().RoundTripAsync()).Rows());
                    break;
                case 7:
                    Assert.Equal([string.Concat(Enumerable.Repeat(mark, 3000))], (await client.Bind("", "long", mark).Execute().Sync().RoundTripAsync()).Rows());
                    break;
                case 8:
                    var failed = await client.Parse("", "select 1 / length($1::text)").Bind("", "", "").Execute().Sync().RoundTripAsync();
                    Assert.Equal(("22012", 'I'), (failed.SqlState(), failed.Status()));
                    break;
                case 9:
                    Assert.Equal("23505", (await client.Parse("", "insert into late values (1)").Bind("", "").Execute().Sync().RoundTripAsync()).SqlState());
                    break;
                case 10:
                    Assert.Equal("", (await client.QueryAsync($"insert into done values ('{mark}')")).SqlState());
                    told.Add(mark);
                    break;
                case 11 when turn % 8 == 0:
                    // Seldom: it holds a server for as long as the client takes.
                    await client.QueryAsync("begin");
                    Assert.Equal([mark], (await client.QueryAsync($"select '{mark}'")).Rows());
                    Assert.Equal('I', (await client.QueryAsync("commit")).Status());
                    break;
                case 12:
                    await client.Query($"select '{mark}'").Bind("", "one", mark + "b").Execute().Sync().SendAsync();
                    Assert.Equal([mark], (await client.ReadUntilAsync("ReadyForQuery")).Rows());
                    Assert.Equal([mark + "b"], (await client.ReadUntilAsync("ReadyForQuery")).Rows());
                    break;
                default:
                    // In pieces, so that the request is not there as a whole when it first waits.
                    await client.Query($"select '{mark}'").SendInPiecesAsync(3, 5, 1);
                    Assert.Equal([mark], (await client.ReadUntilAsync("ReadyForQuery")).Rows());
                    break;
            }
        }

        // Leaves with a question under way, of which it will never hear.
        string last = $"{name}/last";
        doubtful.Add(last);
        await client.SendQueryAsync(random.Next(2) == 0 ? $"insert into done values ('{last}')" : "select 'never heard'");
        if (random.Next(2) == 0)
        {
            await client.CancelAsync();
        }
    }
}
