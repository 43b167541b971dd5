using PoolProxy.Testing.Failover;
using PoolProxy.Testing.Proxy;
using Xunit;

namespace PoolProxy.IntegrationTests.Failure;

/// <summary>A primary that dies, and its synchronous standby that takes over, under clients that write: the short form of the soak's failover.</summary>
public sealed class FailoverTests
{
    [Fact]
    public async Task A_failover_is_a_pause_and_loses_no_acknowledged_row()
    {
        await using FailoverPair pair = await FailoverPair.StartAsync();
        await using ProxyUnderTest proxy = await ProxyUnderTest.StartAsync(place => FailoverRun.Configuration(place, pair, servers: 2));
        FailoverResult result = await FailoverRun.RunAsync(pair, proxy, writers: 6, calm: TimeSpan.FromSeconds(0.5), hesitation: TimeSpan.FromSeconds(0.5));
        Assert.Equal(0, result.Missing);
        Assert.Equal(0, result.Gone);
        Assert.Equal(0, result.Reconnects);

        // Only what was under way on the two servers, when the one died and when the other's were terminated, has failed.
        Assert.Equal(["08006"], result.Errors.Keys);
        Assert.InRange(result.Errors["08006"], 1, 4);
    }
}
