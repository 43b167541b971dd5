using PoolProxy.IntegrationTests.Isolation;
using PoolProxy.IntegrationTests.Statements;
using PoolProxy.Testing;
using PoolProxy.Testing.Postgres;
using Xunit;

namespace PoolProxy.IntegrationTests.SessionState;

/// <summary>Which policy holds for whom, and from when on.</summary>
public sealed class PolicyTests
{
    public static IEnumerable<object[]> Majors => AvailablePostgres.Majors;

    public static IEnumerable<object[]> Levels =>
        from major in AvailablePostgres.Found.Select(binaries => binaries.Major)
        from level in (string[])["partitioned", "set_role", "exclusive"]
        select new object[] { major, level };

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task By_default_state_stays_on_the_server_as_with_PgBouncer(int major)
    {
        await using KeptPlace place = await KeptPlace.StartAsync(major, "admin_users = \"admin\"", database: "");
        await using RawClient one = await place.LoginAsync();
        await using RawClient other = await place.LoginAsync();
        await one.QueryAsync("set lock_timeout = 1; create temp table t as select 'left' as x; prepare p as select 'too'");
        Assert.Equal("1ms", await other.ScalarAsync("show lock_timeout"));
        Assert.Equal("left", await other.ScalarAsync("select x from t"));
        Assert.Equal(["", ""], await place.PinnedAsync());
    }

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task In_session_mode_no_policy_is_needed(int major)
    {
        await using KeptPlace place = await StatePlaces.StartAsync(major, "refuse", mode: "session");
        await using RawClient one = await place.LoginAsync();
        Assert.Equal("", (await one.QueryAsync("create temp table t (i int)")).SqlState());
        Assert.Equal([""], await place.PinnedAsync());
    }

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task A_reload_counts_from_the_next_transaction_on(int major)
    {
        await using KeptPlace place = await StatePlaces.StartAsync(major, "pin", size: 2);
        await using RawClient one = await place.LoginAsync();
        await using RawClient other = await place.LoginAsync();
        await one.QueryAsync("begin");
        await other.QueryAsync("create temp table t (i int)");
        Assert.Empty(await place.Proxy.ReloadAsync(text => text.Replace("\"pin\"", "\"refuse\"", StringComparison.Ordinal)));
        Assert.Equal("", (await one.QueryAsync("create temp table u (i int)")).SqlState());
        await one.QueryAsync("commit");
        Assert.Equal("0A000", (await one.QueryAsync("create temp table v (i int)")).SqlState());

        // What is there already stays with its client until it is gone.
        Assert.Equal(["temporary object", "temporary object"], await place.PinnedAsync());
        Assert.Equal("0", await other.ScalarAsync("select count(*) from t"));
        Assert.Equal("0A000", (await other.QueryAsync("listen x")).SqlState());
        await other.QueryAsync("discard all");
        await one.QueryAsync("drop table u");
        Assert.Equal(["", ""], await place.PinnedAsync());
    }

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task What_was_tracked_stays_its_clients_when_nothing_is_tracked_any_more(int major)
    {
        await using KeptPlace place = await StatePlaces.StartAsync(major, "track");
        await using RawClient one = await place.LoginAsync();
        await using RawClient other = await place.LoginAsync();
        await one.QueryAsync("set lock_timeout = 1");
        Assert.Empty(await place.Proxy.ReloadAsync(text => text.Replace("\"track\"", "\"shared\"", StringComparison.Ordinal)));
        Assert.Equal("0", await other.ScalarAsync("show lock_timeout"));
        Assert.Equal("1ms", await one.ScalarAsync("show lock_timeout"));
        await one.QueryAsync("set lock_timeout = 2");
        Assert.Equal("2ms", await one.ScalarAsync("show lock_timeout"));
        await one.QueryAsync("reset lock_timeout");
        Assert.Equal("0", await one.ScalarAsync("show lock_timeout"));
    }

    [Theory]
    [MemberData(nameof(Levels))]
    public async Task Clients_of_one_identity_keep_their_settings_apart(int major, string level)
    {
        await using Installation here = await Installation.StartAsync(major, new InstallationOptions { Level = level, DatabaseLines = "session_state = \"track\"" });
        await using RawClient one = await here.LoginAsync("alice");
        await using RawClient other = await here.LoginAsync("alice");
        await using RawClient bob = await here.LoginAsync("bob");
        await one.DoAsync("set lock_timeout = 1");
        await other.DoAsync("set my.own = 'hers'");
        for (int turn = 0; turn < 3; turn++)
        {
            const string Asks = "select current_setting('lock_timeout') || ' ' || coalesce(nullif(current_setting('my.own', true), ''), '-')";
            Assert.Equal("1ms -", await one.ScalarAsync(Asks));
            Assert.Equal("0 hers", await other.ScalarAsync(Asks));
            if (turn > 0)
                Assert.Equal("0 -", await bob.ScalarAsync(Asks));
        }

        await one.DoAsync("reset all");
        Assert.Equal("0", await one.ScalarAsync("show lock_timeout"));
        Assert.Equal("hers", await other.ScalarAsync("show my.own"));
    }

    [Theory]
    [MemberData(nameof(Levels))]
    public async Task A_pinned_client_that_leaves_gives_a_wiped_server_to_its_own_identity(int major, string level)
    {
        await using Installation here = await Installation.StartAsync(major, new InstallationOptions { Level = level, DatabaseLines = "session_state = \"pin\"" });
        int server;
        await using (RawClient one = await here.LoginAsync("alice"))
        {
            server = await one.BackendIdAsync();
            await one.DoAsync("create temp table t as select 1; set lock_timeout = 1; select pg_advisory_lock(1)");
            Assert.Equal("1ms", await one.ScalarAsync("show lock_timeout"));
            Assert.Equal(server, await one.BackendIdAsync());
        }

        await using RawClient other = await here.LoginAsync("alice");
        Assert.Equal("0 -", await other.ScalarAsync("select current_setting('lock_timeout') || ' ' || coalesce(to_regclass('pg_temp.t')::text, '-')"));
        Assert.Equal("0", await other.ScalarAsync("select count(*) from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()"));
        if (level != "exclusive")
            Assert.Equal(server, await other.BackendIdAsync());
    }

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task Startup_parameters_of_one_client_do_not_stay_for_another_of_its_identity(int major)
    {
        await using Installation here = await Installation.StartAsync(major, new InstallationOptions());
        await using RawClient one = await here.LoginAsync("alice", here.Reader("alice"), ("statement_timeout", "4321ms"));
        await using RawClient other = await here.LoginAsync("alice");
        for (int turn = 0; turn < 3; turn++)
        {
            Assert.Equal("4321ms", await one.ScalarAsync("show statement_timeout"));
            Assert.Equal("0", await other.ScalarAsync("show statement_timeout"));
        }
    }
}
