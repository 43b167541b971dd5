using PoolProxy.Testing;
using PoolProxy.Testing.Postgres;
using PoolProxy.Testing.Proxy;
using Xunit;

namespace PoolProxy.IntegrationTests.Statements;

/// <summary><c>cache_unnamed_statements</c>: what is prepared, for whom, and how much of it.</summary>
public sealed class KeptStatementTests
{
    public static IEnumerable<object[]> Majors => AvailablePostgres.Majors;

    [Fact]
    public async Task From_its_second_use_on_a_text_is_parsed_under_a_name_and_from_its_third_not_at_all()
    {
        await using ScriptedBackend backend = ScriptedBackend.Start();
        await using ProxyUnderTest proxy = await ProxyUnderTest.StartAsync(place => PoolScene.Text(
            place.Port, backend.Port, "x", proxy: "server_tls_sslmode = \"disable\"\ncache_unnamed_statements = true"));
        Task<RawClient> login = proxy.LoginAsync("a", "app");
        await using ScriptedSession server = await backend.AcceptAsync();
        await server.LoginAsync();
        await using RawClient client = await login;
        string[][] expected =
        [
            ["Parse \"\" \"select $1\" ()", "Bind \"\" \"\" () (\"1\") ()"],
            ["Parse \"poolproxy_1\" \"select $1\" ()", "Bind \"\" \"poolproxy_1\" () (\"1\") ()"],
            ["Bind \"\" \"poolproxy_1\" () (\"1\") ()"],
            ["Bind \"\" \"poolproxy_1\" () (\"1\") ()"],
        ];
        foreach (string[] sent in expected)
        {
            await client.Parse("", "select $1").Bind("", "", "1").Execute().Sync().SendAsync();
            foreach (string message in sent)
            {
                await server.ExpectAsync(message);
            }
            await server.ExpectAsync("Execute");
            await server.ExpectAsync("Sync");
            string[] parsed = sent.Length > 1 ? ["ParseComplete"] : [];
            await server.SendAsync([.. parsed, "BindComplete", "DataRow (\"1\")", "CommandComplete \"SELECT 1\"", "ReadyForQuery I"]);
            Assert.Equal("ParseComplete BindComplete DataRow CommandComplete ReadyForQuery", (await client.ReadUntilAsync("ReadyForQuery")).Names());
        }
    }

    [Theory]
    [InlineData("", "", false)]
    [InlineData("", "cache_unnamed_statements = true", true)]
    [InlineData("cache_unnamed_statements = true", "", true)]
    [InlineData("cache_unnamed_statements = true", "cache_unnamed_statements = false", false)]
    [InlineData("max_prepared_statements = 0", "cache_unnamed_statements = true", false)]
    public async Task The_database_has_the_last_word(string proxy, string database, bool isKept)
    {
        await using KeptPlace place = await KeptPlace.StartAsync(AvailablePostgres.Found[0].Major, proxy, database);
        await using RawClient client = await place.LoginAsync();
        for (int turn = 0; turn < 3; turn++)
        {
            Assert.Equal("7", await client.AskAsync("select $1::int + 2", "5"));
        }
        Assert.Equal(isKept ? 1 : 0, await client.KeptAsync());
    }

    [Fact]
    public async Task In_session_mode_a_server_is_its_clients_own()
    {
        await using KeptPlace place = await KeptPlace.StartAsync(AvailablePostgres.Found[0].Major, mode: "session");
        await using RawClient client = await place.LoginAsync();
        for (int turn = 0; turn < 3; turn++)
        {
            await client.AskAsync("select 1");
        }
        Assert.Equal(0, await client.KeptAsync());
    }

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task Clients_share_what_is_prepared_and_texts_that_come_once_cost_nothing(int major)
    {
        await using KeptPlace place = await KeptPlace.StartAsync(major);
        await using RawClient one = await place.LoginAsync();
        await using RawClient other = await place.LoginAsync();
        for (int turn = 0; turn < 20; turn++)
        {
            Assert.Equal($"{turn}", await one.AskAsync("select $1::text", $"{turn}"));
            Assert.Equal($"{turn}", await other.AskAsync("select $1::text", $"{turn}"));
            Assert.Equal($"{turn}", await one.AskAsync($"select {turn}"));
        }
        Assert.Equal(1, await one.KeptAsync());
    }

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task The_bound_holds_for_named_and_unnamed_statements_together(int major)
    {
        await using KeptPlace place = await KeptPlace.StartAsync(major, "max_prepared_statements = 5");
        await using RawClient client = await place.LoginAsync();
        for (int round = 0; round < 4; round++)
        {
            for (int number = 0; number < 12; number++)
            {
                Assert.Equal($"{number}", await client.AskAsync($"select {number} + $1::int", "0"));
                Assert.InRange(await client.KeptAsync(), 0, 5);
            }
            await client.Parse($"s{round}", $"select 'named {round}'").Sync().RoundTripAsync();
            for (int number = 0; number <= round; number++)
            {
                Assert.Equal([$"named {number}"], (await client.Bind("", $"s{number}").Execute().Sync().RoundTripAsync()).Rows());
                Assert.InRange(await client.KeptAsync(), 1, 5);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task A_literal_that_means_the_moment_means_it_each_time(int major)
    {
        await using KeptPlace place = await KeptPlace.StartAsync(major);
        await using RawClient client = await place.LoginAsync();
        var seen = new HashSet<string?>();
        for (int turn = 0; turn < 5; turn++)
        {
            seen.Add(await client.AskAsync("select extract(epoch from 'now'::timestamptz)"));
        }
        Assert.Equal(5, seen.Count);
        Assert.Equal(0, await client.KeptAsync());
    }

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task Constants_follow_each_clients_time_zone_though_the_text_is_the_same(int major)
    {
        await using KeptPlace place = await KeptPlace.StartAsync(major);
        await using RawClient utc = await place.LoginAsync(("timezone", "UTC"));
        await using RawClient paris = await place.LoginAsync(("timezone", "Europe/Paris"));
        const string sql = "select extract(epoch from timestamptz '2024-06-01 12:00:00')::bigint";
        for (int turn = 0; turn < 4; turn++)
        {
            Assert.Equal("1717243200", await utc.AskAsync(sql));
            Assert.Equal("1717236000", await paris.AskAsync(sql));
        }
        await utc.QueryAsync("set timezone = 'Europe/Paris'");
        Assert.Equal("1717236000", await utc.AskAsync(sql));
        Assert.Equal("1717236000", await utc.AskAsync(sql));
        Assert.Equal("1717236000", await paris.AskAsync(sql));
    }

    [Fact]
    public async Task A_named_statement_made_under_another_time_zone_is_not_passed_on_as_one_of_the_first()
    {
        await using KeptPlace place = await KeptPlace.StartAsync(AvailablePostgres.Found[0].Major);
        await using RawClient first = await place.LoginAsync(("timezone", "UTC"));
        await using RawClient second = await place.LoginAsync(("timezone", "UTC"));
        const string sql = "select extract(epoch from timestamptz '2024-06-01 12:00:00')::bigint";
        await first.Parse("s", sql).Sync().RoundTripAsync();
        await first.QueryAsync("deallocate all");
        await first.Parse("s", sql).Sync().RoundTripAsync();
        await first.QueryAsync("set timezone = 'Europe/Paris'");
        await second.QueryAsync("discard all");
        // The server holds nothing now: what the first client makes it prepare is made under Paris.
        await first.Bind("", "s").Execute().Sync().RoundTripAsync();
        await second.Parse("s", sql).Sync().RoundTripAsync();
        Assert.Equal(["1717243200"], (await second.Bind("", "s").Execute().Sync().RoundTripAsync()).Rows());
    }

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task Names_are_looked_up_in_each_clients_search_path(int major)
    {
        await using KeptPlace place = await KeptPlace.StartAsync(major);
        await place.Database.ExecuteAsync("""
            create schema a; create table a.t as select 'of a' x; create schema b; create table b.t as select 42 x, 'of b' y;
            """);
        await using RawClient a = await place.LoginAsync(("search_path", "a"));
        await using RawClient b = await place.LoginAsync(("search_path", "b"));
        for (int turn = 0; turn < 4; turn++)
        {
            Assert.Equal("of a", await a.AskAsync("select * from t"));
            Assert.Equal("42", await b.AskAsync("select * from t"));
        }
        foreach (string set in new[] { "set local search_path = b", "set search_path = b" })
        {
            await a.QueryAsync($"begin; {set}");
            Assert.Equal("42", await a.AskAsync("select * from t"));
            Assert.Equal("42", await a.AskAsync("select * from t"));
            await a.QueryAsync("rollback");
            Assert.Equal("of a", await a.AskAsync("select * from t"));
            Assert.Equal("42", await b.AskAsync("select * from t"));
        }
    }
}
