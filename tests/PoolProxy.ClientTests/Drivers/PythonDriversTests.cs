using PoolProxy.ClientTests.Targets;

namespace PoolProxy.ClientTests.Drivers;

public sealed class PythonDriversTests
{
    [Theory, MemberData(nameof(DriverChecks.Ways), MemberType = typeof(DriverChecks))]
    public Task Psycopg_3_works(Way way) => DriverChecks.WorksAsync(Driver.Psycopg3, way);

    [Theory, MemberData(nameof(DriverChecks.Ways), MemberType = typeof(DriverChecks))]
    public Task Psycopg_2_works(Way way) => DriverChecks.WorksAsync(Driver.Psycopg2, way);

    [Theory, MemberData(nameof(DriverChecks.Ways), MemberType = typeof(DriverChecks))]
    public Task Asyncpg_works(Way way) => DriverChecks.WorksAsync(Driver.Asyncpg, way);
}
