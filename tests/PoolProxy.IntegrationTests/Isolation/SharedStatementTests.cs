using PoolProxy.Testing;
using PoolProxy.Testing.Postgres;
using Xunit;

namespace PoolProxy.IntegrationTests.Isolation;

/// <summary>Named statements on servers that serve several people and roles: everybody's rows, rights and parameters are their own (isolation.md §6).</summary>
public sealed class SharedStatementTests
{
    private const string Mine = "select string_agg(body, ',') from notes";

    private const string Since = "select count(*) || ' ' || max(prepare_time) from pg_prepared_statements where statement like 'select string_agg%'";

    public static IEnumerable<object[]> Cases =>
        from major in AvailablePostgres.Found.Select(binaries => binaries.Major)
        from level in (string[])["partitioned", "set_role", "exclusive", "trusted"]
        from mode in (string[])["force_generic_plan", "force_custom_plan", "auto"]
        select new object[] { major, level, mode };

    public static IEnumerable<object[]> Majors => AvailablePostgres.Majors;

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Plans_of_one_never_serve_another(int major, string level, string planCacheMode)
    {
        await using Installation here = await Installation.StartAsync(
            major, InstallationOptions.Of(level) with { PoolSize = level == "exclusive" ? 3 : 1, DatabaseLines = $"settings = {{ plan_cache_mode = \"{planCacheMode}\" }}" });
        await using RawClient alice = await here.LoginAsync("alice");
        await using RawClient bob = await here.LoginAsync("bob");
        await using RawClient carol = await here.LoginAsync("carol", here.Writer("carol"));
        (RawClient Client, string Subject, string Role)[] people = [(alice, "alice", here.Readers), (bob, "bob", here.Readers), (carol, "carol", here.Writers)];
        foreach ((RawClient client, _, _) in people)
        {
            await client.Parse("mine", Mine).Parse("me", "select current_user::text").Parse("add", "insert into notes (owner, body) values ($1, 'added')").Sync().RoundTripAsync();
        }
        // PostgreSQL itself makes a generic plan at the sixth use.
        for (int turn = 0; turn < 8; turn++)
        {
            foreach ((RawClient client, string subject, string role) in people)
            {
                string expected = subject == "carol" ? "(null)" : $"of {subject}";
                Assert.Equal(expected, RawClientQuestions.Said(await client.Bind("", "mine").Execute().Sync().RoundTripAsync()));
                Assert.Equal(role, RawClientQuestions.Said(await client.Bind("", "me").Execute().Sync().RoundTripAsync()));
            }
            // She may read only, and he may write what is his own only.
            Assert.Equal("42501", RawClientQuestions.Said(await alice.Bind("", "add", "alice").Execute().Sync().RoundTripAsync()));
            Assert.Equal("42501", RawClientQuestions.Said(await carol.Bind("", "add", "bob").Execute().Sync().RoundTripAsync()));
        }
    }

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task Those_who_trust_each_other_find_what_the_other_has_prepared(int major)
    {
        await using Installation here = await Installation.StartAsync(major, InstallationOptions.Of("trusted"));
        await using RawClient alice = await here.LoginAsync("alice");
        await using RawClient bob = await here.LoginAsync("bob");
        await alice.Parse("hers", Mine).Sync().RoundTripAsync();
        int server = await alice.BackendIdAsync();
        await bob.Parse("his", Mine).Sync().RoundTripAsync();
        string since = (await bob.ScalarAsync(Since))!;
        Assert.StartsWith("1 ", since, StringComparison.Ordinal);
        for (int turn = 0; turn < 3; turn++)
        {
            Assert.Equal("of alice", RawClientQuestions.Said(await alice.Bind("", "hers").Execute().Sync().RoundTripAsync()));
            Assert.Equal("of bob", RawClientQuestions.Said(await bob.Bind("", "his").Execute().Sync().RoundTripAsync()));
        }
        Assert.Equal(server, await bob.BackendIdAsync());
        Assert.Equal(since, await alice.ScalarAsync(Since));
    }

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task Others_do_not_and_see_no_text_of_it(int major)
    {
        await using Installation here = await Installation.StartAsync(major);
        await using RawClient alice = await here.LoginAsync("alice");
        await using RawClient bob = await here.LoginAsync("bob");
        await alice.Parse("hers", Mine).Sync().RoundTripAsync();
        await alice.DoAsync("prepare by_sql as select 'her secret'");
        Assert.Equal("0", await bob.ScalarAsync("select count(*) from pg_prepared_statements"));
        Assert.Equal("of alice", RawClientQuestions.Said(await alice.Bind("", "hers").Execute().Sync().RoundTripAsync()));
    }

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task The_first_statement_of_the_next_one_runs_outside_of_the_wiping(int major)
    {
        await using Installation here = await Installation.StartAsync(major, InstallationOptions.Of("trusted"));
        await using RawClient alice = await here.LoginAsync("alice");
        await using RawClient bob = await here.LoginAsync("bob");
        for (int turn = 0; turn < 2; turn++)
        {
            await alice.DoAsync("create temp table hers (x int)");
            await bob.DoAsync("vacuum notes");
            await alice.DoAsync("rollback");
            await bob.DoAsync("rollback");
            Assert.Equal("bob", await bob.SaysAsync(RawClientQuestions.Subject));
        }
    }
}
