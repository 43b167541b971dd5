using PoolProxy.ClientTests.Targets;

namespace PoolProxy.ClientTests.Drivers;

public sealed class NodeDriversTests
{
    [Theory, MemberData(nameof(DriverChecks.Ways), MemberType = typeof(DriverChecks))]
    public Task Node_postgres_works(Way way) => DriverChecks.WorksAsync(Driver.NodePg, way);

    [Theory, MemberData(nameof(DriverChecks.Ways), MemberType = typeof(DriverChecks))]
    public Task Postgres_js_works(Way way) => DriverChecks.WorksAsync(Driver.PostgresJs, way);
}
