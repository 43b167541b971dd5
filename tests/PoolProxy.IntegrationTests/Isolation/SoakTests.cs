using PoolProxy.Sandbox.Postgres;
using PoolProxy.Testing.Postgres;
using PoolProxy.Testing.Soak;
using Xunit;

namespace PoolProxy.IntegrationTests.Isolation;

/// <summary>A short form of bench/PoolProxy.Soak, and that it would notice.</summary>
public sealed class SoakTests
{
    private static readonly SoakOptions Short = new()
    {
        People = 40,
        Intruders = 8,
        Servers = 2,
        Statements = 20_000,
        Longest = TimeSpan.FromMinutes(1),
        TroubleInterval = TimeSpan.FromMilliseconds(400),
    };

    public static IEnumerable<object[]> Cases =>
        from major in AvailablePostgres.Found.Select(binaries => binaries.Major)
        from level in (string[])["partitioned", "set_role"]
        select new object[] { major, level };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Nobody_meets_anything_of_another(int major, string level)
    {
        await using var output = new StringWriter();
        SoakCounts counts = await SoakRun.RunAsync(Short with { Postgres = PostgresWish.Exactly(major), Level = level }, output);
        Assert.True(counts.Violations == 0, output.ToString());
        Assert.True(counts.Statements > 1000 && counts.Events.ContainsKey("disconnects") && counts.Events.ContainsKey("intrusions") && counts.Events["marks"] > 0, output.ToString());
    }

    [Fact]
    public async Task A_build_that_leaves_the_prelude_out_shows_violations()
    {
        await using var output = new StringWriter();
        SoakCounts counts = await SoakRun.RunAsync(
            Short with { Statements = 4000, Intruders = 0, TroubleInterval = TimeSpan.Zero, LeavesPreludeOut = true }, output);
        Assert.True(counts.Violations > 1000, output.ToString());
        Assert.Contains(counts.Examples, example => example.Contains("got a row of", StringComparison.Ordinal));
    }
}
