using System.Net;
using PoolProxy.Core.Loops.Native;
using PoolProxy.Core.Transport;
using PoolProxy.IntegrationTests.Admin;
using PoolProxy.Testing;
using PoolProxy.Testing.Proxy;
using PoolProxy.Testing.Wire;
using Xunit;
using SocketAddress = PoolProxy.Core.Transport.SocketAddress;

namespace PoolProxy.IntegrationTests.Pooling;

/// <summary>What the proxy keeps of a client that is logged in and idle, as bytes of live objects.</summary>
[Collection(nameof(AloneInTheProcess))]
public sealed class IdleClientBytesTests(PoolScene scene) : IClassFixture<PoolScene>
{
    private const int Clients = 1000;

    [Theory]
    [InlineData("epoll", 800)]
    [InlineData("io_uring", 1000)]
    public async Task An_idle_client_keeps_less_than(string engine, int limitBytes)
    {
        await using ProxyUnderTest proxy = await scene.StartAsync(proxy: $"max_client_conn = 5000\nadmin_users = \"boss\"\nio_engine = \"{engine}\"");
        await using RawClient console = await proxy.LoginAsync("boss", "pgbouncer");
        var descriptors = new List<int>(2 * Clients);
        try
        {
            // The first pay for the tables.
            Enter(proxy.Port, Clients, descriptors);
            await ParkedAsync(console, Clients);
            long before = LiveBytes();
            Enter(proxy.Port, Clients, descriptors);
            await ParkedAsync(console, 2 * Clients);
            long after = LiveBytes();

            // What earlier tests left behind may go meanwhile: only too much is wrong.
            Assert.InRange((after - before) / Clients, long.MinValue, limitBytes);
        }
        finally
        {
            descriptors.ForEach(static descriptor => _ = Libc.close(descriptor));
        }
    }

    private static long LiveBytes()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private static Task ParkedAsync(RawClient console, int count) =>
        WaitFor.EqualAsync($"{count}", async () => (await console.RowAsync("SHOW LOOPS", "loop", "0"))["parked"]);

    /// <summary>Clients that are bare descriptors: no object of theirs is counted.</summary>
    private static unsafe void Enter(int port, int count, List<int> descriptors)
    {
        byte[] startup = StartupPackets.StartupMessage(StartupPackets.Version30, [new("user", "a"), new("database", "app")]);
        byte[] query = WireMessage.Frontend("Query \"select 1\"").Bytes.ToArray();
        Span<byte> address = stackalloc byte[SocketAddress.LargestBytes];
        uint length = (uint)SocketAddress.Write(SocketEndpoint.Tcp(IPAddress.Loopback, port), address);
        for (int i = 0; i < count; i++)
        {
            int descriptor = Libc.socket(Libc.AF_INET, Libc.SOCK_STREAM | Libc.SOCK_CLOEXEC, 0);
            Assert.True(descriptor >= 0);
            descriptors.Add(descriptor);
            fixed (byte* pointer = address)
            {
                Assert.Equal(0, Libc.connect(descriptor, pointer, length));
            }

            Exchange(descriptor, startup);
            Exchange(descriptor, query);
        }
    }

    /// <summary>Sends, and reads to ReadyForQuery.</summary>
    private static unsafe void Exchange(int descriptor, byte[] bytes)
    {
        const int Room = 4096;
        byte* buffer = stackalloc byte[Room];
        fixed (byte* pointer = bytes)
        {
            Assert.Equal(bytes.Length, Libc.send(descriptor, pointer, (nuint)bytes.Length, Libc.MSG_NOSIGNAL));
        }

        int held = 0;
        do
        {
            int received = (int)Libc.recv(descriptor, buffer + held, (nuint)(Room - held), 0);
            Assert.True(received > 0);
            held += received;
        }
        while (held < 6 || buffer[held - 6] != 'Z' || buffer[held - 1] != 'I');
    }
}
