using PoolProxy.Sandbox.Postgres;
using PoolProxy.Testing;
using PoolProxy.Testing.Proxy;
using PoolProxy.Testing.Wire;
using Xunit;

namespace PoolProxy.IntegrationTests.Pooling;

/// <summary>Run-time parameters belong to the client, whichever server serves it.</summary>
public sealed class ParameterTests(PoolScene scene) : IClassFixture<PoolScene>
{
    [Theory]
    [InlineData("TimeZone", "Asia/Tokyo", "America/New_York")]
    [InlineData("DateStyle", "SQL, DMY", "German, DMY")]
    [InlineData("client_encoding", "LATIN1", "UTF8")]
    [InlineData("application_name", "first's \"app\"", "second \\ app")]
    [InlineData("IntervalStyle", "iso_8601", "postgres_verbose")]
    [InlineData("standard_conforming_strings", "off", "on")]
    public async Task Two_clients_on_one_server_each_keep_their_own_value(string parameter, string one, string other)
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient first = await proxy.LoginAsync("a", "app", null, (parameter, one));
        await using RawClient second = await proxy.LoginAsync("b", "app", null, (parameter, other));
        Assert.Equal(one, first.Parameters[parameter]);
        Assert.Equal(other, second.Parameters[parameter]);
        for (int turn = 0; turn < 2; turn++)
        {
            Assert.Equal(one, await first.ScalarAsync($"show {parameter}"));
            Assert.Equal(other, await second.ScalarAsync($"show {parameter}"));
        }
        // Changed by SQL, it is still the client's own.
        await first.QueryAsync($"set {parameter} to '{other.Replace("'", "''", StringComparison.Ordinal)}'");
        await second.QueryAsync($"set {parameter} to '{one.Replace("'", "''", StringComparison.Ordinal)}'");
        Assert.Equal(other, await first.ScalarAsync($"show {parameter}"));
        Assert.Equal(one, await second.ScalarAsync($"show {parameter}"));
    }

    [Theory]
    [InlineData("statement_timeout", "4321ms")]
    [InlineData("extra_float_digits", "-7")]
    [InlineData("bytea_output", "escape")]
    [InlineData("default_transaction_read_only", "on")]
    public async Task A_startup_parameter_that_is_accepted_is_not_dropped(string parameter, string value)
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient client = await proxy.ConnectAsync();
        RawLogin login = await client.TryLoginAsync("a", "app", null, [(parameter, value)]);
        if (login.Error is { } error)
        {
            // PgBouncer's answer, which a setting changes.
            Assert.Equal($"unsupported startup parameter: {parameter}", error.ErrorText);
        }
        else
        {
            Assert.Equal(value, await client.ScalarAsync($"show {parameter}"));
        }
    }

    [Theory]
    [InlineData("session", "", "search_path", "app")]
    [InlineData("session", "", "statement_timeout", "4321ms")]
    [InlineData("session", "server_reset_query = \"reset all\"", "search_path", "app")]
    [InlineData("session", "server_reset_query = \"reset all; set search_path = pg_catalog\"", "search_path", "app")]
    [InlineData("transaction", "server_reset_query_always = true", "search_path", "app")]
    public async Task A_wish_is_granted_again_after_the_server_was_reset(string mode, string lines, string parameter, string value)
    {
        await using ProxyUnderTest proxy = await scene.StartAsync(mode, proxy: lines);
        int? server = null;
        for (int turn = 0; turn < 3; turn++)
        {
            await using RawClient client = await proxy.LoginAsync("a", "app", null, (parameter, value));
            Assert.Equal(value, await client.ScalarAsync($"show {parameter}"));
            Assert.Equal(server ??= await client.ServerIdAsync(), await client.ServerIdAsync());
        }
    }

    [Fact]
    public async Task A_value_set_in_a_transaction_that_rolls_back_is_not_kept()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient client = await proxy.LoginAsync("a", "app", null, ("TimeZone", "Asia/Tokyo"));
        await using RawClient other = await proxy.LoginAsync("b", "app", null, ("TimeZone", "UTC"));
        await client.QueryAsync("begin; set timezone to 'America/New_York'");
        await client.QueryAsync("rollback");
        Assert.Equal("UTC", await other.ScalarAsync("show timezone"));
        Assert.Equal("Asia/Tokyo", await client.ScalarAsync("show timezone"));
    }

    [Fact]
    public async Task RESET_takes_a_client_back_to_what_it_asked_for_at_startup()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient client = await proxy.LoginAsync("a", "app", null, ("TimeZone", "Asia/Tokyo"));
        await using RawClient other = await proxy.LoginAsync("b", "app", null, ("TimeZone", "UTC"));
        await client.QueryAsync("set timezone to 'America/New_York'");
        await client.QueryAsync("reset timezone");
        await other.QueryAsync("select 1");
        Assert.Equal("Asia/Tokyo", await client.ScalarAsync("show timezone"));
    }

    [Fact]
    public async Task Options_in_the_startup_packet_are_read()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient client = await proxy.LoginAsync("a", "app", null, ("options", "-c timezone=Asia/Tokyo --DateStyle=SQL,\\ DMY"));
        Assert.Equal("Asia/Tokyo", await client.ScalarAsync("show timezone"));
        Assert.Equal("SQL, DMY", await client.ScalarAsync("show datestyle"));
    }

    [Theory]
    [InlineData("TimeZone", "Nowhere/At_All")]
    [InlineData("client_encoding", "KLINGON")]
    [InlineData("DateStyle", "x'; drop table t; --")]
    public async Task An_invalid_startup_value_harms_its_own_client_only(string parameter, string value)
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient good = await proxy.LoginAsync("a", "app", null, ("TimeZone", "Asia/Tokyo"));
        int server = await good.ServerIdAsync();
        await using RawClient bad = await proxy.ConnectAsync();
        RawLogin login = await bad.TryLoginAsync("b", "app", null, [(parameter, value)]);
        if (login.Error is { } atLogin)
        {
            Assert.Equal("22023", atLogin.SqlState);
        }
        else
        {
            await bad.SendQueryAsync("select 1");
            Assert.Equal("22023", (await bad.ReadToEndAsync()).SqlState());
        }
        Assert.Equal("Asia/Tokyo", await good.ScalarAsync("show timezone"));
        Assert.Equal(server, await good.ServerIdAsync());
    }

    [Fact]
    public async Task An_unknown_startup_parameter_is_refused_unless_it_is_ignored()
    {
        await using ProxyUnderTest strict = await scene.StartAsync();
        await using RawClient refused = await strict.ConnectAsync();
        Assert.Equal("unsupported startup parameter: some_parameter", (await refused.TryLoginAsync("a", "app", null, [("some_parameter", "1")])).Error?.ErrorText);
        await using ProxyUnderTest lax = await scene.StartAsync(proxy: "ignore_startup_parameters = \"some_parameter\"");
        await using RawClient client = await lax.LoginAsync("a", "app", null, ("some_parameter", "1"));
        Assert.Equal("1", await client.ScalarAsync("select 1"));
    }

    [Fact]
    public async Task What_ignore_startup_parameters_lists_has_no_effect_but_for_what_is_tracked()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync(proxy: "ignore_startup_parameters = \"extra_float_digits, search_path, options, TimeZone\"");
        await using RawClient client = await proxy.LoginAsync(
            "a", "app", null, ("extra_float_digits", "-3"), ("search_path", "nowhere"), ("TimeZone", "Asia/Tokyo"), ("options", "-c no_such_parameter=1 -c role=nobody -c DateStyle=German"));
        Assert.Equal("1", await client.ScalarAsync("show extra_float_digits"));
        Assert.Equal("\"$user\", public", await client.ScalarAsync("show search_path"));
        Assert.Equal("Asia/Tokyo", await client.ScalarAsync("show timezone"));
        Assert.StartsWith("German", await client.ScalarAsync("show datestyle"), StringComparison.Ordinal);
        Assert.Equal("postgres", await client.ScalarAsync("select current_user"));
    }

    [Fact]
    public async Task Track_extra_parameters_lets_a_startup_parameter_in_and_it_follows_its_client()
    {
        await using ProxyUnderTest plain = await scene.StartAsync();
        await using RawClient refused = await plain.ConnectAsync();
        Assert.Equal("0A000", (await refused.TryLoginAsync("a", "app", null, [("seq_page_cost", "2.5")])).Error?.SqlState);
        await using ProxyUnderTest proxy = await scene.StartAsync(proxy: "track_extra_parameters = \"IntervalStyle, seq_page_cost\"");
        await using RawClient first = await proxy.LoginAsync("a", "app", null, ("seq_page_cost", "2.5"));
        await using RawClient second = await proxy.LoginAsync("b", "app", null, ("seq_page_cost", "3.5"));
        for (int turn = 0; turn < 2; turn++)
        {
            Assert.Equal("2.5", await first.ScalarAsync("show seq_page_cost"));
            Assert.Equal("3.5", await second.ScalarAsync("show seq_page_cost"));
        }
    }

    [Fact]
    public async Task Search_path_follows_its_client_where_PostgreSQL_reports_it()
    {
        PostgresBinaries binaries = Testing.Postgres.AvailablePostgres.Found.MaxBy(found => found.Major)!;
        if (binaries.Major < 18)
        {
            return;
        }
        await using var database = await Testing.Postgres.TestDatabase.CreateAsync(PostgresWish.Exactly(binaries.Major));
        await using ProxyUnderTest proxy = await ProxyUnderTest.StartAsync(place => PoolScene.Text(
            place.Port, database.Cluster.Port, database.Name, proxy: "track_extra_parameters = \"search_path\""));
        await using RawClient first = await proxy.LoginAsync("a", "app");
        await using RawClient second = await proxy.LoginAsync("b", "app");
        await first.QueryAsync("set search_path to \"odd name\", public");
        await second.QueryAsync("set search_path to pg_catalog");
        Assert.Equal("\"odd name\", public", await first.ScalarAsync("show search_path"));
        Assert.Equal("pg_catalog", await second.ScalarAsync("show search_path"));
    }

    [Fact]
    public async Task Application_name_add_host_tells_the_server_where_the_client_is()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync(proxy: "application_name_add_host = true");
        await using RawClient client = await proxy.LoginAsync("a", "app", null, ("application_name", "shop"));
        Assert.Matches("^shop - 127\\.0\\.0\\.1:[0-9]+$", await client.ScalarAsync("show application_name"));
    }

    [Fact]
    public async Task A_database_can_say_what_its_servers_log_in_with()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync(database: "timezone = \"Asia/Tokyo\"\nsettings = { work_mem = \"21MB\" }");
        await using RawClient client = await proxy.LoginAsync("a", "app");
        Assert.Equal("Asia/Tokyo", await client.ScalarAsync("show timezone"));
        Assert.Equal("21MB", await client.ScalarAsync("show work_mem"));
    }

    [Fact]
    public async Task ParameterStatus_of_anothers_change_is_not_passed_on()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient first = await proxy.LoginAsync("a", "app", null, ("TimeZone", "Asia/Tokyo"));
        await using RawClient second = await proxy.LoginAsync("b", "app", null, ("TimeZone", "UTC"));
        await second.QueryAsync("set timezone to 'America/New_York'");
        IReadOnlyList<WireMessage> messages = await first.QueryAsync("select 1");
        Assert.Equal("RowDescription DataRow CommandComplete ReadyForQuery", messages.Names());
    }

    [Fact]
    public async Task What_a_client_is_told_instead_of_a_servers_value_stands_in_its_place()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient client = await proxy.LoginAsync("a", "app", parameters: [("timezone", "Europe/Paris")]);
        await client.ScalarAsync("show timezone");
        var answer = await client.QueryAsync("reset timezone");
        Assert.Equal("CommandComplete ParameterStatus ReadyForQuery", answer.Names());
        Assert.Equal("""ParameterStatus "TimeZone" "Europe/Paris" """.TrimEnd(), answer[1].ToString());
        Assert.Equal("Europe/Paris", await client.ScalarAsync("show timezone"));
    }
}
