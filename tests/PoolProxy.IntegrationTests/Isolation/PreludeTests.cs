using System.Text.Json;
using PoolProxy.Sandbox.Issuers;
using PoolProxy.Testing;
using PoolProxy.Testing.Postgres;
using Xunit;

namespace PoolProxy.IntegrationTests.Isolation;

/// <summary>The prelude on a real server: values that try to be SQL, and roles that are taken away.</summary>
public sealed class PreludeTests(SharedInstallations installations) : IClassFixture<SharedInstallations>
{
    private static readonly string[] HostileNames =
    [
        "o'brien", "'; reset role; --", "\\'; drop table notes; --", "\\", "\\\\'", "x\\' || (select 1) || '", "line\nfeed\r\n\ttab", "\u0001\u001f", "\"quoted\"", "$$x$$", "{}[],:",
        "żółć ☃ 𝄞", "\u202E\u0000".Replace("\0", ""), "E'\\047'", "%s%n", ";;;", "/*", "--", "\u00e9\u0301",
    ];

    public static IEnumerable<object[]> Hostile =>
        from major in AvailablePostgres.Found.Select(binaries => binaries.Major)
        from number in Enumerable.Range(0, HostileNames.Length)
        select new object[] { major, number };

    [Theory]
    [MemberData(nameof(Hostile))]
    public async Task A_claim_reaches_SQL_as_it_is_whatever_it_holds(int major, int number)
    {
        Installation here = await installations.OfAsync(major, "partitioned");
        string name = HostileNames[number];
        await using RawClient trickster = await here.LoginAsync("trickster");
        await trickster.DoAsync("select set_config('standard_conforming_strings', 'off', false), set_config('backslash_quote', 'on', false)");
        await using RawClient client = await here.LoginAsync("alice", here.Reader("alice").Claim("email", name));
        string claims = (await client.ScalarAsync("select current_setting('request.jwt.claims')"))!;
        Assert.Equal(name, JsonDocument.Parse(claims).RootElement.GetProperty("email").GetString());
        Assert.Equal("alice", await client.ScalarAsync(RawClientQuestions.Subject));
        Assert.All(claims, letter => Assert.InRange(letter, ' ', '~'));
    }

    [Theory]
    [MemberData(nameof(AvailablePostgres.Majors), MemberType = typeof(AvailablePostgres))]
    public async Task A_subject_with_control_characters_is_nobodys(int major)
    {
        Installation here = await installations.OfAsync(major, "partitioned");
        Assert.Equal("28P01", (await here.TryLoginAsync(here.Readers, here.Reader("line\nfeed"))).Error?.SqlState);
    }

    public static IEnumerable<object[]> HostileSubjects => Hostile.Where(values => !HostileNames[(int)values[1]].Any(char.IsControl));

    [Theory]
    [MemberData(nameof(HostileSubjects))]
    public async Task So_does_a_subject(int major, int number)
    {
        Installation here = await installations.OfAsync(major, "partitioned");
        TokenBuilder token = here.Reader(HostileNames[number]);
        await using RawClient client = await here.LoginAsync(here.Readers, token);
        await client.DoAsync("select set_config('standard_conforming_strings', 'off', false)");
        Assert.Equal(HostileNames[number], await client.ScalarAsync(RawClientQuestions.Subject));
        string application = (await client.ScalarAsync("show application_name"))!;
        Assert.InRange(application.Length, 1, 63);
        Assert.All(application, letter => Assert.InRange(letter, ' ', '~'));
    }

    [Theory]
    [MemberData(nameof(AvailablePostgres.Majors), MemberType = typeof(AvailablePostgres))]
    public async Task Only_exposed_claims_reach_SQL(int major)
    {
        Installation here = await installations.OfAsync(major, "partitioned");
        await using RawClient client = await here.LoginAsync("alice", here.Reader("alice").Claim("email", "a@example.com").Claim("salary", "secret"));
        JsonElement claims = JsonDocument.Parse((await client.ScalarAsync("show request.jwt.claims"))!).RootElement;
        Assert.Equal(["email", "groups", "sub"], claims.EnumerateObject().Select(claim => claim.Name).Order());
    }

    [Theory]
    [MemberData(nameof(AvailablePostgres.Majors), MemberType = typeof(AvailablePostgres))]
    public async Task Claims_beyond_their_bound_are_refused_at_the_login(int major)
    {
        await using Installation here = await Installation.StartAsync(major, new InstallationOptions { IssuerLines = "max_token_bytes = 65536" });
        RawLogin login = await here.TryLoginAsync("alice", here.Reader("alice").Claim("email", new string('x', 20_000)));
        Assert.Equal("28P01", login.Error?.SqlState);
        Assert.Null((await here.TryLoginAsync("alice", here.Reader("alice").Claim("email", new string('x', 10_000)))).Error);
    }

    [Theory]
    [MemberData(nameof(AvailablePostgres.Majors), MemberType = typeof(AvailablePostgres))]
    public async Task A_membership_revoked_meanwhile_is_noticed_at_the_next_change_of_identity(int major)
    {
        foreach (string level in (string[])["partitioned", "set_role"])
        {
            await using Installation here = await Installation.StartAsync(major, new InstallationOptions { Level = level });
            await using RawClient alice = await here.LoginAsync("alice");
            await alice.DoAsync("select 1");
            await using RawClient bob = await here.LoginAsync("bob");
            await here.Database.ExecuteAsync($"revoke {here.Readers} from {here.Login}");
            string said = await bob.SaysAsync("select body from notes");
            Assert.Equal("08006", said);
            await WaitFor.TrueAsync(() => here.Log.Contains("its identity could not be set"));
        }
    }

    [Theory]
    [MemberData(nameof(AvailablePostgres.Majors), MemberType = typeof(AvailablePostgres))]
    public async Task A_role_dropped_meanwhile_serves_nobody(int major)
    {
        await using Installation here = await Installation.StartAsync(major);
        await using RawClient alice = await here.LoginAsync("alice");
        await alice.DoAsync("select 1");
        await using RawClient bob = await here.LoginAsync("bob");
        await here.Database.ExecuteAsync($"drop owned by {here.Readers}; drop role {here.Readers}");
        Assert.Equal("08006", await bob.SaysAsync("select 1"));
    }

    [Theory]
    [MemberData(nameof(AvailablePostgres.Majors), MemberType = typeof(AvailablePostgres))]
    public async Task A_session_that_ends_under_a_prelude_costs_one_error(int major)
    {
        Installation here = await installations.OfAsync(major, "partitioned");
        await using RawClient alice = await here.LoginAsync("alice");
        int pid = await alice.BackendIdAsync();
        await using RawClient bob = await here.LoginAsync("bob");
        here.Database.Cluster.FreezeBackend(pid);
        await bob.Query("select 'his'").SendAsync();
        await here.Database.ExecuteAsync($"select pg_terminate_backend({pid})");
        here.Database.Cluster.ThawBackend(pid);
        Assert.Contains(RawClientQuestions.Said(await bob.ReadUntilAsync("ReadyForQuery")), (string[])["08006", "his"]);
        Assert.Equal("bob", await bob.ScalarAsync(RawClientQuestions.Subject));
    }
}
