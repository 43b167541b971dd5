using PoolProxy.Testing;
using PoolProxy.Testing.Wire;
using Xunit;

namespace PoolProxy.IntegrationTests.Admin;

/// <summary>SET key = value in the console: one setting, changed as RELOAD changes it.</summary>
public sealed class ConsoleSetTests
{
    [Theory]
    [InlineData("SET default_pool_size = 7", "default_pool_size", "7")]
    [InlineData("set DEFAULT_POOL_SIZE to '8'", "default_pool_size", "8")]
    [InlineData("SET server_idle_timeout = '1500ms'", "server_idle_timeout", "1.5")]
    [InlineData("SET server_idle_timeout = 2.5", "server_idle_timeout", "2.5")]
    [InlineData("SET pool_mode = session", "pool_mode", "session")]
    [InlineData("SET log_connections = false", "log_connections", "0")]
    [InlineData("SET stats_users = 'watcher, other'", "stats_users", "watcher, other")]
    public async Task A_changed_setting_is_shown(string command, string key, string value)
    {
        await using var place = await ConsolePlace.StartAsync();
        await using var console = await place.AdminAsync();
        Assert.NotEqual(value, (await console.RowAsync("SHOW CONFIG", "key", key))["value"]);
        Assert.Equal("SET", (await console.QueryAsync(command))[0].Text);
        Assert.Equal(value, (await console.RowAsync("SHOW CONFIG", "key", key))["value"]);
    }

    [Fact]
    public async Task Every_setting_that_SHOW_CONFIG_calls_changeable_takes_the_value_that_it_shows_and_no_other_takes_any()
    {
        await using var place = await ConsolePlace.StartAsync();
        await using var console = await place.AdminAsync();
        var wrong = new List<string>();
        foreach (var row in await console.RowsAsync("SHOW CONFIG"))
        {
            IReadOnlyList<WireMessage> answer = await console.QueryAsync($"SET {row["key"]} = '{row["value"]?.Replace("'", "''", StringComparison.Ordinal)}'");
            string expected = row["changeable"] == "no" ? "55P02" : row["value"] is null ? "22023" : "SET";
            string said = answer[0].Name == "ErrorResponse" ? answer.SqlState()! : answer[0].Text;
            if (said != expected)
            {
                wrong.Add($"{row["key"]} = {row["value"]}: {answer[0]}");
            }
        }
        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
    }

    [Fact]
    public async Task Running_clients_meet_the_change()
    {
        await using var place = await ConsolePlace.StartAsync();
        await using var console = await place.AdminAsync();
        await using var idler = await place.ClientAsync();
        await console.QueryAsync("SET client_idle_timeout = '100ms'");
        Assert.Equal("client_idle_timeout", (await idler.ReadToEndAsync()).ErrorText());
    }

    [Fact]
    public async Task A_larger_pool_serves_who_waits()
    {
        await using var place = await ConsolePlace.StartAsync("max_db_connections = 1");
        await using var console = await place.AdminAsync();
        await using var holder = await place.ClientAsync();
        await holder.QueryAsync("begin");
        await using var waiter = await place.ClientAsync();
        await waiter.SendQueryAsync("select 'served'");
        await console.QueryAsync("SET max_db_connections = 2");
        Assert.Equal(["served"], (await waiter.ReadUntilAsync("ReadyForQuery")).Rows());
    }

    [Fact]
    public async Task The_next_RELOAD_goes_by_the_file()
    {
        await using var place = await ConsolePlace.StartAsync();
        await using var console = await place.AdminAsync();
        await console.QueryAsync("SET default_pool_size = 7");
        await console.QueryAsync("SET query_timeout = 30");
        Assert.Equal("7", (await console.RowAsync("SHOW CONFIG", "key", "default_pool_size"))["value"]);
        await console.QueryAsync("RELOAD");
        Assert.Equal("3", (await console.RowAsync("SHOW CONFIG", "key", "default_pool_size"))["value"]);
        Assert.Equal("0", (await console.RowAsync("SHOW CONFIG", "key", "query_timeout"))["value"]);
    }

    [Theory]
    [InlineData("SET listen_port = 1234", "55P02", "cannot be changed without restarting the proxy")]
    [InlineData("SET threads = 1", "55P02", "cannot be changed without restarting the proxy")]
    [InlineData("SET default_pool_size = -1", "22023", "default_pool_size")]
    [InlineData("SET default_pool_size = many", "22023", "many")]
    [InlineData("SET pool_mode = sometimes", "22023", "sometimes")]
    [InlineData("SET auth_file = '/nowhere/users.txt'", "22023", "/nowhere/users.txt")]
    [InlineData("SET auth_type = jwt", "22023", "auth_type")]
    [InlineData("SET no_such_setting = 1", "42704", "no_such_setting")]
    public async Task What_cannot_be_changes_nothing_and_says_why(string command, string code, string text)
    {
        await using var place = await ConsolePlace.StartAsync();
        await using var console = await place.AdminAsync();
        var before = await console.RowsAsync("SHOW CONFIG");
        IReadOnlyList<WireMessage> answer = await console.QueryAsync(command);
        Assert.Equal("ErrorResponse ReadyForQuery", answer.Names());
        Assert.Equal(code, answer.SqlState());
        Assert.Contains(text, answer[0].ToString(), StringComparison.Ordinal);
        Assert.Equal(before, await console.RowsAsync("SHOW CONFIG"));
    }

    [Fact]
    public async Task Statistics_may_not()
    {
        await using var place = await ConsolePlace.StartAsync();
        await using var console = await place.StatsAsync();
        Assert.Equal("42501", (await console.QueryAsync("SET default_pool_size = 7")).SqlState());
        Assert.Equal("3", (await console.RowAsync("SHOW CONFIG", "key", "default_pool_size"))["value"]);
    }

    [Fact]
    public async Task Over_the_extended_protocol_it_is_carried_out_at_Execute()
    {
        await using var place = await ConsolePlace.StartAsync();
        await using var console = await place.AdminAsync();
        Assert.Equal("ParseComplete BindComplete ReadyForQuery", (await console.Parse("", "SET default_pool_size = 7").Bind("", "").Sync().RoundTripAsync()).Names());
        Assert.Equal("3", (await console.RowAsync("SHOW CONFIG", "key", "default_pool_size"))["value"]);
        var answer = await console.Parse("", "SET default_pool_size = 7").Bind("", "").Execute().Sync().RoundTripAsync();
        Assert.Equal("ParseComplete BindComplete CommandComplete ReadyForQuery", answer.Names());
        Assert.Equal("7", (await console.RowAsync("SHOW CONFIG", "key", "default_pool_size"))["value"]);
    }

    [Fact]
    public async Task A_setting_that_needs_a_restart_shows_what_is_in_force_after_RELOAD()
    {
        await using var place = await ConsolePlace.StartAsync();
        await using var console = await place.AdminAsync();
        string text = File.ReadAllText(place.Proxy.ConfigurationFile);
        File.WriteAllText(place.Proxy.ConfigurationFile, text.Replace($"listen_port = {place.Proxy.Port}", "listen_port = 1", StringComparison.Ordinal));
        Assert.Equal("RELOAD", (await console.QueryAsync("RELOAD"))[0].Text);
        Assert.Equal($"{place.Proxy.Port}", (await console.RowAsync("SHOW CONFIG", "key", "listen_port"))["value"]);
    }
}
