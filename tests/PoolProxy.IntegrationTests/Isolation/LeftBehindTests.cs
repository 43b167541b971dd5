using PoolProxy.Testing;
using PoolProxy.Testing.Postgres;
using Xunit;

namespace PoolProxy.IntegrationTests.Isolation;

/// <summary>Alice leaves something in the session of the only server; bob, of the same role, is served by that very session and meets nothing of it.</summary>
public sealed class LeftBehindTests(SharedInstallations installations) : IClassFixture<SharedInstallations>
{
    public static IEnumerable<object[]> Cases =>
        from major in AvailablePostgres.Found.Select(binaries => binaries.Major)
        from level in (string[])["partitioned", "set_role", "trusted"]
        from state in LeftBehind.States.Keys
        where level != "set_role" || state is not ("no role" or "a setting made by an update")

        // These are what trusted means to keep.
        where level != "trusted" || !state.StartsWith("a prepared statement", StringComparison.Ordinal)
        select new object[] { major, level, state };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task What_one_leaves_behind_the_other_does_not_meet(int major, string level, string state)
    {
        Installation here = await installations.OfAsync(major, level);
        (string does, string asks, string mustSay) = LeftBehind.States[state];
        await using RawClient alice = await here.LoginAsync("alice");
        int hers = await alice.BackendIdAsync();
        await alice.DoAsync(does);
        await using RawClient bob = await here.LoginAsync("bob");
        Assert.Equal(mustSay, await bob.SaysAsync(asks));
        Assert.Equal(hers, await bob.BackendIdAsync());
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Nor_does_he_meet_it_by_the_extended_protocol(int major, string level, string state)
    {
        Installation here = await installations.OfAsync(major, level);
        (string does, string asks, string mustSay) = LeftBehind.States[state];
        await using RawClient alice = await here.LoginAsync("alice");
        int hers = await alice.BackendIdAsync();
        await alice.SaysExtendedAsync("select 1");
        await alice.DoAsync(does);
        await using RawClient bob = await here.LoginAsync("bob");
        Assert.Equal(mustSay, await bob.SaysExtendedAsync(asks));
        Assert.Equal(hers, await bob.BackendIdAsync());
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Nor_when_he_was_there_before_her(int major, string level, string state)
    {
        Installation here = await installations.OfAsync(major, level);
        (string does, string asks, string mustSay) = LeftBehind.States[state];
        await using RawClient bob = await here.LoginAsync("bob");
        int his = await bob.BackendIdAsync();
        await using RawClient alice = await here.LoginAsync("alice");
        await alice.DoAsync(does);
        Assert.Equal(mustSay, await bob.SaysAsync(asks));
        Assert.Equal(his, await bob.BackendIdAsync());
    }

    /// <summary>An administrator's reset query may wipe less than DISCARD ALL; it must not pass for the wiping between two identities.</summary>
    [Theory]
    [MemberData(nameof(AvailablePostgres.Majors), MemberType = typeof(AvailablePostgres))]
    public async Task Nothing_stays_behind_a_server_reset_query_that_wipes_nothing(int major)
    {
        await using Installation here = await Installation.StartAsync(
            major, new InstallationOptions { Proxy = "server_reset_query = \"select 'reset'\"", DatabaseLines = "pool_mode = \"session\"" });
        int server;
        await using (RawClient alice = await here.LoginAsync("alice"))
        {
            await alice.DoAsync("create temp table secrets as select 'x' as x; set my.secret = 'token'");
            server = await alice.BackendIdAsync();
        }
        await using RawClient bob = await here.LoginAsync("bob");
        Assert.Equal("(none) (none)", await bob.ScalarAsync(
            "select coalesce(to_regclass('pg_temp.secrets')::text, '(none)') || ' ' || coalesce(nullif(current_setting('my.secret', true), ''), '(none)')"));
        Assert.Equal(server, await bob.BackendIdAsync());
    }
}
