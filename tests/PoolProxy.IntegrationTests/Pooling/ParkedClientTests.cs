using PoolProxy.IntegrationTests.Admin;
using PoolProxy.Testing;
using PoolProxy.Testing.Proxy;
using Xunit;

namespace PoolProxy.IntegrationTests.Pooling;

/// <summary>A client that has been idle for a while is put away. It must not be able to tell.</summary>
public sealed class ParkedClientTests(PoolScene scene) : IClassFixture<PoolScene>
{
    private const string Boss = "admin_users = \"boss\"";

    [Fact]
    public async Task It_finds_its_settings_statements_and_unnamed_statement_again()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync(proxy: Boss, size: 2);
        await using RawClient console = await proxy.LoginAsync("boss", "pgbouncer");
        await using RawClient client = await proxy.LoginAsync("a", "app", null, [("application_name", "mine"), ("TimeZone", "Asia/Tokyo")]);
        await client.QueryAsync("set datestyle = 'German, DMY'");
        await client.Parse("named", "select 'of the named one'").Sync().RoundTripAsync();
        await client.Parse("", "select 'of the unnamed one'").Sync().RoundTripAsync();

        await ParkedAsync(console, 1);
        await using RawClient other = await DisturbAsync(proxy);
        await ParkedAsync(console, 2);

        Assert.Equal(["of the unnamed one"], (await client.Bind("", "").Execute().Sync().RoundTripAsync()).Rows());
        await ParkedAsync(console, 2);
        Assert.Equal(["of the named one"], (await client.Bind("", "named").Execute().Sync().RoundTripAsync()).Rows());
        Assert.Equal("mine Asia/Tokyo German, DMY", await client.ScalarAsync(
            "select concat_ws(' ', current_setting('application_name'), current_setting('TimeZone'), current_setting('DateStyle'))"));
        await client.QueryAsync("reset timezone");
        await ParkedAsync(console, 2);
        Assert.Equal("Asia/Tokyo", await client.ScalarAsync("show timezone"));
    }

    [Fact]
    public async Task A_shared_unnamed_statement_is_kept_for_it_too()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync(proxy: Boss, database: "cache_unnamed_statements = true");
        await using RawClient console = await proxy.LoginAsync("boss", "pgbouncer");
        await using RawClient client = await proxy.LoginAsync("a", "app");
        for (int time = 0; time < 3; time++)
        {
            await client.Parse("", "select 42").Bind("", "").Execute().Sync().RoundTripAsync();
        }

        await ParkedAsync(console, 1);
        Assert.Equal(["42"], (await client.Bind("", "").Execute().Sync().RoundTripAsync()).Rows());
    }

    [Fact]
    public async Task SHOW_CLIENTS_tells_the_same_of_it()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync(proxy: Boss);
        await using RawClient console = await proxy.LoginAsync("boss", "pgbouncer");
        await using RawClient client = await proxy.LoginAsync("a", "app");
        await client.QueryAsync("set application_name = 'renamed'");
        await client.Parse("one", "select 1").Sync().RoundTripAsync();
        await ParkedAsync(console, 1);

        Dictionary<string, string?> row = await console.RowAsync("SHOW CLIENTS", "user", "a");
        Assert.Equal("idle renamed 1", $"{row["state"]} {row["application_name"]} {row["prepared_statements"]}");
        Assert.Equal("1", (await console.RowAsync("SHOW LOOPS", "loop", "0"))["parked"]);
    }

    [Fact]
    public async Task Client_idle_timeout_ends_it()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync(proxy: "client_idle_timeout = 3\n" + Boss);
        await using RawClient console = await proxy.LoginAsync("boss", "pgbouncer");
        await using RawClient client = await proxy.LoginAsync("a", "app");
        await ParkedAsync(console, 1);

        Assert.Equal("57P05", (await client.ReadToEndAsync()).SqlState());
    }

    [Theory]
    [InlineData("KILL app")]
    [InlineData("SHUTDOWN")]
    public async Task Commands_reach_it(string command)
    {
        await using ProxyUnderTest proxy = await scene.StartAsync(proxy: Boss);
        await using RawClient console = await proxy.LoginAsync("boss", "pgbouncer");
        await using RawClient client = await proxy.LoginAsync("a", "app");
        await ParkedAsync(console, 1);
        await console.SendQueryAsync(command);
        Assert.Equal("57P01", (await client.ReadToEndAsync()).SqlState());
    }

    [Fact]
    public async Task A_RELOAD_reaches_it()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync(proxy: "query_timeout = 0\n" + Boss);
        await using RawClient console = await proxy.LoginAsync("boss", "pgbouncer");
        await using RawClient client = await proxy.LoginAsync("a", "app");
        await ParkedAsync(console, 1);
        Assert.Empty(await proxy.ReloadAsync(text => text.Replace("query_timeout = 0", "query_timeout = \"100ms\"", StringComparison.Ordinal)));
        await client.SendQueryAsync("select pg_sleep(60)");
        Assert.Equal("query timeout", (await client.ReadToEndAsync()).ErrorText());
    }

    [Fact]
    public async Task It_may_leave_and_its_place_is_free()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync(proxy: "max_user_client_connections = 1\n" + Boss);
        await using RawClient console = await proxy.LoginAsync("boss", "pgbouncer");
        await using (RawClient client = await proxy.LoginAsync("a", "app"))
        {
            await client.Parse("one", "select 1").Sync().RoundTripAsync();
            await ParkedAsync(console, 1);
        }

        await WaitFor.EqualAsync("0", async () => (await console.RowAsync("SHOW LOOPS", "loop", "0"))["parked"]);
        await using RawClient next = await proxy.LoginAsync("a", "app");
        Assert.Equal("1", await next.ScalarAsync("select 1"));
    }

    [Fact]
    public async Task Whoever_holds_a_server_is_not_put_away()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync(mode: "session", size: 2, proxy: Boss);
        await using RawClient console = await proxy.LoginAsync("boss", "pgbouncer");
        await using RawClient holder = await proxy.LoginAsync("a", "app");
        int server = await holder.ServerIdAsync();
        await using RawClient fresh = await proxy.LoginAsync("b", "app");

        // Logged in later, and without a server: when it is away the other has been looked at as well.
        await ParkedAsync(console, 1);
        Assert.Equal(server, await holder.ServerIdAsync());
    }

    private static Task ParkedAsync(RawClient console, int count) =>
        WaitFor.EqualAsync($"{count}", async () => (await console.RowAsync("SHOW LOOPS", "loop", "0"))["parked"]);

    /// <summary>Another client leaves its own settings and statements on the servers.</summary>
    private static async Task<RawClient> DisturbAsync(ProxyUnderTest proxy)
    {
        RawClient other = await proxy.LoginAsync("b", "app", null, [("TimeZone", "UTC")]);
        await other.Parse("", "select 'of somebody else'").Sync().RoundTripAsync();
        await other.QueryAsync("set datestyle = 'SQL'");
        return other;
    }
}
