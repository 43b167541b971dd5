using PoolProxy.ClientTests.Targets;

namespace PoolProxy.ClientTests.Drivers;

public sealed class NpgsqlTests
{
    [Theory, MemberData(nameof(DriverChecks.Ways), MemberType = typeof(DriverChecks))]
    public async Task Npgsql_works(Way way)
    {
        await using Stage stage = await Stage.OpenAsync(way);
        await new NpgsqlScript(stage.Target).RunAsync();
    }
}
