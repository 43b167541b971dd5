using System.Buffers.Binary;
using PoolProxy.Testing;
using PoolProxy.Testing.Proxy;
using Xunit;

namespace PoolProxy.IntegrationTests.Protocol;

/// <summary>CopyData where there is no COPY: PostgreSQL ignores it, and so does the proxy, without keeping it.</summary>
[Collection(nameof(AloneInTheProcess))]
public sealed class UnwantedCopyDataTests(PoolScene scene) : IClassFixture<PoolScene>
{
    [Fact]
    public async Task A_long_CopyData_of_a_client_without_a_server_is_dropped_as_it_comes()
    {
        const int Length = 16 << 20;
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient client = await proxy.LoginAsync("a", "app");
        await client.QueryAsync("select 1");
        byte[] message = new byte[1 + Length];
        message[0] = (byte)'d';
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(1), Length);
        long before = GC.GetTotalAllocatedBytes(precise: true);
        await client.Stream.WriteAsync(message);
        Assert.Equal("1", await client.ScalarAsync("select 1"));
        // Kept and made larger with each read, it would have been copied hundreds of times.
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 3 * Length);
    }
}
