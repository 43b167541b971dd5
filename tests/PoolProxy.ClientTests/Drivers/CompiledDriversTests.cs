using PoolProxy.ClientTests.Targets;

namespace PoolProxy.ClientTests.Drivers;

public sealed class CompiledDriversTests
{
    [Theory, MemberData(nameof(DriverChecks.Ways), MemberType = typeof(DriverChecks))]
    public Task PgJdbc_works(Way way) => DriverChecks.WorksAsync(Driver.Pgjdbc, way);

    [Theory, MemberData(nameof(DriverChecks.Ways), MemberType = typeof(DriverChecks))]
    public Task Lib_pq_works(Way way) => DriverChecks.WorksAsync(Driver.LibPq, way);
}
