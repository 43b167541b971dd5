using PoolProxy.Testing;
using PoolProxy.Testing.Proxy;
using Xunit;

namespace PoolProxy.IntegrationTests.Failure;

/// <summary>Servers that break the protocol: they are closed, the client hears 08006, and the proxy lives on.</summary>
public sealed class HostileServerTests
{
    [Theory]
    [InlineData(new byte[] { (byte)'E', 0, 0, 0, 5, 0 })]
    [InlineData(new byte[] { (byte)'R', 0, 0, 0, 3 })]
    [InlineData(new byte[] { (byte)'R', 0, 0, 0, 8, 0, 0, 0, 99 })]
    [InlineData(new byte[] { (byte)'R', 0x7f, 0xff, 0xff, 0xff })]
    [InlineData(new byte[] { (byte)'D', 0, 0, 0, 6, 0, 0 })]
    [InlineData(new byte[] { (byte)'Z', 0, 0, 0, 5, (byte)'I' })]
    public async Task A_broken_login_is_08006(byte[] answer)
    {
        await using var backend = ScriptedBackend.Start(async session =>
        {
            await session.ReadStartupAsync();
            await session.Stream.WriteAsync(answer);
            await session.Stream.ReadToEndAsync();
        });
        await using ProxyUnderTest proxy = await StartAsync(backend.Port);
        await using RawClient client = await proxy.ConnectAsync();
        Assert.Equal("08006", (await client.TryLoginAsync("a", "app")).Error?.SqlState);
    }

    [Fact]
    public async Task Bytes_behind_the_answer_to_SSLRequest_are_refused()
    {
        await using var backend = ScriptedBackend.Start(async session =>
        {
            await session.Stream.ReadBytesAsync(8);
            await session.Stream.WriteAsync("SR\0\0\0\x08\0\0\0\0"u8.ToArray());
            await session.Stream.ReadToEndAsync();
        });
        await using ProxyUnderTest proxy = await StartAsync(backend.Port, "require");
        await using RawClient client = await proxy.ConnectAsync();
        Assert.Equal("08006", (await client.TryLoginAsync("a", "app")).Error?.SqlState);
    }

    [Fact]
    public async Task A_server_without_TLS_is_refused_where_TLS_is_required()
    {
        await using var backend = ScriptedBackend.Start(async session =>
        {
            await session.Stream.ReadBytesAsync(8);
            await session.Stream.WriteAsync("N"u8.ToArray());
            Assert.Empty(await session.Stream.ReadToEndAsync());
        });
        await using ProxyUnderTest proxy = await StartAsync(backend.Port, "require");
        await using RawClient client = await proxy.ConnectAsync();
        Assert.Equal("08006", (await client.TryLoginAsync("a", "app")).Error?.SqlState);
    }

    private static Task<ProxyUnderTest> StartAsync(int port, string tls = "disable") => ProxyUnderTest.StartAsync(place => PoolScene.Text(
        place.Port, port, "x", proxy: $"server_tls_sslmode = \"{tls}\"\nserver_login_retry = \"100ms\"\nserver_connect_timeout = 5"));
}
