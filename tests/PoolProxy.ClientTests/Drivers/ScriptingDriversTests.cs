using PoolProxy.ClientTests.Targets;

namespace PoolProxy.ClientTests.Drivers;

public sealed class ScriptingDriversTests
{
    [Theory, MemberData(nameof(DriverChecks.Ways), MemberType = typeof(DriverChecks))]
    public Task Dbd_pg_works(Way way) => DriverChecks.WorksAsync(Driver.DbdPg, way);

    [Theory, MemberData(nameof(DriverChecks.Ways), MemberType = typeof(DriverChecks))]
    public Task Php_pgsql_works(Way way) => DriverChecks.WorksAsync(Driver.PhpPgsql, way);

    [Theory, MemberData(nameof(DriverChecks.Ways), MemberType = typeof(DriverChecks))]
    public Task Ruby_pg_works(Way way) => DriverChecks.WorksAsync(Driver.RubyPg, way);
}
