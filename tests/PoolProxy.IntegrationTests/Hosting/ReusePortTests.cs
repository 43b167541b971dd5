using PoolProxy.Core.Frontend;
using PoolProxy.Testing;
using PoolProxy.Testing.Proxy;
using Xunit;

namespace PoolProxy.IntegrationTests.Hosting;

/// <summary>Several proxies on one port (so_reuseport), restarted one after the other as PgBouncer's manual has it.</summary>
public sealed class ReusePortTests(PoolScene scene) : IClassFixture<PoolScene>
{
    [Fact]
    public async Task A_proxy_that_waits_for_its_clients_sends_newcomers_to_the_other_and_loses_nobody()
    {
        await using ProxyUnderTest first = await scene.StartAsync(size: 4, proxy: "so_reuseport = true");
        await using ProxyUnderTest second = await StartAsync(first.Port);
        var load = new RestartLoad(first.Port, null);
        try
        {
            load.Start();
            await load.SeeMoreAsync(connections: 30, transactions: 60);
            await first.Server.ShutdownAsync(ShutdownMode.WaitForClients);
            await first.Server.Completion.WaitAsync(Deadlines.Step);
            await using ProxyUnderTest third = await StartAsync(first.Port);
            await second.Server.ShutdownAsync(ShutdownMode.WaitForClients);
            await second.Server.Completion.WaitAsync(Deadlines.Step);
            await load.SeeMoreAsync(connections: 30, transactions: 60);
            await load.StopAsync();
        }
        catch
        {
            await load.StopAsync();
            throw;
        }

        Assert.Empty(load.Failures);
    }

    [Fact]
    public async Task Without_the_setting_a_port_is_one_proxys()
    {
        await using ProxyUnderTest first = await scene.StartAsync();
        await Assert.ThrowsAsync<PoolProxy.Core.ProxyFaultException>(() => StartAsync(first.Port));
    }

    private Task<ProxyUnderTest> StartAsync(int port) => ProxyUnderTest.StartAsync(
        _ => PoolScene.Text(port, scene.Database.Cluster.Port, scene.Database.Name, size: 4, proxy: "so_reuseport = true"));
}
