using PoolProxy.Testing;
using PoolProxy.Testing.Postgres;
using PoolProxy.Testing.Proxy;
using PoolProxy.Testing.Wire;
using Xunit;

namespace PoolProxy.IntegrationTests.Isolation;

/// <summary>What each level stops, and what it does not (isolation.md §1).</summary>
public sealed class LevelTests(SharedInstallations installations) : IClassFixture<SharedInstallations>
{
    private static readonly string[] RoleChanges =
    [
        "SET ROLE {0}", "SET LOCAL ROLE {0}", "set session role {0}", "SET ROLE NONE", "RESET ROLE", "SET SESSION AUTHORIZATION DEFAULT", "RESET SESSION AUTHORIZATION",
        "/* x */ set -- y\n role {0}", "select 1; set role {0}", "select set_config('role', '{0}', false)", "SELECT pg_catalog.set_config('role', '{0}', true)",
        "SET \"role\" = {0}",
    ];

    public static IEnumerable<object[]> Changes =>
        from major in AvailablePostgres.Found.Select(binaries => binaries.Major)
        from change in RoleChanges
        select new object[] { major, change };

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task Under_set_role_a_change_of_role_that_can_be_seen_is_refused(int major, string change)
    {
        Installation here = await installations.OfAsync(major, "set_role");
        await using RawClient alice = await here.LoginAsync("alice");
        IReadOnlyList<WireMessage> refused = await alice.QueryAsync(string.Format(change, here.Writers));
        Assert.Equal(["ErrorResponse", "ReadyForQuery"], refused.Select(message => message.Name));
        Assert.Equal("42501", refused[0].SqlState);
        Assert.Equal("ReadyForQuery I", refused[1].ToString());
        Assert.Equal(here.Readers, await alice.ScalarAsync("select current_user"));
    }

    [Theory]
    [MemberData(nameof(AvailablePostgres.Majors), MemberType = typeof(AvailablePostgres))]
    public async Task So_is_set_config_by_a_FunctionCall_and_other_functions_can_be_called(int major)
    {
        Installation here = await installations.OfAsync(major, "set_role");
        await using RawClient alice = await here.LoginAsync("alice");
        await alice.DoAsync("begin");
        IReadOnlyList<WireMessage> refused = await alice.Put($"""FunctionCall 2078 () ("role" "{here.Writers}" "f") 0""").RoundTripAsync();
        Assert.Equal("42501", refused[0].SqlState);
        Assert.Equal("ReadyForQuery E", refused[^1].ToString());
        await alice.DoAsync("rollback");
        Assert.Equal("FunctionCallResponse", (await alice.Put("""FunctionCall 177 () ("20" "22") 0""").RoundTripAsync())[0].Name);
        Assert.Equal(here.Readers, await alice.ScalarAsync("select current_user"));
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task So_it_is_by_the_extended_protocol(int major, string change)
    {
        Installation here = await installations.OfAsync(major, "set_role");
        await using RawClient alice = await here.LoginAsync("alice");
        foreach (string name in (string[])["", "named"])
        {
            IReadOnlyList<WireMessage> refused =
                await alice.Parse(name, string.Format(change, here.Writers)).Bind("", name).Execute().Sync().RoundTripAsync();
            Assert.Equal(["ErrorResponse", "ReadyForQuery"], refused.Select(message => message.Name));
            Assert.Equal("42501", refused[0].SqlState);
        }
        Assert.Equal(here.Readers, await alice.ScalarAsync("select current_user"));
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task A_refused_change_of_role_fails_its_transaction(int major, string change)
    {
        Installation here = await installations.OfAsync(major, "set_role");
        await using RawClient alice = await here.LoginAsync("alice");
        await alice.DoAsync("begin");
        IReadOnlyList<WireMessage> refused = await alice.QueryAsync(string.Format(change, here.Writers));
        Assert.Equal("42501", refused[0].SqlState);
        Assert.Equal("ReadyForQuery E", refused[^1].ToString());
        Assert.Equal("25P02", await alice.SaysAsync("select 1"));
        await alice.DoAsync("rollback");
        Assert.Equal(here.Readers, await alice.ScalarAsync("select current_user"));
    }

    /// <summary>
    /// DISCARD ALL takes the session back to its login, and only the Sync behind it gives the proxy the turn to send the identity again. In the same
    /// batch another statement would run as the login of all roles.
    /// </summary>
    [Theory]
    [MemberData(nameof(AvailablePostgres.Majors), MemberType = typeof(AvailablePostgres))]
    public async Task Under_set_role_nothing_runs_behind_DISCARD_ALL_in_its_own_batch(int major)
    {
        Installation here = await installations.OfAsync(major, "set_role");
        foreach (string name in (string[])["", "wipe"])
        {
            await using RawClient alice = await here.LoginAsync("alice");
            foreach (Action<RawClient> puts in (Action<RawClient>[])[PutQuery, PutExtended, PutPrepared])
            {
                await alice.Parse("who", "select current_user").Sync().RoundTripAsync();
                alice.Parse(name, "discard all").Bind("", name).Execute();
                puts(alice);
                IReadOnlyList<WireMessage> answers = await alice.RoundTripAsync();
                Assert.Empty(answers.Rows());
                Assert.Equal(here.Readers, await alice.ScalarAsync("select current_user"));
            }
        }

        static void PutQuery(RawClient client) => client.Query("select current_user");
        static void PutExtended(RawClient client) => client.Parse("", "select current_user").Bind("", "").Execute().Sync();
        static void PutPrepared(RawClient client) => client.Bind("", "who").Execute().Sync();
    }

    [Theory]
    [MemberData(nameof(AvailablePostgres.Majors), MemberType = typeof(AvailablePostgres))]
    public async Task In_session_mode_too_what_follows_a_prepared_DISCARD_ALL_waits_for_the_identity(int major)
    {
        await using Installation here = await Installation.StartAsync(
            major, new InstallationOptions { Level = "set_role", DatabaseLines = "pool_mode = \"session\"" });
        await using RawClient alice = await here.LoginAsync("alice");
        await alice.Parse("wipe", "discard all").Sync().RoundTripAsync();
        await alice.Bind("", "wipe").Execute().Sync().Query("select current_user").SendAsync();
        await alice.ReadUntilAsync("ReadyForQuery");
        Assert.Equal([here.Readers], (await alice.ReadUntilAsync("ReadyForQuery")).Rows());
        await alice.Parse("wipe", "discard all").Sync().RoundTripAsync();
        Assert.Empty((await alice.Bind("", "wipe").Execute().Parse("", "select current_user").Bind("", "").Execute().Sync().RoundTripAsync()).Rows());
        Assert.Equal(here.Readers, await alice.ScalarAsync("select current_user"));
    }

    [Theory]
    [MemberData(nameof(AvailablePostgres.Majors), MemberType = typeof(AvailablePostgres))]
    public async Task Nor_where_names_pass_untracked_and_the_statement_is_another_clients(int major)
    {
        await using Installation here = await Installation.StartAsync(
            major, new InstallationOptions { Level = "set_role", Proxy = "max_prepared_statements = 0" });
        await using RawClient first = await here.LoginAsync("alice");
        await using RawClient second = await here.LoginAsync("alice");
        await first.Parse("wipe", "discard all").Sync().RoundTripAsync();
        Assert.Empty((await second.Bind("", "wipe").DescribePortal().Execute().Parse("", "select current_user").Bind("", "").Execute().Sync().RoundTripAsync()).Rows());
        await first.Parse("wipe", "discard all").Sync().RoundTripAsync();
        await second.Bind("", "wipe").Execute().Sync().Query("select current_user").SendAsync();
        await second.ReadUntilAsync("ReadyForQuery");
        Assert.Equal([here.Readers], (await second.ReadUntilAsync("ReadyForQuery")).Rows());
    }

    [Theory]
    [MemberData(nameof(AvailablePostgres.Majors), MemberType = typeof(AvailablePostgres))]
    public async Task Under_set_role_what_a_block_hides_is_gone_with_the_next_identity(int major)
    {
        Installation here = await installations.OfAsync(major, "set_role");
        await using RawClient alice = await here.LoginAsync("alice");
        await alice.DoAsync($"do $$ begin execute 'set ro' || 'le {here.Writers}'; end $$");
        await using RawClient bob = await here.LoginAsync("bob");
        Assert.Equal(here.Readers, await bob.ScalarAsync("select current_user"));
    }

    [Theory]
    [MemberData(nameof(AvailablePostgres.Majors), MemberType = typeof(AvailablePostgres))]
    public async Task Under_partitioned_PostgreSQL_itself_denies_another_role(int major)
    {
        Installation here = await installations.OfAsync(major, "partitioned");
        await using RawClient alice = await here.LoginAsync("alice");
        Assert.Equal("42501", await alice.SaysAsync($"set role {here.Writers}"));
        Assert.Equal("42501", await alice.SaysAsync($"select set_config('ro' || 'le', '{here.Writers}', false)"));
        Assert.Equal("42501", await alice.SaysAsync($"do $$ begin execute 'set ro' || 'le {here.Writers}'; end $$"));
        Assert.Equal("42501", await alice.SaysAsync("do $$ begin set local role none; perform count(*) from notes; end $$"));
        Assert.Equal(here.Readers, await alice.ScalarAsync("select current_user"));
    }

    [Theory]
    [MemberData(nameof(AvailablePostgres.Majors), MemberType = typeof(AvailablePostgres))]
    public async Task Roles_have_logins_of_their_own_under_partitioned(int major)
    {
        Installation here = await installations.OfAsync(major, "partitioned");
        await using RawClient alice = await here.LoginAsync("alice");
        await using RawClient wendy = await here.LoginAsync("wendy", here.Writer("wendy"));
        Assert.Equal($"{here.Readers} {here.Database.Role("pp_readers")}", await alice.ScalarAsync("select current_user || ' ' || session_user"));
        Assert.Equal($"{here.Writers} {here.Database.Role("pp_writers")}", await wendy.ScalarAsync("select current_user || ' ' || session_user"));
    }

    [Theory]
    [MemberData(nameof(AvailablePostgres.Majors), MemberType = typeof(AvailablePostgres))]
    public async Task Under_set_role_one_session_serves_both_roles(int major)
    {
        Installation here = await installations.OfAsync(major, "set_role");
        await using RawClient alice = await here.LoginAsync("alice");
        await using RawClient wendy = await here.LoginAsync("wendy", here.Writer("wendy"));
        const string asks = "select current_user || ' ' || pg_backend_pid()";
        int shared = await alice.BackendIdAsync();
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal($"{here.Readers} {shared}", await alice.ScalarAsync(asks));
            Assert.Equal($"{here.Writers} {shared}", await wendy.ScalarAsync(asks));
        }
    }

    [Theory]
    [MemberData(nameof(AvailablePostgres.Majors), MemberType = typeof(AvailablePostgres))]
    public async Task Under_exclusive_nobody_gets_a_session_that_served_another(int major)
    {
        await using Installation here = await Installation.StartAsync(major, new InstallationOptions { Level = "exclusive", PoolSize = 1 });
        await using RawClient alice = await here.LoginAsync("alice");
        await using RawClient bob = await here.LoginAsync("bob");
        var hers = new HashSet<int>();
        var his = new HashSet<int>();
        for (int i = 0; i < 4; i++)
        {
            hers.Add(await alice.BackendIdAsync());
            his.Add(await bob.BackendIdAsync());
        }
        Assert.Empty(hers.Intersect(his));
        // The one closed last may still be on its way out.
        await WaitFor.EqualAsync("1", () => here.Database.QueryAsync<string>($"select count(*)::text from pg_stat_activity where usename = '{here.Login}'"));
    }

    [Theory]
    [MemberData(nameof(AvailablePostgres.Majors), MemberType = typeof(AvailablePostgres))]
    public async Task Under_exclusive_one_free_session_makes_room_for_one(int major)
    {
        await using Installation here = await Installation.StartAsync(major, new InstallationOptions { Level = "exclusive", PoolSize = 2 });
        await using RawClient alice = await here.LoginAsync("alice");
        await using RawClient bob = await here.LoginAsync("bob");
        await using RawClient carol = await here.LoginAsync("carol");
        await bob.DoAsync("begin");
        await alice.DoAsync("select 1");
        await carol.DoAsync("begin");
        await alice.Query("select 'served'").SendAsync();
        await WaitFor.EqualAsync("2", () => here.Database.QueryAsync<string>($"select count(*)::text from pg_stat_activity where usename = '{here.Login}'"));
        Assert.Equal(0, alice.Stream.Socket.Available);
        await carol.DoAsync("commit");
        Assert.Equal("served", RawClientQuestions.Said(await alice.ReadUntilAsync("ReadyForQuery")));
    }

    [Theory]
    [InlineData("max_db_connections = 1", "")]
    [InlineData("", "max_user_connections = 1")]
    public async Task Under_exclusive_a_free_session_makes_room_where_a_limit_over_pools_is_reached(string databaseLines, string proxyLines)
    {
        await using Installation here = await Installation.StartAsync(
            AvailablePostgres.Found[^1].Major, new InstallationOptions { Level = "exclusive", PoolSize = 20, DatabaseLines = databaseLines, Proxy = proxyLines + "\nquery_wait_timeout = 0" });
        await using RawClient alice = await here.LoginAsync("alice");
        await using RawClient bob = await here.LoginAsync("bob");
        int hers = await alice.BackendIdAsync();
        Assert.NotEqual(hers, await bob.BackendIdAsync());
        Assert.NotEqual(hers, await alice.BackendIdAsync());
    }

    [Theory]
    [MemberData(nameof(AvailablePostgres.Majors), MemberType = typeof(AvailablePostgres))]
    public async Task Under_exclusive_everyone_keeps_a_session_while_there_is_room(int major)
    {
        await using Installation here = await Installation.StartAsync(major, new InstallationOptions { Level = "exclusive", PoolSize = 2 });
        await using RawClient alice = await here.LoginAsync("alice");
        await using RawClient bob = await here.LoginAsync("bob");
        int hers = await alice.BackendIdAsync();
        int his = await bob.BackendIdAsync();
        Assert.NotEqual(hers, his);
        await using RawClient again = await here.LoginAsync("alice");
        Assert.Equal(hers, await alice.BackendIdAsync());
        Assert.Equal(his, await bob.BackendIdAsync());
        Assert.Equal(hers, await again.BackendIdAsync());
    }

    [Theory]
    [MemberData(nameof(AvailablePostgres.Majors), MemberType = typeof(AvailablePostgres))]
    public async Task Under_none_a_setting_stays_as_it_does_with_PgBouncer(int major)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(Sandbox.Postgres.PostgresWish.Exactly(major));
        await database.ExecuteAsync($"create role {database.Role("app")} login");
        await using ProxyUnderTest proxy = await ProxyUnderTest.StartAsync(place => $"""
            [proxy]
            listen_addr = "127.0.0.1"
            listen_port = {place.Port}
            unix_socket_dir = ""
            auth_type = "any"
            pool_mode = "transaction"
            default_pool_size = 1
            [databases.{database.Name}]
            host = "127.0.0.1"
            port = {database.Cluster.Port}
            user = "{database.Role("app")}"
            """);
        await using RawClient one = await proxy.LoginAsync("one", database.Name);
        await one.DoAsync("set work_mem = '77MB'");
        await using RawClient other = await proxy.LoginAsync("other", database.Name);
        Assert.Equal("77MB", await other.ScalarAsync("show work_mem"));
    }

    [Theory]
    [MemberData(nameof(AvailablePostgres.Majors), MemberType = typeof(AvailablePostgres))]
    public async Task With_reset_client_two_clients_of_one_identity_are_kept_apart_too(int major)
    {
        await using Installation here = await Installation.StartAsync(major, new InstallationOptions { DatabaseLines = "reset = \"client\"" });
        await using RawClient one = await here.LoginAsync("alice");
        await one.DoAsync("select set_config('work_mem', '77MB', false)");
        int pid = await one.BackendIdAsync();
        await using RawClient other = await here.LoginAsync("alice");
        Assert.Equal("4MB", await other.ScalarAsync("show work_mem"));
        Assert.Equal(pid, await other.BackendIdAsync());
    }
}
