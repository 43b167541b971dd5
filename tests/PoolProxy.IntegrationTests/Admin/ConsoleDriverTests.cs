using Npgsql;
using Xunit;

namespace PoolProxy.IntegrationTests.Admin;

/// <summary>Npgsql with its default settings: type loading, the extended protocol, binary results. Other drivers are in the client tests.</summary>
public sealed class ConsoleDriverTests
{
    [Fact]
    public async Task Npgsql_reads_the_console_with_default_settings()
    {
        await using var place = await ConsolePlace.StartAsync();
        await using var client = await place.ClientAsync();
        await using var source = NpgsqlDataSource.Create(place.Proxy.ConnectionString("boss", "pgbouncer"));
        await using var connection = await source.OpenConnectionAsync();
        await using (var pools = new NpgsqlCommand("SHOW POOLS", connection))
        await using (var reader = await pools.ExecuteReaderAsync())
        {
            Assert.True(await reader.ReadAsync());
            Assert.Equal("app", reader.GetString(0));
            Assert.Equal(1, reader.GetInt32(reader.GetOrdinal("cl_active")));
        }

        await using (var stats = new NpgsqlCommand("SHOW STATS", connection))
        await using (var reader = await stats.ExecuteReaderAsync())
        {
            Assert.True(await reader.ReadAsync());
            Assert.Equal(1m, reader.GetDecimal(reader.GetOrdinal("total_client_login_count")));
        }

        await using var reconnect = new NpgsqlCommand("RECONNECT", connection);
        await reconnect.ExecuteNonQueryAsync();
    }

    [Fact]
    public async Task Npgsql_pools_consoles_and_prepares_their_commands()
    {
        await using var place = await ConsolePlace.StartAsync();
        var settings = new NpgsqlConnectionStringBuilder(place.Proxy.ConnectionString("boss", "pgbouncer")) { Pooling = true, MaxPoolSize = 1 };
        await using var source = NpgsqlDataSource.Create(settings.ConnectionString);
        for (var i = 0; i < 3; i++)
        {
            await using var connection = await source.OpenConnectionAsync();
            await using var command = new NpgsqlCommand("SHOW LISTS", connection);
            await command.PrepareAsync();
            Assert.Equal("databases", await command.ExecuteScalarAsync());
        }
    }

    [Fact]
    public async Task An_error_is_an_error_to_the_driver_and_not_the_end()
    {
        await using var place = await ConsolePlace.StartAsync();
        await using var source = NpgsqlDataSource.Create(place.Proxy.ConnectionString("watcher", "poolproxy"));
        await using var connection = await source.OpenConnectionAsync();
        await using var kill = new NpgsqlCommand("KILL app", connection);
        var error = await Assert.ThrowsAsync<PostgresException>(() => kill.ExecuteNonQueryAsync());
        Assert.Equal("42501", error.SqlState);
        await using var version = new NpgsqlCommand("SELECT version()", connection);
        Assert.StartsWith("PoolProxy", (string?)await version.ExecuteScalarAsync(), StringComparison.Ordinal);
    }
}
