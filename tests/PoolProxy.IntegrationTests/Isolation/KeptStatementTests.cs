using PoolProxy.Testing;
using PoolProxy.Testing.Postgres;
using Xunit;

namespace PoolProxy.IntegrationTests.Isolation;

/// <summary><c>cache_unnamed_statements</c> never lets one identity's answers or rights reach another (isolation.md §6).</summary>
public sealed class KeptStatementTests
{
    public static IEnumerable<object[]> Cases =>
        from major in AvailablePostgres.Found.Select(binaries => binaries.Major)
        from level in (string[])["partitioned", "set_role", "exclusive"]
        select new object[] { major, level };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Each_person_and_each_role_sees_its_own(int major, string level)
    {
        await using Installation here = await Installation.StartAsync(major, new InstallationOptions { Level = level, DatabaseLines = "cache_unnamed_statements = true" });
        await using RawClient alice = await here.LoginAsync("alice");
        await using RawClient bob = await here.LoginAsync("bob");
        await using RawClient carol = await here.LoginAsync("carol", here.Writer("carol"));
        const string mine = "select string_agg(body, ',') from notes";
        const string me = "select current_user::text";
        for (int turn = 0; turn < 4; turn++)
        {
            Assert.Equal("of alice", await alice.SaysExtendedAsync(mine));
            Assert.Equal("of alice", await alice.SaysExtendedAsync(mine));
            Assert.Equal("of bob", await bob.SaysExtendedAsync(mine));
            Assert.Equal("of bob", await bob.SaysExtendedAsync(mine));
            Assert.Equal("(null)", await carol.SaysExtendedAsync(mine));
            Assert.Equal(here.Readers, await bob.SaysExtendedAsync(me));
            Assert.Equal(here.Writers, await carol.SaysExtendedAsync(me));
            Assert.Equal("42501", await alice.SaysExtendedAsync("insert into notes (owner, body) values ('x', 'y') returning id"));
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task What_a_predecessor_put_in_place_of_a_copy_is_never_run_for_the_next(int major, string level)
    {
        await using Installation here = await Installation.StartAsync(major, new InstallationOptions { Level = level, DatabaseLines = "cache_unnamed_statements = true" });
        await using RawClient alice = await here.LoginAsync("alice");
        await using RawClient bob = await here.LoginAsync("bob");
        for (int turn = 0; turn < 3; turn++)
        {
            Assert.Equal("mine", await alice.SaysExtendedAsync("select 'mine'"));
            Assert.Equal("mine", await bob.SaysExtendedAsync("select 'mine'"));
        }
        string name = (await bob.ScalarAsync("select name from pg_prepared_statements where statement = 'select ''mine''' limit 1")) ?? "poolproxy_1";
        // Where it can be seen it is refused.
        Assert.Equal("42939", await bob.SaysAsync($"deallocate {name}; prepare {name} as select 'evil'"));
        await bob.DoAsync($"do $$ begin execute 'deallocate {name}'; execute 'prepare {name} as select ''evil'''; end $$");
        Assert.Equal("mine", await alice.SaysExtendedAsync("select 'mine'"));
    }
}
