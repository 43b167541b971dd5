using PoolProxy.IntegrationTests.Isolation;
using PoolProxy.Testing;
using PoolProxy.Testing.Postgres;
using PoolProxy.Testing.Wire;
using Xunit;

namespace PoolProxy.IntegrationTests.Escapes;

/// <summary>
/// A client that vanishes behind each byte of all that a client says, from its first byte to its Terminate, on a pool of one server: somebody else, who is served
/// behind each cut, is who they are, hears nothing that is not theirs, and finds a server.
/// </summary>
public sealed class CutStreamTests
{
    /// <summary>Cuts inside the login need no server: so many at a time.</summary>
    private const int AtOnce = 16;

    private static readonly bool IsFull = Environment.GetEnvironmentVariable("POOLPROXY_ESCAPES") == "full";

    public static IEnumerable<object[]> Cases =>
        from major in AvailablePostgres.Found.Select(binaries => binaries.Major)
        from level in AttackCatalogue.Levels
        where IsFull || level == "partitioned"
        select new object[] { major, level };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Wherever_a_client_vanishes_the_next_one_notices_nothing(int major, string level)
    {
        await using Installation here = await Installation.StartAsync(major, new InstallationOptions { Level = level, Proxy = "max_client_conn = 200" });
        await here.Database.ExecuteAsync($"""
            create table sink (x text not null, owner text not null default nullif(current_setting('request.jwt.claims', true), '')::json ->> 'sub');
            grant select, insert on sink to {here.Readers}, {here.Writers};
            """);
        await using RawClient draft = await here.Proxy.ConnectAsync();
        byte[] login = Login(here, draft);
        byte[] requests = Requests(draft);
        byte[] all = [.. login, .. requests];
        var witness = new Witness(here);
        foreach (int[] cuts in Enumerable.Range(0, login.Length).Chunk(AtOnce))
        {
            await Task.WhenAll(cuts.Select(cut => VanishAsync(here, all.AsMemory(0, cut), isReset: cut % 2 == 0)));
            await witness.LookAsync($"behind a cut in the login, one of {cuts[0]} to {cuts[^1]}");
        }
        foreach (bool isReset in IsFull ? (bool[])[false, true] : [major % 2 == 0])
        {
            for (int cut = login.Length; cut <= all.Length; cut++)
            {
                await VanishAsync(here, all.AsMemory(0, cut), isReset);
                await witness.LookAsync($"behind byte {cut - login.Length} of the requests");
            }
        }
        await witness.DisposeAsync();

        // Lines of a COPY are there together or not at all, and belong to who has sent them.
        Assert.Equal(0, await here.Database.QueryAsync<long>("select count(*) filter (where x = 'first') - count(*) filter (where x = 'second') from sink"));
        Assert.Equal(0, await here.Database.QueryAsync<long>("select count(*) from sink where owner is distinct from 'mallory'"));
        Assert.DoesNotContain("identity could not be set", here.Log, StringComparison.Ordinal);
    }

    private static byte[] Login(Installation here, RawClient draft)
    {
        byte[] startup = StartupPackets.StartupMessage(
            StartupPackets.Version30, [KeyValuePair.Create("user", "mallory"), KeyValuePair.Create("database", here.Database.Name), KeyValuePair.Create("application_name", "vanishing")]);
        draft.Password(here.Reader("mallory").Build());
        return [.. startup, .. draft.TakePending()];
    }

    private static byte[] Requests(RawClient draft)
    {
        draft
            .Query("do $$ begin perform set_config('request.jwt.claims', '{\"sub\":\"mallory!\"}', false); raise notice 'late'; end $$")
            .Parse("kept", "select 'of mallory', $1::int from generate_series(1, 20)", 23).Bind("portal", "kept", "7").DescribePortal("portal").Execute("portal", 5).Sync()
            .Parse("", "set search_path = pg_temp, public").Bind("", "").Execute().Flush().ClosePortal().CloseStatement("kept").Sync()
            .Query("begin; insert into sink values ('unfinished')")
            .Query("rollback")
            .Query("copy sink (x) from stdin").CopyData("first\n"u8).CopyData("second\n"u8).CopyDone()
            .Terminate();
        return draft.TakePending();
    }

    private static async Task VanishAsync(Installation here, ReadOnlyMemory<byte> bytes, bool isReset)
    {
        await using RawClient mallory = await here.Proxy.ConnectAsync();
        await mallory.Stream.WriteAsync(bytes);
        if (isReset)
        {
            mallory.Stream.Reset();
        }
    }

    /// <summary>Somebody of the same pool, and under <c>set_role</c> of another role: one session, and now and then a new one.</summary>
    private sealed class Witness(Installation here) : IAsyncDisposable
    {
        private const int LooksOfASession = 25;
        private const string Asks = $"""
            select current_user || ' ' || ({EscapeScene.Claimed}) || ' ' || coalesce((select string_agg(body, ',') from notes), '') || ' ' || current_setting('search_path')
            """;

        private RawClient? _client;
        private int _looks;
        private string? _expected;

        public async Task LookAsync(string where)
        {
            if (_client is null || _looks++ % LooksOfASession == 0)
            {
                await DisposeAsync();
                _client = await here.LoginAsync("alice");
            }
            string[] answers = await AnswersAsync(where);
            _expected ??= answers[0];
            Assert.StartsWith($"{here.Readers} alice of alice ", _expected, StringComparison.Ordinal);
            Assert.All(answers, answer => Assert.True(answer == _expected, $"{where}: {answer}"));
        }

        public async ValueTask DisposeAsync()
        {
            if (_client is not null)
            {
                await _client.DisposeAsync();
            }
        }

        /// <summary>By both protocols.</summary>
        private async Task<string[]> AnswersAsync(string where)
        {
            IReadOnlyList<WireMessage> simple = await _client!.QueryAsync(Asks);
            IReadOnlyList<WireMessage> extended = await _client.Parse("", Asks).Bind("", "").Execute().Sync().RoundTripAsync();
            Assert.True("RowDescription DataRow CommandComplete ReadyForQuery" == simple.Names(), $"{where}: {string.Join("; ", simple)}");
            Assert.True("ParseComplete BindComplete DataRow CommandComplete ReadyForQuery" == extended.Names(), $"{where}: {string.Join("; ", extended)}");
            return [RawClientQuestions.Said(simple), RawClientQuestions.Said(extended)];
        }
    }
}
