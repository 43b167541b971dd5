using PoolProxy.Core;
using PoolProxy.Sandbox;
using PoolProxy.Testing;
using Xunit;

namespace PoolProxy.IntegrationTests.Failure;

/// <summary>The end of the proxy itself.</summary>
public sealed class StoppingTests(PoolScene scene) : IClassFixture<PoolScene>
{
    [Fact]
    public async Task A_proxy_may_be_stopped_again_while_it_stops_and_afterwards()
    {
        using var folder = new TemporaryFolder();
        string file = folder.Write("pool.toml", PoolScene.Text(LoopbackPorts.Take(), scene.Database.Cluster.Port, scene.Database.Name));
        ProxyServer proxy = await ProxyServer.StartAsync(file, isQuiet: true);
        await using RawClient client = await RawClient.ConnectAsync(proxy.Port);
        await client.LoginAsync("a", "app");
        Task first = proxy.DisposeAsync().AsTask();
        Task second = proxy.DisposeAsync().AsTask();
        await Task.WhenAll(first, second).WaitAsync(Deadlines.Step);
        await proxy.DisposeAsync().AsTask().WaitAsync(Deadlines.Step);
        Assert.Equal("57P01", (await client.ReadToEndAsync()).SqlState());
    }
}
