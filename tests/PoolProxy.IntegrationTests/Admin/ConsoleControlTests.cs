using PoolProxy.Testing;
using Xunit;

namespace PoolProxy.IntegrationTests.Admin;

public sealed class ConsoleControlTests
{
    [Theory]
    [InlineData("")]
    [InlineData(" app")]
    public async Task PAUSE_answers_when_every_server_is_closed_and_clients_wait_until_RESUME(string database)
    {
        await using var place = await ConsolePlace.StartAsync();
        await using var console = await place.AdminAsync();
        await using var other = await place.AdminAsync();
        await using var client = await place.ClientAsync();
        await client.QueryAsync("BEGIN");
        await console.Query("PAUSE" + database).SendAsync();
        await WaitFor.TrueAsync(async () => (await other.RowAsync("SHOW DATABASES", "name", "app"))["paused"] == "1");
        Assert.Equal("1", (await other.RowAsync("SHOW POOLS", "database", "app"))["sv_active"]);

        await client.QueryAsync("COMMIT");
        Assert.Equal(["CommandComplete", "ReadyForQuery"], (await console.ReadUntilAsync("ReadyForQuery")).Select(message => message.Name));
        Assert.Empty(await other.RowsAsync("SHOW SERVERS"));

        await client.Query("SELECT 1").SendAsync();
        await WaitFor.TrueAsync(async () => (await other.RowAsync("SHOW POOLS", "database", "app"))["cl_waiting"] == "1");
        Assert.Equal("CommandComplete", (await console.QueryAsync("RESUME" + database))[0].Name);
        Assert.Equal("RowDescription", (await client.ReadUntilAsync("ReadyForQuery"))[0].Name);
    }

    [Fact]
    public async Task A_pause_holds_though_the_one_who_asked_for_it_has_left()
    {
        await using var place = await ConsolePlace.StartAsync();
        await using var other = await place.AdminAsync();
        await using var client = await place.ClientAsync();
        await client.QueryAsync("BEGIN");
        await using (var console = await place.AdminAsync())
        {
            await console.Query("PAUSE app").SendAsync();
            await WaitFor.TrueAsync(async () => (await other.RowAsync("SHOW DATABASES", "name", "app"))["paused"] == "1");
        }

        await client.QueryAsync("COMMIT");
        await WaitFor.TrueAsync(async () => (await other.RowsAsync("SHOW SERVERS")).Count == 0);
        Assert.Equal("1", (await other.RowAsync("SHOW DATABASES", "name", "app"))["paused"]);
    }

    [Fact]
    public async Task RESUME_ends_a_PAUSE_that_still_waits()
    {
        await using var place = await ConsolePlace.StartAsync();
        await using var console = await place.AdminAsync();
        await using var other = await place.AdminAsync();
        await using var client = await place.ClientAsync();
        await client.QueryAsync("BEGIN");
        await console.Query("PAUSE").SendAsync();
        await WaitFor.TrueAsync(async () => (await other.RowAsync("SHOW STATE", "key", "paused"))["value"] == "yes");
        Assert.Equal("55000", (await other.QueryAsync("PAUSE"))[0].SqlState);
        await other.QueryAsync("RESUME");
        Assert.Equal("57014", (await console.ReadUntilAsync("ReadyForQuery"))[0].SqlState);
    }

    [Theory]
    [InlineData("RESUME", "55000")]
    [InlineData("RESUME app", "55000")]
    [InlineData("PAUSE nothere", "3D000")]
    [InlineData("KILL pgbouncer", "22023")]
    [InlineData("DISABLE", "42601")]
    [InlineData("KILL_CLIENT me", "22023")]
    [InlineData("KILL_CLIENT 999999", "42704")]
    [InlineData("RELOAD app", "42601")]
    [InlineData("SHUTDOWN SOON", "42601")]
    [InlineData("SUSPEND app", "42601")]
    public async Task What_makes_no_sense_is_refused(string command, string sqlState)
    {
        await using var place = await ConsolePlace.StartAsync();
        await using var console = await place.AdminAsync();
        Assert.Equal(sqlState, (await console.QueryAsync(command))[0].SqlState);
    }

    [Fact]
    public async Task RECONNECT_replaces_servers_as_they_come_free_and_WAIT_CLOSE_waits_for_that()
    {
        await using var place = await ConsolePlace.StartAsync();
        await using var console = await place.AdminAsync();
        await using var client = await place.ClientAsync();
        await client.QueryAsync("BEGIN");
        var before = await client.ScalarAsync("SELECT pg_backend_pid()");
        await console.QueryAsync("RECONNECT app");
        Assert.Equal("1", Assert.Single(await console.RowsAsync("SHOW SERVERS"))["close_needed"]);
        await console.Query("WAIT_CLOSE app").SendAsync();
        await client.QueryAsync("COMMIT");
        await console.ExpectAllAsync("CommandComplete", "ReadyForQuery");
        Assert.NotEqual(before, await client.ScalarAsync("SELECT pg_backend_pid()"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RECONNECT_ends_a_session_at_the_end_of_its_transaction_where_server_fast_close_is_on(bool isOn)
    {
        await using var place = await ConsolePlace.StartAsync($"server_fast_close = {(isOn ? "true" : "false")}\n[users.alice]\npool_mode = \"session\"");
        await using var console = await place.AdminAsync();
        await using var busy = await place.ClientAsync();
        await using var idle = await place.ClientAsync();
        await busy.QueryAsync("BEGIN");
        await idle.QueryAsync("SELECT 1");
        await console.QueryAsync("RECONNECT app");
        Assert.Equal("1", await busy.ScalarAsync("SELECT 1"));
        if (isOn)
        {
            Assert.Equal("57P01", (await idle.ReadToEndAsync()).SqlState());
            await busy.Query("COMMIT").SendAsync();
            var end = await busy.ReadToEndAsync();
            Assert.Equal("CommandComplete ReadyForQuery ErrorResponse", end.Names());
            Assert.Equal("57P01", end.SqlState());
        }
        else
        {
            await busy.QueryAsync("COMMIT");
            Assert.Equal("1", await busy.ScalarAsync("SELECT 1"));
            Assert.Equal("1", await idle.ScalarAsync("SELECT 1"));
        }
    }

    [Fact]
    public async Task KILL_ends_clients_and_servers_and_leaves_the_database_paused()
    {
        await using var place = await ConsolePlace.StartAsync();
        await using var console = await place.AdminAsync();
        await using var client = await place.ClientAsync();
        await client.QueryAsync("BEGIN");
        Assert.Equal("CommandComplete", (await console.QueryAsync("KILL app"))[0].Name);
        Assert.Equal("57P01", (await client.ReadToEndAsync())[^1].SqlState);
        Assert.Empty(await console.RowsAsync("SHOW SERVERS"));
        Assert.Equal("1", (await console.RowAsync("SHOW DATABASES", "name", "app"))["paused"]);
        Assert.Equal("CommandComplete", (await console.QueryAsync("RESUME app"))[0].Name);
    }

    [Fact]
    public async Task KILL_CLIENT_ends_that_client_and_no_other()
    {
        await using var place = await ConsolePlace.StartAsync();
        await using var console = await place.AdminAsync();
        await using var stays = await place.ClientAsync();
        var id = (await console.RowAsync("SHOW CLIENTS", "user", "alice"))["id"];
        await using var goes = await place.ClientAsync();
        var other = (await console.RowsAsync("SHOW CLIENTS")).Single(row => row["user"] == "alice" && row["id"] != id)["id"];
        await console.QueryAsync("KILL_CLIENT " + other);
        Assert.Equal("admin forced disconnect", (await goes.ReadToEndAsync())[^1].ErrorText);
        Assert.Equal("1", await stays.ScalarAsync("SELECT 1"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task KILL_CLIENT_ends_a_client_of_the_console_too_and_the_log_says_so_of_ones_own(bool isOwn)
    {
        using var folder = new TemporaryFolder();
        string log = folder.Combine("proxy.log");
        await using var place = await ConsolePlace.StartAsync($"logfile = \"{log}\"");
        await using var console = await place.AdminAsync();
        await using var watcher = await place.StatsAsync();
        string id = (await console.RowAsync("SHOW CLIENTS", "user", isOwn ? "boss" : "watcher"))["id"]!;
        await console.SendQueryAsync("KILL_CLIENT " + id);
        var end = await (isOwn ? console : watcher).ReadToEndAsync();
        Assert.Equal("admin forced disconnect", end[^1].ErrorText);
        if (isOwn)
        {
            Assert.Single(end);
        }
        else
        {
            Assert.Equal("CommandComplete ReadyForQuery", (await console.ReadUntilAsync("ReadyForQuery")).Names());
        }

        await WaitFor.TrueAsync(async () => (await File.ReadAllTextAsync(log)).Contains("closing because: admin forced disconnect", StringComparison.Ordinal));
    }

    [Fact]
    public async Task DISABLE_refuses_new_clients_until_ENABLE()
    {
        await using var place = await ConsolePlace.StartAsync();
        await using var console = await place.AdminAsync();
        await using var client = await place.ClientAsync();
        await console.QueryAsync("DISABLE app");
        Assert.Equal("1", (await console.RowAsync("SHOW DATABASES", "name", "app"))["disabled"]);
        await using (var refused = await place.Proxy.ConnectAsync())
        {
            Assert.NotNull((await refused.TryLoginAsync("alice", "app")).Error);
        }

        Assert.Equal("1", await client.ScalarAsync("SELECT 1"));
        await console.QueryAsync("ENABLE app");
        await using var admitted = await place.ClientAsync();
    }

    [Fact]
    public async Task RELOAD_puts_a_new_file_in_force_and_a_bad_one_changes_nothing()
    {
        await using var place = await ConsolePlace.StartAsync();
        await using var console = await place.AdminAsync();
        var text = await File.ReadAllTextAsync(place.Proxy.ConfigurationFile);
        await File.WriteAllTextAsync(place.Proxy.ConfigurationFile, text.Replace("default_pool_size = 3", "default_pool_size = 4", StringComparison.Ordinal));
        Assert.Equal("CommandComplete", (await console.QueryAsync("RELOAD"))[0].Name);
        Assert.Equal("4", (await console.RowAsync("SHOW CONFIG", "key", "default_pool_size"))["value"]);

        await File.WriteAllTextAsync(place.Proxy.ConfigurationFile, text + "\nnonsense = 1\n");
        var refused = (await console.QueryAsync("RELOAD"))[0];
        Assert.Equal("F0000", refused.SqlState);
        Assert.Contains("nonsense", refused.ErrorField('D'), StringComparison.Ordinal);
        Assert.Equal("4", (await console.RowAsync("SHOW CONFIG", "key", "default_pool_size"))["value"]);
    }

    [Fact]
    public async Task SHUTDOWN_ends_everybody_at_once()
    {
        await using var place = await ConsolePlace.StartAsync();
        await using var console = await place.AdminAsync();
        await using var client = await place.ClientAsync();
        await console.Query("SHUTDOWN").SendAsync();
        Assert.Equal("57P01", (await console.ReadToEndAsync())[^1].SqlState);
        Assert.Equal("57P01", (await client.ReadToEndAsync())[^1].SqlState);
    }

    [Fact]
    public async Task SHUTDOWN_WAIT_FOR_CLIENTS_lets_them_finish()
    {
        await using var place = await ConsolePlace.StartAsync();
        await using var console = await place.AdminAsync();
        await using var client = await place.ClientAsync();
        Assert.Equal("CommandComplete", (await console.QueryAsync("SHUTDOWN WAIT_FOR_CLIENTS"))[0].Name);
        Assert.Equal("1", await client.ScalarAsync("SELECT 1"));
        await client.Terminate().SendAsync();
        Assert.Equal("57P01", (await console.ReadToEndAsync())[^1].SqlState);
    }
}
