using PoolProxy.Testing;
using PoolProxy.Testing.Proxy;
using Xunit;

namespace PoolProxy.IntegrationTests.Failure;

/// <summary>Servers that break the protocol: they are closed, the client hears 08006, and the proxy lives on.</summary>
public sealed class HostileServerTests
{
    [Theory]
    [InlineData(new byte[] { (byte)'D', 0, 0, 0, 0 })]
    [InlineData(new byte[] { (byte)'D', 0, 0, 0, 3 })]
    [InlineData(new byte[] { (byte)'C', 0xff, 0xff, 0xff, 0xff })]
    [InlineData(new byte[] { (byte)'Z', 0, 0, 0, 4 })]
    [InlineData(new byte[] { (byte)'1', 0, 0, 0, 4 })]
    [InlineData(new byte[] { (byte)'R', 0, 0, 0, 8, 0, 0, 0, 0 })]
    [InlineData(new byte[] { (byte)'?', 0, 0, 0, 4 })]
    public async Task A_broken_answer_is_08006_and_the_next_server_serves(byte[] answer)
    {
        int number = 0;
        await using var backend = ScriptedBackend.Start(async session =>
        {
            await session.LoginAsync();
            bool isHostile = Interlocked.Increment(ref number) == 1;
            while ((await session.ReadToQueryAsync()) is not null)
            {
                if (isHostile)
                {
                    await session.Stream.WriteAsync(answer);
                }
                else
                {
                    await session.SendAsync("""CommandComplete "SELECT 0" """, "ReadyForQuery I");
                }
            }
        });
        ProxyUnderTest proxy = await StartAsync(backend.Port);
        await using (proxy)
        {
            await using RawClient client = await proxy.LoginAsync("a", "app");
            await client.SendQueryAsync("select 1");
            Assert.Equal("08006", (await client.ReadToEndOrReadyAsync()).SqlState());
            await using RawClient next = await proxy.LoginAsync("b", "app");
            Assert.Equal("CommandComplete ReadyForQuery", (await next.QueryAsync("select 1")).Names());
        }
    }

    [Fact]
    public async Task An_error_without_SQLSTATE_passes_and_harms_nobody()
    {
        await using var backend = ScriptedBackend.Start(async session =>
        {
            await session.LoginAsync();
            while ((await session.ReadToQueryAsync()) is not null)
            {
                await session.SendAsync("""ErrorResponse S="ERROR" M="no code" """, "ErrorResponse", "ReadyForQuery I");
            }
        });
        await using ProxyUnderTest proxy = await StartAsync(backend.Port);
        await using RawClient client = await proxy.LoginAsync("a", "app");
        Assert.Equal("ReadyForQuery", (await client.QueryAsync("select 1"))[^1].Name);
        Assert.Equal("ReadyForQuery", (await client.QueryAsync("select 1"))[^1].Name);
    }

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
    public async Task A_server_that_breaks_the_protocol_right_behind_its_login_never_serves()
    {
        int number = 0;
        await using var backend = ScriptedBackend.Start(async session =>
        {
            if (Interlocked.Increment(ref number) == 1)
            {
                await session.ReadStartupAsync();
                await session.SendAsync("AuthenticationOk", """BackendKeyData 1 "\x01\x02\x03\x04" """, "ReadyForQuery I", "ReadyForQuery I");
                await session.Stream.ReadToEndAsync();
                return;
            }
            await session.LoginAsync();
            while ((await session.ReadToQueryAsync()) is not null)
            {
                await session.SendAsync("""CommandComplete "SELECT 0" """, "ReadyForQuery I");
            }
        });
        await using ProxyUnderTest proxy = await StartAsync(backend.Port);
        await using (RawClient refused = await proxy.ConnectAsync())
        {
            Assert.Equal("08006", (await refused.TryLoginAsync("a", "app")).Error?.SqlState);
        }
        await WaitFor.TrueAsync(async () =>
        {
            await using RawClient client = await proxy.ConnectAsync();
            return (await client.TryLoginAsync("a", "app")).Error is null && (await client.QueryAsync("select 1")).Names() == "CommandComplete ReadyForQuery";
        });
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
