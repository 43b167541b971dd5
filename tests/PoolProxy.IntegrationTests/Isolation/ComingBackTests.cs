using PoolProxy.Testing;
using PoolProxy.Testing.Postgres;
using Xunit;

namespace PoolProxy.IntegrationTests.Isolation;

/// <summary>What a client itself does to its identity's settings is undone before its next statement, however the two are sent.</summary>
public sealed class ComingBackTests(SharedInstallations installations) : IClassFixture<SharedInstallations>
{
    private static readonly string[] Resets =
    [
        "DISCARD ALL", "RESET ALL", "RESET ROLE", "SET ROLE NONE", "RESET request.jwt.claims", "SET request.jwt.claims = '{\"sub\":\"mallory\"}'",
        "SET SESSION request.jwt.claims TO '{\"sub\":\"mallory\"}'", "/* nothing */ reset all", "SELECT 1; RESET ALL", "BEGIN; RESET ALL; COMMIT",
    ];

    private const string Who = "select current_user || ' ' || coalesce(nullif(current_setting('request.jwt.claims', true), '')::json ->> 'sub', '(nobody)')";

    public static IEnumerable<object[]> Cases =>
        from major in AvailablePostgres.Found.Select(binaries => binaries.Major)
        from level in (string[])["partitioned", "set_role", "trusted"]
        from reset in Resets
        where level != "set_role" || !reset.Contains("ROLE", StringComparison.Ordinal)
        select new object[] { major, level, reset };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task After_a_reset_of_its_own_a_client_is_itself_again(int major, string level, string reset)
    {
        Installation here = await installations.OfAsync(major, level);
        await using RawClient alice = await here.LoginAsync("alice");
        await alice.DoAsync(reset);
        Assert.Equal($"{here.Readers} alice", await alice.ScalarAsync(Who));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task So_it_is_when_both_come_in_one_write(int major, string level, string reset)
    {
        Installation here = await installations.OfAsync(major, level);
        await using RawClient alice = await here.LoginAsync("alice");
        await alice.Query(reset).Query(Who).SendAsync();
        Assert.DoesNotContain(await alice.ReadUntilAsync("ReadyForQuery"), message => message.Name == "ErrorResponse");
        Assert.Equal($"{here.Readers} alice", RawClientQuestions.Said(await alice.ReadUntilAsync("ReadyForQuery")));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task And_when_both_are_batches_of_the_extended_protocol_in_one_write(int major, string level, string reset)
    {
        if (reset.Contains(';'))
        {
            return;
        }
        Installation here = await installations.OfAsync(major, level);
        await using RawClient alice = await here.LoginAsync("alice");
        await alice.Parse("", reset).Bind("", "").Execute().Sync().Parse("", Who).Bind("", "").Execute().Sync().SendAsync();
        Assert.DoesNotContain(await alice.ReadUntilAsync("ReadyForQuery"), message => message.Name == "ErrorResponse");
        Assert.Equal($"{here.Readers} alice", RawClientQuestions.Said(await alice.ReadUntilAsync("ReadyForQuery")));
    }

    [Theory]
    [MemberData(nameof(AvailablePostgres.Majors), MemberType = typeof(AvailablePostgres))]
    public async Task A_prepared_reset_is_one_too(int major)
    {
        Installation here = await installations.OfAsync(major, "partitioned");
        await using RawClient alice = await here.LoginAsync("alice");
        await alice.Parse("wipe", "RESET ALL").Sync().RoundTripAsync();
        await alice.Bind("", "wipe").Execute().Sync().Query(Who).SendAsync();
        await alice.ReadUntilAsync("ReadyForQuery");
        Assert.Equal($"{here.Readers} alice", RawClientQuestions.Said(await alice.ReadUntilAsync("ReadyForQuery")));
    }

    [Theory]
    [MemberData(nameof(AvailablePostgres.Majors), MemberType = typeof(AvailablePostgres))]
    public async Task A_reset_never_shows_more_than_the_client_itself(int major)
    {
        Installation here = await installations.OfAsync(major, "partitioned");
        await using RawClient bob = await here.LoginAsync("bob");
        await bob.DoAsync("select 1");
        await using RawClient alice = await here.LoginAsync("alice");
        // One message cannot be split: what comes behind the reset sees no claims, so no rows, and nobody else's.
        Assert.Equal("0", await alice.SaysAsync("reset request.jwt.claims; select count(*) from notes"));
        Assert.Equal("of alice", await alice.ScalarAsync("select body from notes"));
    }

    [Theory]
    [MemberData(nameof(AvailablePostgres.Majors), MemberType = typeof(AvailablePostgres))]
    public async Task What_a_rollback_takes_back_is_not_the_identity(int major)
    {
        Installation here = await installations.OfAsync(major, "partitioned");
        await using RawClient bob = await here.LoginAsync("bob");
        await bob.DoAsync("select 1");
        await using RawClient alice = await here.LoginAsync("alice");
        await alice.Query("begin").Query("select 1").Query("rollback").Query(Who).SendAsync();
        for (int i = 0; i < 3; i++)
        {
            await alice.ReadUntilAsync("ReadyForQuery");
        }
        Assert.Equal($"{here.Readers} alice", RawClientQuestions.Said(await alice.ReadUntilAsync("ReadyForQuery")));
    }

    [Theory]
    [MemberData(nameof(AvailablePostgres.Majors), MemberType = typeof(AvailablePostgres))]
    public async Task An_unnamed_statement_too_long_to_remember_outlives_the_identity_being_sent_again(int major)
    {
        await using Installation here = await Installation.StartAsync(major, new InstallationOptions { Proxy = "max_statement_bytes = 1024" });
        await using RawClient alice = await here.LoginAsync("alice", here.Reader("alice"), ("timezone", "Europe/Paris"));
        await alice.Parse("forget", "reset request.jwt.claims").Parse("travel", "set timezone = 'Asia/Tokyo'").Parse("wipe", "reset all").Sync().RoundTripAsync();
        await alice.Parse("", $"{Who} || ' ' || current_setting('timezone') -- {new string('x', 1024)}").Sync().RoundTripAsync();
        foreach ((string statement, string zone) in (IEnumerable<(string, string)>)[("forget", "Europe/Paris"), ("travel", "Asia/Tokyo"), ("wipe", "Europe/Paris"), ("forget", "Europe/Paris")])
        {
            await alice.Bind("", statement).Execute().Sync().Bind("", "").Execute().Sync().SendAsync();
            Assert.DoesNotContain(await alice.ReadUntilAsync("ReadyForQuery"), message => message.Name == "ErrorResponse");
            Assert.Equal($"{here.Readers} alice {zone}", RawClientQuestions.Said(await alice.ReadUntilAsync("ReadyForQuery")));
        }
        // Nothing of the proxy's own stays behind, and the client's statement is as it was.
        Assert.Equal("0", await alice.SaysExtendedAsync("select count(*) from pg_prepared_statements where name = 'poolproxy_prelude'"));
    }
}
