using PoolProxy.ClientTests.Targets;
using PoolProxy.Sandbox.Postgres;

namespace PoolProxy.ClientTests.Drivers;

/// <summary>What is asked of every driver.</summary>
public static class DriverChecks
{
    // Every script has these; most have more.
    private static readonly string[] Common = ["crud", "rollback", "savepoint", "error_in_transaction", "large_result", "cancel"];

    /// <summary>Both ways, one a row of a theory.</summary>
    public static TheoryData<Way> Ways => [Way.Direct, Way.Proxy];

    /// <summary>The driver's script comes to its end, over TLS.</summary>
    internal static async Task WorksAsync(Driver driver, Way way, PostgresWish wish = default)
    {
        await using Stage stage = await Stage.OpenAsync(way, wish: wish);
        IReadOnlyList<string> steps = await driver.RunAsync(stage.Target);
        Assert.Subset(steps.ToHashSet(), Common.ToHashSet());
    }
}
