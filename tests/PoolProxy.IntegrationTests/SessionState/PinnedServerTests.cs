using PoolProxy.IntegrationTests.Statements;
using PoolProxy.Testing;
using PoolProxy.Testing.Postgres;
using PoolProxy.Testing.Wire;
using Xunit;

namespace PoolProxy.IntegrationTests.SessionState;

/// <summary><c>session_state = "pin"</c>: a client keeps its server for as long as it has something there that no other server has.</summary>
public sealed class PinnedServerTests
{
    private static readonly (string Makes, string Ends, string Shown)[] States =
    [
        ("set lock_timeout = 5", "reset lock_timeout", "setting"),
        ("set my.own = 'x'", "reset all", "setting"),
        ("set session characteristics as transaction isolation level serializable", "discard all", "setting"),
        ("create temp table t (i int)", "drop table t", "temporary object"),
        ("create temporary table if not exists t (i int)", "discard temp", "temporary object"),
        ("create temp view v as select 1", "drop view if exists pg_temp.v", "temporary object"),
        ("select 1 as a into temp u", "discard all", "temporary object"),
        ("declare c cursor with hold for select 1", "close c", "cursor with hold"),
        ("declare d scroll cursor with hold for select 1", "close all", "cursor with hold"),
        ("select pg_advisory_lock(42)", "select pg_advisory_unlock_all()", "advisory lock"),
        ("select pg_try_advisory_lock_shared(42, 1)", "discard all", "advisory lock"),
        ("prepare p as select 1", "deallocate p", "prepared statement"),
        ("prepare p (int) as select $1", "deallocate all", "prepared statement"),
    ];

    public static IEnumerable<object[]> Cases =>
        from major in AvailablePostgres.Found.Select(binaries => binaries.Major)
        from way in ((string Policy, string Protocol)[])[("pin", "simple"), ("pin", "unnamed"), ("pin", "named"), ("track", "simple")]
        from state in States
        where way.Policy == "pin" || state.Shown != "setting"
        select new object[] { major, way.Protocol, way.Policy, state.Makes, state.Ends, state.Shown };

    public static IEnumerable<object[]> Leavings =>
        from major in AvailablePostgres.Found.Select(binaries => binaries.Major)
        from state in States
        select new object[] { major, state.Makes, state.Shown };

    public static IEnumerable<object[]> Majors => AvailablePostgres.Majors;

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_client_keeps_its_server_until_its_state_is_gone(int major, string protocol, string policy, string makes, string ends, string shown)
    {
        await using KeptPlace place = await StatePlaces.StartAsync(major, policy, size: 2);
        await using RawClient one = await place.LoginAsync();
        await using RawClient other = await place.LoginAsync();
        int server = await one.ServerIdAsync();
        Assert.Equal("", (await one.RunAsync(protocol, makes)).SqlState());
        Assert.Equal("this session keeps its server connection", (await one.ExpectAsync("NoticeResponse")).ErrorText);
        Assert.Equal([shown, ""], await place.PinnedAsync());
        Assert.NotEqual(server, await other.ServerIdAsync());
        Assert.Equal(server, await one.ServerIdAsync());
        Assert.Equal("", (await one.RunAsync(protocol, ends)).SqlState());
        Assert.Equal(["", ""], await place.PinnedAsync());

        // Told once.
        Assert.Equal("", (await one.RunAsync(protocol, makes)).SqlState());
        Assert.DoesNotContain("NoticeResponse", (await one.QueryAsync("select 1")).Names(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Leavings))]
    public async Task Nobody_meets_what_a_client_has_left_that_leaves(int major, string makes, string shown)
    {
        await using KeptPlace place = await StatePlaces.StartAsync(major, "pin");
        int server;
        await using (RawClient one = await place.LoginAsync())
        {
            server = await one.ServerIdAsync();
            await one.QueryAsync(makes);
            Assert.Equal([shown], await place.PinnedAsync());
        }

        await using RawClient other = await place.LoginAsync();
        Assert.NotEqual(server, await other.ServerIdAsync());
    }

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task A_rollback_ends_the_pin_of_what_it_undoes_and_of_nothing_else(int major)
    {
        await using KeptPlace place = await StatePlaces.StartAsync(major, "pin", size: 2);
        await using RawClient one = await place.LoginAsync();
        foreach ((string script, string shown) in ((string, string)[])[
            ("begin; create temp table t (i int); set lock_timeout = 1; declare c cursor with hold for select 1; listen x; rollback", ""),
            ("begin; create temp table t (i int); commit; begin; drop table t; rollback", "temporary object"),
            ("discard all", ""),
            ("begin; create temp table t (i int) on commit drop; set local lock_timeout = 1; declare c cursor for select 1; commit", ""),
            ("begin; select pg_advisory_xact_lock(1); select set_config('my.own', 'x', true); commit", ""),
            ("begin; prepare p as select 1; select pg_advisory_lock(1); rollback", "advisory lock, prepared statement"),
            ("deallocate p; select pg_advisory_unlock_all()", ""),
            ("begin; savepoint a; create temp table t (i int); rollback to a; commit", ""),
            ("begin; create temp table t (i int); select 'x'::int; commit", ""),
            ("begin; listen a; unlisten a; commit", ""),
        ])
        {
            foreach (string statement in script.Split("; "))
                await one.QueryAsync(statement);
            Assert.Equal((script, shown), (script, (await place.PinnedAsync())[0]));
        }

        await one.QueryAsync("select pg_advisory_lock(1); select 'x'::int");
        Assert.Equal(["advisory lock"], await place.PinnedAsync());
        await one.QueryAsync("discard all");
        await one.QueryAsync("create temp table t (i int); select 'x'::int");
        Assert.Equal([""], await place.PinnedAsync());
    }

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task A_client_whose_server_dies_is_told_that_its_session_is_over(int major)
    {
        await using KeptPlace place = await StatePlaces.StartAsync(major, "pin");
        await using RawClient one = await place.LoginAsync();
        await one.QueryAsync("create temp table t (i int)");
        await place.Database.ExecuteAsync($"select pg_terminate_backend({await one.ServerIdAsync()})");
        IReadOnlyList<WireMessage> end = await one.ReadToEndAsync();
        Assert.Equal("08006", end.SqlState());
        await using RawClient other = await place.LoginAsync();
        Assert.Equal("1", await other.ScalarAsync("select 1"));
    }

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task A_client_that_vanishes_in_its_transaction_leaves_nothing(int major)
    {
        await using KeptPlace place = await StatePlaces.StartAsync(major, "pin");
        RawClient one = await place.LoginAsync();
        await one.QueryAsync("begin");
        await one.QueryAsync("select pg_advisory_lock(7)");
        await one.DisposeAsync();
        await using RawClient other = await place.LoginAsync();
        await WaitFor.EqualAsync("t", () => other.ScalarAsync("select pg_try_advisory_lock(7)"));
    }

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task A_pipeline_waits_for_what_becomes_of_state(int major)
    {
        await using KeptPlace place = await StatePlaces.StartAsync(major, "pin", size: 2);
        await using RawClient one = await place.LoginAsync();
        foreach (string sql in (string[])["create temp table t (i int)", "insert into t values (1)", "select count(*) from t", "drop table t", "select 'x'::int"])
            one.Parse("", sql).Bind("", "").Execute().Sync();
        await one.SendAsync();
        var rows = new List<string?>();
        for (int i = 0; i < 5; i++)
            rows.AddRange((await one.ReadUntilAsync("ReadyForQuery")).Rows());
        Assert.Equal(["1"], rows);
        Assert.Equal([""], await place.PinnedAsync());
    }
}
