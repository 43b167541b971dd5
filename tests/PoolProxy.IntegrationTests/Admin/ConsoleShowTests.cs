using PoolProxy.Testing;
using Xunit;

namespace PoolProxy.IntegrationTests.Admin;

public sealed class ConsoleShowTests
{
    [Fact]
    public async Task Pools_count_clients_and_servers_by_what_they_do()
    {
        await using var place = await ConsolePlace.StartAsync();
        await using var console = await place.StatsAsync();
        await using var idle = await place.ClientAsync();
        await using var busy = await place.ClientAsync();
        await busy.QueryAsync("BEGIN");
        var row = await console.RowAsync("SHOW POOLS", "database", "app");
        Assert.Equal(("postgres", "2", "0", "1", "transaction"), (row["user"], row["cl_active"], row["cl_waiting"], row["sv_active"], row["pool_mode"]));
        await busy.QueryAsync("COMMIT");
        row = await console.RowAsync("SHOW POOLS", "database", "app");
        Assert.Equal(("0", "1"), (row["sv_active"], row["sv_idle"]));
        Assert.Equal("1", (await console.RowAsync("SHOW POOLS", "database", "pgbouncer"))["cl_active"]);
    }

    [Fact]
    public async Task A_client_and_its_server_name_each_other()
    {
        await using var place = await ConsolePlace.StartAsync();
        await using var console = await place.StatsAsync();
        await using var client = await place.Proxy.LoginAsync("alice", "app", null, ("application_name", "worker"));
        await client.QueryAsync("BEGIN");
        var backend = (await client.ScalarAsync("SELECT pg_backend_pid()"))!;
        var server = Assert.Single(await console.RowsAsync("SHOW SERVERS"));
        var row = await console.RowAsync("SHOW CLIENTS", "user", "alice");
        Assert.Equal((row["ptr"], server["ptr"]), (server["link"], row["link"]));
        Assert.Equal(("S", "active", backend), (server["type"], server["state"], server["remote_pid"]));
        Assert.Equal(("C", "active", "app", "worker", "127.0.0.1"), (row["type"], row["state"], row["database"], row["application_name"], row["addr"]));
        await client.QueryAsync("COMMIT");
        row = await console.RowAsync("SHOW CLIENTS", "user", "alice");
        Assert.Equal(("idle", ""), (row["state"], row["link"]));
    }

    [Fact]
    public async Task Statistics_equal_what_was_done()
    {
        await using var place = await ConsolePlace.StartAsync();
        await using var console = await place.StatsAsync();
        await using var client = await place.ClientAsync();
        var before = await console.RowAsync("SHOW STATS", "database", "app");
        for (var i = 0; i < 5; i++)
        {
            await client.QueryAsync("SELECT 1");
        }

        await client.QueryAsync("BEGIN");
        await client.QueryAsync("COMMIT");
        var after = await console.RowAsync("SHOW STATS", "database", "app");
        Assert.Equal(6, Difference("total_xact_count"));
        Assert.Equal(7, Difference("total_query_count"));
        Assert.Equal(6, Difference("total_server_assignment_count"));
        Assert.True(Difference("total_received") > 0 && Difference("total_sent") > 0);
        Assert.Equal("1", (await console.RowAsync("SHOW STATS_TOTALS", "database", "app"))["client_login_count"]);

        long Difference(string column) => Number(after[column]) - Number(before[column]);
    }

    [Fact]
    public async Task Databases_show_their_limits_and_use()
    {
        await using var place = await ConsolePlace.StartAsync();
        await using var console = await place.StatsAsync();
        await using var client = await place.ClientAsync();
        var row = await console.RowAsync("SHOW DATABASES", "name", "app");
        Assert.Equal((place.Database.Name, "postgres", "3", "1", "1", "0", "0"), (row["database"], row["force_user"], row["pool_size"], row["current_connections"], row["current_client_connections"], row["paused"], row["disabled"]));
    }

    [Fact]
    public async Task Config_has_the_value_in_force_beside_the_default()
    {
        await using var place = await ConsolePlace.StartAsync();
        await using var console = await place.StatsAsync();
        var row = await console.RowAsync("SHOW CONFIG", "key", "default_pool_size");
        Assert.Equal(("3", "20", "yes"), (row["value"], row["default"], row["changeable"]));
    }

    [Fact]
    public async Task Help_is_a_notice()
    {
        await using var place = await ConsolePlace.StartAsync();
        await using var console = await place.StatsAsync();
        var messages = await console.QueryAsync("SHOW HELP");
        Assert.Equal(["NoticeResponse", "CommandComplete", "ReadyForQuery"], messages.Select(message => message.Name));
        Assert.Contains("SHOW HELP|", messages[0].ErrorField('D'), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_set_in_the_console_is_seen_there()
    {
        await using var place = await ConsolePlace.StartAsync();
        await using var console = await place.StatsAsync();
        await console.QueryAsync("SET application_name = 'exporter'");
        Assert.Equal("exporter", (await console.RowAsync("SHOW CLIENTS", "user", "watcher"))["application_name"]);
    }

    [Fact]
    public async Task Each_stats_period_leaves_a_line_in_the_log()
    {
        using var folder = new TemporaryFolder();
        var log = Path.Combine(folder.Path, "log");
        await using var place = await ConsolePlace.StartAsync($"stats_period = 1\nlogfile = \"{log}\"");
        await using var client = await place.ClientAsync();
        await WaitFor.TrueAsync(async () =>
        {
            await client.QueryAsync("SELECT 1");
            return (await File.ReadAllTextAsync(log)).Contains(" xacts/s, ", StringComparison.Ordinal);
        });
        await using var console = await place.StatsAsync();
        Assert.NotEqual("0", (await console.RowAsync("SHOW STATS_AVERAGES", "database", "app"))["query_count"]);
    }

    private static long Number(string? text) => long.Parse(text!, System.Globalization.CultureInfo.InvariantCulture);
}
