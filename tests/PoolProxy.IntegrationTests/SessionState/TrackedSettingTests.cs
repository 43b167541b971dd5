using PoolProxy.IntegrationTests.Statements;
using PoolProxy.Testing;
using PoolProxy.Testing.Postgres;
using PoolProxy.Testing.Wire;
using Xunit;

namespace PoolProxy.IntegrationTests.SessionState;

/// <summary><c>session_state = "track"</c>: a client's own settings follow it from server to server, and nobody else meets them.</summary>
public sealed class TrackedSettingTests
{
    public static IEnumerable<object[]> VersionsAndProtocols => StatePlaces.VersionsAndProtocols;

    public static IEnumerable<object[]> Majors => AvailablePostgres.Majors;

    [Theory]
    [MemberData(nameof(VersionsAndProtocols))]
    public async Task Two_clients_on_one_server_each_keep_what_they_set(int major, string protocol)
    {
        await using KeptPlace place = await StatePlaces.StartAsync(major, "track");
        await using RawClient one = await place.LoginAsync();
        await using RawClient other = await place.LoginAsync();
        await using RawClient plain = await place.LoginAsync();
        string before = (await plain.ScalarAsync("show work_mem"))!;
        await one.RunAsync(protocol, "set work_mem = '3MB'");
        await other.RunAsync(protocol, "set work_mem to '5MB'");
        for (int turn = 0; turn < 3; turn++)
        {
            Assert.Equal("3MB", await one.ScalarAsync("show work_mem"));
            Assert.Equal("5MB", await other.ScalarAsync("show work_mem"));
            Assert.Equal(before, await plain.ScalarAsync("show work_mem"));
        }

        Assert.Equal(await one.ServerIdAsync(), await plain.ServerIdAsync());
        Assert.Equal(["", "", ""], await place.PinnedAsync());
    }

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task Every_way_to_write_a_value_means_what_PostgreSQL_takes_it_for(int major)
    {
        await using KeptPlace place = await StatePlaces.StartAsync(major, "track");
        await using RawClient direct = await place.LoginDirectlyAsync();
        foreach (string setting in (string[])[
            "lock_timeout = 1500", "lock_timeout to '2s'", "session lock_timeout = 0", "seq_page_cost = 1.5e0", "seq_page_cost to +.25", "lock_timeout = 010", "vacuum_cost_delay = -0",
            "enable_seqscan = off", "enable_seqscan to FALSE", "bytea_output = Escape", "backslash_quote to \"on\"", "my.own = 'it''s \\ ''quoted'''",
            "my.own = 'ö €'", "MY.Own = Word", "my.own = 42", "my.own = ''", "search_path = one, \"Two, three\", 'Four'", "search_path = ''", "search_path to \"$user\", public",
            "schema 'x y'", "temp_tablespaces = ''", "lock_timeout /* why */ = 7 -- because", "\"my.own\" = 'q'", "my.own = 'a' -- c'omment\n"])
        {
            string name = setting.Contains("lock", StringComparison.Ordinal) ? "lock_timeout" : setting.StartsWith("schema", StringComparison.Ordinal) ? "search_path"
                : setting.Contains("own", StringComparison.OrdinalIgnoreCase) ? "my.own" : setting.Split(' ')[0];
            await using RawClient client = await place.LoginAsync();
            await using RawClient between = await place.LoginAsync();
            await direct.QueryAsync($"set {setting}");
            await client.QueryAsync($"set {setting}");
            string server = (await between.ScalarAsync($"select coalesce(current_setting('{name}', true), '')"))!;
            Assert.Equal((setting, await direct.ScalarAsync($"show {name}")), (setting, await client.ScalarAsync($"show {name}")));
            Assert.Equal(server, await between.ScalarAsync($"select coalesce(current_setting('{name}', true), '')"));
        }
    }

    [Theory]
    [MemberData(nameof(VersionsAndProtocols))]
    public async Task What_is_rolled_back_was_never_set(int major, string protocol)
    {
        await using KeptPlace place = await StatePlaces.StartAsync(major, "track");
        await using RawClient one = await place.LoginAsync();
        await using RawClient other = await place.LoginAsync();
        await one.RunAsync(protocol, "set lock_timeout = 1");
        await one.RunAsync(protocol, "begin");
        await one.RunAsync(protocol, "set lock_timeout = 2");
        await one.RunAsync(protocol, "rollback");
        Assert.Equal("0", await other.ScalarAsync("show lock_timeout"));
        Assert.Equal("1ms", await one.ScalarAsync("show lock_timeout"));

        await one.RunAsync(protocol, "begin");
        await one.RunAsync(protocol, "set lock_timeout = 3");
        Assert.Equal("22P02", (await one.RunAsync(protocol, "select 'x'::int")).SqlState());
        await one.RunAsync(protocol, "commit");
        Assert.Equal("0", await other.ScalarAsync("show lock_timeout"));
        Assert.Equal("1ms", await one.ScalarAsync("show lock_timeout"));

        await one.RunAsync(protocol, "begin");
        await one.RunAsync(protocol, "set lock_timeout = 4");
        await one.RunAsync(protocol, "commit");
        Assert.Equal("0", await other.ScalarAsync("show lock_timeout"));
        Assert.Equal("4ms", await one.ScalarAsync("show lock_timeout"));
    }

    [Theory]
    [MemberData(nameof(VersionsAndProtocols))]
    public async Task Savepoints_take_settings_back_as_in_PostgreSQL(int major, string protocol)
    {
        await using KeptPlace place = await StatePlaces.StartAsync(major, "track");
        await using RawClient one = await place.LoginAsync();
        await using RawClient other = await place.LoginAsync();
        await using RawClient direct = await place.LoginDirectlyAsync();
        foreach (string script in (string[])[
            "begin; set lock_timeout = 1; savepoint a; set lock_timeout = 2; rollback to a; commit",
            "begin; set lock_timeout = 3; savepoint a; set lock_timeout = 4; release a; commit",
            "begin; savepoint a; set lock_timeout = 5; rollback to savepoint a; commit",
            "begin; set lock_timeout = 6; savepoint \"B\"; set lock_timeout = 7; savepoint \"B\"; set lock_timeout = 8; rollback to \"B\"; commit",
            "begin; set lock_timeout = 9; savepoint a; savepoint b; set lock_timeout = 10; rollback to a; set lock_timeout = 11; commit",
            "begin; savepoint a; set lock_timeout = 12; savepoint b; select 'x'::int; rollback to b; commit",
            "begin; set local lock_timeout = 13; commit",
            "begin; set lock_timeout = 14; set local lock_timeout = 15; commit",
            "begin; reset lock_timeout; rollback",
            "begin; set lock_timeout = 16; commit and chain; set lock_timeout = 17; rollback",
            "set lock_timeout = 18; begin; reset all; savepoint s; set lock_timeout = 19; rollback to s; commit",
        ])
        {
            foreach (RawClient client in (RawClient[])[one, direct])
            {
                foreach (string statement in script.Split("; "))
                    await client.RunAsync(protocol, statement);
            }

            Assert.Equal("0", await other.ScalarAsync("show lock_timeout"));
            Assert.Equal((script, await direct.ScalarAsync("show lock_timeout")), (script, await one.ScalarAsync("show lock_timeout")));
        }
    }

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task Several_statements_in_one_query_count_as_PostgreSQL_counts_them(int major)
    {
        await using KeptPlace place = await StatePlaces.StartAsync(major, "track");
        await using RawClient one = await place.LoginAsync();
        await using RawClient other = await place.LoginAsync();
        await using RawClient direct = await place.LoginDirectlyAsync();
        foreach (string query in (string[])[
            "set lock_timeout = 1; select 1",
            "set lock_timeout = 2; select 'x'::int",
            "set lock_timeout = 3; commit; set lock_timeout = 4; select 'x'::int",
            "begin; set lock_timeout = 5; savepoint a; set lock_timeout = 6; rollback to a; commit; select 1",
            "set local lock_timeout = 7; set lock_timeout = 8",
            "set lock_timeout = 9; reset lock_timeout; set lock_timeout to default",
            "create or replace function pg_temp.f() returns int language sql begin atomic select 1; end; discard temp; set lock_timeout = 10",
            "select ';set lock_timeout = 99;', $$;set lock_timeout = 98;$$; /* ; set lock_timeout = 97; */ set lock_timeout = 11",
            "discard all",
        ])
        {
            await direct.QueryAsync(query);
            await one.QueryAsync(query);
            bool isPinned = (await place.PinnedAsync())[0] is { Length: > 0 };
            Assert.Equal((query, await direct.ScalarAsync("show lock_timeout")), (query, await one.ScalarAsync("show lock_timeout")));
            if (isPinned)
            {
                Assert.Contains("atomic", query, StringComparison.Ordinal);
                await one.QueryAsync("discard all");
                await direct.QueryAsync("discard all");
            }

            Assert.Equal("0", await other.ScalarAsync("show lock_timeout"));
        }
    }

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task A_pipeline_of_batches_is_followed_in_order(int major)
    {
        await using KeptPlace place = await StatePlaces.StartAsync(major, "track");
        await using RawClient one = await place.LoginAsync();
        await using RawClient other = await place.LoginAsync();
        foreach (string sql in (string[])["select 'x'::int", "set lock_timeout = 1", "begin", "set lock_timeout = 2", "select 'x'::int", "rollback", "set my.own = 'y'", "show lock_timeout"])
            one.Parse("", sql).Bind("", "").Execute().Sync();
        await one.SendAsync();
        IReadOnlyList<WireMessage> answers = [];
        for (int i = 0; i < 8; i++)
            answers = await one.ReadUntilAsync("ReadyForQuery");
        Assert.Equal(["1ms"], answers.Rows());
        Assert.Equal("0", await other.ScalarAsync("show lock_timeout"));
        Assert.Equal("1ms y", await one.ScalarAsync("select current_setting('lock_timeout') || ' ' || current_setting('my.own')"));
        await one.Query("begin").Query("set lock_timeout = 5").Query("commit").Query("select 'x'::int").Query("set lock_timeout = 'x'").Query("show lock_timeout").SendAsync();
        for (int i = 0; i < 6; i++)
            answers = await one.ReadUntilAsync("ReadyForQuery");
        Assert.Equal(["5ms"], answers.Rows());
        Assert.Equal("0", await other.ScalarAsync("show lock_timeout"));
        Assert.Equal("5ms", await one.ScalarAsync("show lock_timeout"));
    }

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task Reset_goes_back_to_what_the_client_asked_for_at_startup(int major)
    {
        await using KeptPlace place = await StatePlaces.StartAsync(major, "track");
        await using RawClient one = await place.LoginAsync(("statement_timeout", "4321ms"));
        await using RawClient other = await place.LoginAsync();
        foreach (string reset in (string[])["reset statement_timeout", "set statement_timeout to default", "reset all", "discard all"])
        {
            await one.QueryAsync("set statement_timeout = '9s'");
            await one.QueryAsync("set lock_timeout = '8s'");
            Assert.Equal("0 0", await other.ScalarAsync("select current_setting('statement_timeout') || ' ' || current_setting('lock_timeout')"));
            Assert.Equal("9s 8s", await one.ScalarAsync("select current_setting('statement_timeout') || ' ' || current_setting('lock_timeout')"));
            await one.QueryAsync(reset);
            Assert.Equal("0 0", await other.ScalarAsync("select current_setting('statement_timeout') || ' ' || current_setting('lock_timeout')"));
            Assert.Equal($"4321ms {(reset.EndsWith("all", StringComparison.Ordinal) ? "0" : "8s")}",
                await one.ScalarAsync("select current_setting('statement_timeout') || ' ' || current_setting('lock_timeout')"));
        }
    }

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task A_client_has_no_more_settings_than_it_may(int major)
    {
        await using KeptPlace place = await StatePlaces.StartAsync(major, "track");
        await using RawClient one = await place.LoginAsync();
        for (int i = 0; i < 64; i++)
            Assert.Equal("", (await one.QueryAsync($"set bound.s{i} = 'v'")).SqlState());
        Assert.Equal("54000", (await one.QueryAsync("set bound.more = 'v'")).SqlState());
        Assert.Equal("54000", (await one.Parse("", "set bound.more = 'v'").Bind("", "").Execute().Sync().RoundTripAsync()).SqlState());
        Assert.Equal("", (await one.QueryAsync("set bound.s3 = 'w'")).SqlState());
        Assert.Equal("w", await one.ScalarAsync("show bound.s3"));
        await one.QueryAsync("reset all");
        Assert.Equal("", (await one.QueryAsync($"set bound.s1 = '{new string('a', 8000)}'")).SqlState());
        Assert.Equal("", (await one.QueryAsync($"set bound.s2 = '{new string('b', 8000)}'")).SqlState());
        Assert.Equal("54000", (await one.QueryAsync($"set bound.s3 = '{new string('c', 8000)}'")).SqlState());
        Assert.Equal("8000", await one.ScalarAsync("select length(current_setting('bound.s2'))"));
    }

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task What_the_proxy_sets_itself_and_what_lasts_no_longer_is_never_sent_again(int major)
    {
        await using KeptPlace place = await StatePlaces.StartAsync(major, "track");
        await using RawClient one = await place.LoginAsync();
        await using RawClient other = await place.LoginAsync();
        await place.Database.ExecuteAsync("do $$ begin if not exists (select from pg_roles where rolname = 'state_role') then create role state_role; end if; end $$");
        foreach (string sql in (string[])["set role state_role", "set seed = 0.5", "set transaction_read_only = off", "set poolproxy.identity = 'x'", "set request.jwt.claims = 'y'", "reset role"])
            await one.QueryAsync(sql);
        await other.QueryAsync("discard all");
        Assert.Equal("postgres  ", await one.ScalarAsync(
            "select current_user || ' ' || coalesce(current_setting('poolproxy.identity', true), '') || ' ' || coalesce(current_setting('request.jwt.claims', true), '')"));
        Assert.Equal(["", ""], await place.PinnedAsync());
    }

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task A_server_that_dies_takes_no_setting_along(int major)
    {
        await using KeptPlace place = await StatePlaces.StartAsync(major, "track");
        await using RawClient one = await place.LoginAsync();
        await one.QueryAsync("set lock_timeout = 1");
        int server = await one.ServerIdAsync();
        await one.QueryAsync("begin");
        await one.QueryAsync("set lock_timeout = 2");
        await place.Database.ExecuteAsync($"select pg_terminate_backend({server})");
        await one.QueryAsync("select 1");
        await one.QueryAsync("rollback");
        Assert.Equal("1ms", await one.ScalarAsync("show lock_timeout"));
        Assert.NotEqual(server, await one.ServerIdAsync());
    }

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task A_value_that_is_not_read_keeps_its_server_instead(int major)
    {
        await using KeptPlace place = await StatePlaces.StartAsync(major, "track", size: 2);
        await using RawClient one = await place.LoginAsync();
        await using RawClient other = await place.LoginAsync();
        await one.QueryAsync("set my.own = E'a\\x62c'");
        Assert.Equal(["setting", ""], await place.PinnedAsync());
        Assert.Equal("abc", await one.ScalarAsync("show my.own"));
        Assert.Equal("", await other.ScalarAsync("select coalesce(current_setting('my.own', true), '')"));
        await one.QueryAsync("set my.own = 'd'");
        Assert.Equal(["", ""], await place.PinnedAsync());
        Assert.Equal("d", await one.ScalarAsync("show my.own"));
    }
}
