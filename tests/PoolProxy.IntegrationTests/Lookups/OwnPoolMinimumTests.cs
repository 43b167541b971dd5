using PoolProxy.IntegrationTests.Admin;
using PoolProxy.Testing;
using PoolProxy.Testing.Proxy;
using Xunit;

namespace PoolProxy.IntegrationTests.Lookups;

/// <summary>min_pool_size where servers are logged in to as the client: kept for as long as one of the pool's clients is connected.</summary>
public sealed class OwnPoolMinimumTests(AskedServer server) : IClassFixture<AskedServer>
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task It_is_kept_from_the_first_client_to_the_last(int threads)
    {
        string anna = await server.MakeAsync("kept" + threads), ben = await server.MakeAsync("marker" + threads);
        await using ProxyUnderTest proxy = await server.StartAsync($"min_pool_size = 3\nthreads = {threads}\nauth_user = \"{server.Asker}\"");
        await using RawClient console = await proxy.LoginAsync("boss", "pgbouncer", "boss");
        Assert.Equal((0, 0), (await ServersAsync(anna), await ServersAsync(ben)));

        RawClient first = await proxy.LoginAsync(anna, "app", AskedServer.Password);
        RawClient second = await proxy.LoginAsync(anna, "app", AskedServer.Password);
        await using RawClient other = await proxy.LoginAsync(ben, "app", AskedServer.Password);
        await WaitFor.EqualAsync(3, () => ServersAsync(anna));
        await first.DisposeAsync();
        await EndServersAsync(anna);
        await WaitFor.EqualAsync(3, () => ServersAsync(anna));

        // Nobody is left in the one pool; what is done for the other says when it would have been done.
        await second.DisposeAsync();
        await WaitFor.TrueAsync(async () => (await console.RowsAsync("SHOW CLIENTS")).All(client => client["user"] != anna));
        await EndServersAsync(anna);
        await WaitFor.EqualAsync(0, () => ServersAsync(anna));
        await WaitFor.EqualAsync(3, () => ServersAsync(ben));
        await EndServersAsync(ben);
        await WaitFor.EqualAsync(3, () => ServersAsync(ben));
        Assert.Equal(0, await ServersAsync(anna));
    }

    [Fact]
    public async Task The_size_of_the_pool_is_what_counts_where_it_is_smaller()
    {
        string anna = await server.MakeAsync("capped");
        await using ProxyUnderTest proxy = await server.StartAsync($"min_pool_size = 30\ndefault_pool_size = 2\nauth_user = \"{server.Asker}\"");
        await using RawClient client = await proxy.LoginAsync(anna, "app", AskedServer.Password);
        await WaitFor.EqualAsync(2, () => ServersAsync(anna));
        Assert.Equal(anna, await client.ScalarAsync("select session_user"));
        Assert.Equal(2, await ServersAsync(anna));
        Assert.Contains("min_pool_size is above default_pool_size", AskedServer.Log(proxy), StringComparison.Ordinal);
    }

    private Task<int> ServersAsync(string role) => server.Database.QueryAsync<int>($"select count(*)::int from pg_stat_activity where usename = '{role}'");

    private Task EndServersAsync(string role) => server.Database.ExecuteAsync($"select pg_terminate_backend(pid) from pg_stat_activity where usename = '{role}'");
}
