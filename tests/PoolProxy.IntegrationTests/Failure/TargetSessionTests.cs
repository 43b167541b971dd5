using PoolProxy.IntegrationTests.Admin;
using PoolProxy.Testing;
using PoolProxy.Testing.Failover;
using PoolProxy.Testing.Proxy;
using Xunit;

namespace PoolProxy.IntegrationTests.Failure;

/// <summary>Databases that ask for a primary or a standby, on a pair of both, and what becomes of them when the standby is promoted.</summary>
public sealed class TargetSessionTests
{
    private static readonly (string Attrs, string Recovery)[] Asked =
        [("read-write", "f"), ("primary", "f"), ("read-only", "t"), ("standby", "t"), ("prefer-standby", "t")];

    [Fact]
    public async Task Each_database_is_served_by_a_host_that_is_what_it_asks_for()
    {
        await using FailoverPair pair = await FailoverPair.StartAsync();
        await using ProxyUnderTest proxy = await ProxyUnderTest.StartAsync(place => $"""
            [proxy]
            listen_addr = "127.0.0.1"
            listen_port = {place.Port}
            auth_type = "any"
            admin_users = "boss"
            pool_mode = "transaction"
            default_pool_size = 3
            {string.Concat(Asked.Select(asked => Database(asked.Attrs, pair, asked.Attrs)))}
            {Database("balanced", pair, "any")}
            """);
        foreach ((string attrs, string recovery) in Asked)
        {
            await using RawClient client = await proxy.LoginAsync("a", attrs);
            Assert.Equal($"{attrs} {recovery}", $"{attrs} {await client.ScalarAsync("select pg_is_in_recovery()")}");
        }

        await BothAreUsedAsync(proxy);
        await using RawClient console = await proxy.LoginAsync("boss", "pgbouncer");
        Dictionary<string, string?> balanced = await console.RowAsync("SHOW DATABASES", "name", "balanced");
        Assert.Equal(($"127.0.0.1:{pair.Primary.Port},127.0.0.1:{pair.Standby.Port}", "round-robin"), (balanced["host"], balanced["load_balance_hosts"]));
        Assert.Equal("round-robin", (await console.RowAsync("SHOW POOLS", "database", "balanced"))["load_balance_hosts"]);
        Assert.Equal(
            new[] { $"{pair.Primary.Port} up primary", $"{pair.Standby.Port} up standby" }.Order(),
            (await console.RowsAsync("SHOW HOSTS")).Select(row => $"{row["port"]} {row["state"]} {row["nature"]}").Order());

        // The standby becomes a primary too, and of a newer timeline: it is the one to write to, and nobody has a standby any more.
        await pair.Standby.PromoteAsync();
        await using RawClient writer = await proxy.LoginAsync("a", "read-write");
        await WaitFor.EqualAsync<string?>($"{pair.Standby.Port}", () => writer.ScalarAsync("select current_setting('port')"));
        await using RawClient reader = await proxy.LoginAsync("a", "standby");
        await WaitFor.TrueAsync(async () =>
        {
            await reader.SendQueryAsync("select 1");
            return (await reader.ReadToEndOrReadyAsync()).ErrorText() == "query_wait_timeout";
        });
        await using RawClient anyway = await proxy.LoginAsync("a", "prefer-standby");
        await WaitFor.EqualAsync<string?>("f", () => anyway.ScalarAsync("select pg_is_in_recovery()"));
    }

    // Two servers at once of a pool that takes turns.
    private static async Task BothAreUsedAsync(ProxyUnderTest proxy)
    {
        await using RawClient one = await proxy.LoginAsync("a", "balanced");
        await using RawClient other = await proxy.LoginAsync("b", "balanced");
        await one.QueryAsync("begin");
        await other.QueryAsync("begin");
        string?[] recoveries = [await one.ScalarAsync("select pg_is_in_recovery()"), await other.ScalarAsync("select pg_is_in_recovery()")];
        Assert.Equal(["f", "t"], recoveries.Order());
    }

    private static string Database(string name, FailoverPair pair, string attrs) => $"""

        [databases.{name}]
        {pair.HostLines}
        dbname = "postgres"
        user = "postgres"
        target_session_attrs = "{attrs}"
        host_check_period = "200ms"
        {(name == "standby" ? "query_wait_timeout = \"500ms\"" : "")}

        """;
}
