using PoolProxy.ClientTests.Targets;
using PoolProxy.Sandbox.Postgres;

namespace PoolProxy.ClientTests.Drivers;

/// <summary>A core of the drivers on the second version, which answers some messages otherwise.</summary>
public sealed class OtherVersionTests
{
    private static readonly PostgresWish Version = PostgresWish.Exactly(18);

    [Fact]
    public Task Psycopg_3_works_with_PostgreSQL_18() => DriverChecks.WorksAsync(Driver.Psycopg3, Way.Proxy, Version);

    [Fact]
    public Task Asyncpg_works_with_PostgreSQL_18() => DriverChecks.WorksAsync(Driver.Asyncpg, Way.Proxy, Version);

    [Fact]
    public Task Postgres_js_works_with_PostgreSQL_18() => DriverChecks.WorksAsync(Driver.PostgresJs, Way.Proxy, Version);

    [Fact]
    public Task PgJdbc_works_with_PostgreSQL_18() => DriverChecks.WorksAsync(Driver.Pgjdbc, Way.Proxy, Version);

    [Fact]
    public async Task Npgsql_works_with_PostgreSQL_18()
    {
        await using Stage stage = await Stage.OpenAsync(Way.Proxy, wish: Version);
        await new NpgsqlScript(stage.Target).RunAsync();
    }
}
