using PoolProxy.IntegrationTests.Isolation;
using PoolProxy.Sandbox.Postgres;
using PoolProxy.Testing;
using PoolProxy.Testing.Postgres;
using Xunit;

namespace PoolProxy.IntegrationTests.Pipelining;

/// <summary>Identities on one server that pipelines: one never goes behind another, so nobody's statement runs as somebody else.</summary>
public sealed class PipelineIdentityTests
{
    private const int Turns = 60;

    public static IEnumerable<object[]> Cases =>
        from major in AvailablePostgres.Found.Select(binaries => binaries.Major)
        from level in (string[])["partitioned", "set_role", "exclusive"]
        select new object[] { major, level };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Everybody_sees_their_own_rows_only(int major, string level)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(PostgresWish.Exactly(major));
        await using Installation here = await StartAsync(database, level, PipelinePlay.Lines);
        await WaitFor.TrueAsync(async () =>
        {
            await CrowdAsync(here, ["alice", "alice", "alice", "alice", "bob", "bob", "bob", "bob"]);
            return await PipelinedAsync(here) > 0;
        });
    }

    [Fact]
    public async Task Of_two_people_neither_goes_behind_the_other()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await using Installation here = await StartAsync(database, "partitioned", PipelinePlay.Lines);
        await CrowdAsync(here, ["alice", "bob"]);
        Assert.Equal(0, await PipelinedAsync(here));
    }

    [Fact]
    public async Task With_a_reset_between_clients_nobody_goes_behind_another()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await using Installation here = await StartAsync(database, "partitioned", PipelinePlay.Lines + "\nreset = \"client\"");
        await CrowdAsync(here, ["alice", "alice", "alice", "alice"]);
        Assert.Equal(0, await PipelinedAsync(here));
    }

    internal static Task<Installation> StartAsync(TestDatabase database, string level, string lines) => Installation.StartAsync(0, new InstallationOptions
    {
        Database = database,
        Level = level,
        // An exclusive server is closed for the next person: with one for both nobody's statements would be anything but slow.
        PoolSize = level == "exclusive" ? 2 : 1,
        DatabaseLines = lines,
        Proxy = "threads = 1",
        IssuerLines = $"""

            [[rules]]
            issuer = "corp"
            when.groups = "watchers"
            role = "{database.Role("readers")}"
            console = "stats"
            """,
    });

    internal static async Task<long> PipelinedAsync(Installation here)
    {
        await using RawClient console = await here.Proxy.LoginAsync("root", "pgbouncer", here.Issuer.Token("root").Groups("watchers").Build());
        return await PipelinePlay.PipelinedAsync(console);
    }

    private static async Task CrowdAsync(Installation here, string[] people) =>
        await Task.WhenAll(people.Select(who => Task.Run(async () =>
        {
            await using RawClient client = await here.LoginAsync(who);
            await client.Parse("mine", "select string_agg(body, ',') from notes").Sync().RoundTripAsync();
            for (int turn = 0; turn < Turns; turn++)
            {
                Assert.Equal($"of {who}", await client.ScalarAsync("select string_agg(body, ',') from notes"));
                Assert.Equal([$"of {who}"], (await client.Bind("", "mine").Execute().Sync().RoundTripAsync()).Rows());
                Assert.Contains($"\"sub\":\"{who}\"", await client.ScalarAsync("select current_setting('request.jwt.claims')"), StringComparison.Ordinal);
            }
        })));
}
