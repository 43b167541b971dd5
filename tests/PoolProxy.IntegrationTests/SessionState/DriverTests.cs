using Npgsql;
using PoolProxy.IntegrationTests.Statements;
using PoolProxy.Testing.Postgres;
using Xunit;

namespace PoolProxy.IntegrationTests.SessionState;

/// <summary>A real driver, with its own pool and its prepared statements.</summary>
public sealed class DriverTests
{
    public static IEnumerable<object[]> Majors => AvailablePostgres.Majors;

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task Settings_follow_the_drivers_connections_and_end_with_their_reset(int major)
    {
        await using KeptPlace place = await StatePlaces.StartAsync(major, "track");
        string text = $"{place.Proxy.ConnectionString("a", "app")};Pooling=true;Max Auto Prepare=0";
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(text);
        await using (NpgsqlConnection one = await source.OpenConnectionAsync())
        {
            await using NpgsqlConnection other = await source.OpenConnectionAsync();
            await using var first = new NpgsqlCommand("select current_setting('work_mem')", one);
            await using var second = new NpgsqlCommand("select current_setting('work_mem')", other);
            await first.PrepareAsync();
            await second.PrepareAsync();
            await using (NpgsqlTransaction transaction = await one.BeginTransactionAsync())
            {
                await new NpgsqlCommand("set work_mem = '3MB'", one).ExecuteNonQueryAsync();
                await transaction.CommitAsync();
            }

            await new NpgsqlCommand("set work_mem = '5MB'; select 1", other).ExecuteNonQueryAsync();
            for (int turn = 0; turn < 3; turn++)
            {
                Assert.Equal("3MB", await first.ExecuteScalarAsync());
                Assert.Equal("5MB", await second.ExecuteScalarAsync());
            }
        }

        // Its pool gives connections out again behind a DISCARD ALL.
        await using NpgsqlConnection again = await source.OpenConnectionAsync();
        Assert.Equal("4MB", await new NpgsqlCommand("show work_mem", again).ExecuteScalarAsync());
    }
}
