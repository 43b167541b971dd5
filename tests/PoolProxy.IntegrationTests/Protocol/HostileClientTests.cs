using PoolProxy.Testing;
using PoolProxy.Testing.Proxy;
using PoolProxy.Testing.Wire;
using Xunit;

namespace PoolProxy.IntegrationTests.Protocol;

/// <summary>Clients that break the protocol: each is told so and closed, and nobody else notices.</summary>
public sealed class HostileClientTests(PoolScene scene) : IClassFixture<PoolScene>
{
    [Theory]
    [InlineData('Q', 0)]
    [InlineData('Q', 3)]
    [InlineData('P', -1)]
    [InlineData('B', int.MinValue)]
    [InlineData('S', 3)]
    [InlineData('d', 0)]
    [InlineData('z', 4)]
    [InlineData('\0', 4)]
    [InlineData('R', 8)]
    [InlineData('T', 4)]
    [InlineData('p', 8)]
    public async Task A_malformed_header_ends_its_client_with_08P01(char type, int length)
    {
        await using ProxyUnderTest proxy = await scene.StartAsync(size: 2);
        await using RawClient bystander = await proxy.LoginAsync("a", "app");
        await bystander.QueryAsync("begin");
        foreach (bool inTransaction in new[] { false, true })
        {
            await using RawClient hostile = await proxy.LoginAsync("b", "app");
            if (inTransaction)
            {
                await hostile.QueryAsync("begin");
            }
            byte[] header = [(byte)type, (byte)(length >> 24), (byte)(length >> 16), (byte)(length >> 8), (byte)length, 0, 0, 0, 0];
            await hostile.Stream.WriteAsync(header);
            var end = await hostile.ReadToEndAsync();
            Assert.Equal("08P01", end.SqlState());
        }
        Assert.Equal("1", await bystander.ScalarAsync("select 1"));
        Assert.Equal('I', (await bystander.QueryAsync("commit")).Status());
    }

    [Fact]
    public async Task A_length_of_2_GiB_is_refused_before_anything_of_it_is_passed_on()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync(proxy: "max_packet_size = 1000000");
        await using RawClient hostile = await proxy.LoginAsync("b", "app");
        await hostile.Stream.WriteAsync(new byte[] { (byte)'P', 0x7f, 0xff, 0xff, 0xff });
        Assert.Equal("08P01", (await hostile.ReadToEndAsync()).SqlState());
    }

    [Theory]
    [InlineData('S', 10_001)]
    [InlineData('H', 10_001)]
    [InlineData('X', 10_001)]
    [InlineData('c', 10_001)]
    [InlineData('f', 10_001)]
    [InlineData('D', 10_001)]
    [InlineData('E', 10_001)]
    [InlineData('C', 10_001)]
    [InlineData('S', int.MaxValue)]
    [InlineData('X', int.MaxValue)]
    public async Task A_length_that_its_message_can_never_have_is_refused_at_the_header(char type, int length)
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient hostile = await proxy.LoginAsync("b", "app");
        await hostile.QueryAsync("begin");
        await hostile.Stream.WriteAsync(new byte[] { (byte)type, (byte)(length >> 24), (byte)(length >> 16), (byte)(length >> 8), (byte)length });
        Assert.Equal("08P01", (await hostile.ReadToEndAsync()).SqlState());
        await using RawClient next = await proxy.LoginAsync("a", "app");
        Assert.Equal('I', (await next.QueryAsync("select 1")).Status());
    }

    [Theory]
    [InlineData("Parse", "name without an end")]
    [InlineData("Bind", "p")]
    [InlineData("Describe", "")]
    [InlineData("Describe", "X\0")]
    [InlineData("Close", "S")]
    [InlineData("Query", "no terminator")]
    [InlineData("Query", "")]
    [InlineData("Parse", "s\0select 1\0\0\x05")]
    public async Task A_malformed_body_is_a_protocol_violation_as_in_PostgreSQL(string name, string body)
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient bystander = await proxy.LoginAsync("a", "app");
        await using RawClient hostile = await proxy.LoginAsync("b", "app");
        byte type = name switch { "Parse" => (byte)'P', "Bind" => (byte)'B', "Describe" => (byte)'D', "Close" => (byte)'C', _ => (byte)'Q' };
        byte[] bytes = System.Text.Encoding.Latin1.GetBytes(body);
        await hostile.Put([type, 0, 0, 0, (byte)(bytes.Length + 4), .. bytes]).Sync().SendAsync();
        var first = await hostile.ReadAsync();
        Assert.Equal("ErrorResponse", first.Name);
        Assert.Equal("08P01", first.SqlState);
        Assert.Equal("1", await bystander.ScalarAsync("select 1"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(-1)]
    [InlineData(10_005)]
    [InlineData(int.MaxValue)]
    public async Task A_startup_packet_of_an_impossible_length_is_refused(int length)
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient hostile = await proxy.ConnectAsync();
        await hostile.Stream.WriteAsync(new byte[] { (byte)(length >> 24), (byte)(length >> 16), (byte)(length >> 8), (byte)length, 0, 3, 0, 0 });
        var end = await hostile.ReadToEndAsync();
        Assert.True(end.Count == 0 || end.SqlState() == "08P01");
        await using RawClient next = await proxy.LoginAsync("a", "app");
        Assert.Equal("1", await next.ScalarAsync("select 1"));
    }

    [Fact]
    public async Task A_second_startup_packet_after_login_is_refused()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient hostile = await proxy.LoginAsync("a", "app");
        await hostile.StartupAsync("other", "app");
        Assert.Equal("08P01", (await hostile.ReadToEndAsync()).SqlState());
    }

    [Fact]
    public async Task Messages_ahead_of_the_login_run_only_after_it()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient eager = await proxy.ConnectAsync();
        byte[] startup = StartupPackets.StartupMessage(StartupPackets.Version30, [new("user", "a"), new("database", "app")]);
        await eager.Put(startup).Query("select 'eager'").SendAsync();
        await eager.ReadUntilAsync("ReadyForQuery");
        Assert.Equal(["eager"], (await eager.ReadUntilAsync("ReadyForQuery")).Rows());
    }

    [Theory]
    [InlineData("Query \"select 1\"")]
    [InlineData("Sync")]
    [InlineData("Terminate")]
    public async Task Another_message_instead_of_the_password_is_no_login(string notation)
    {
        await using ProxyUnderTest proxy = await ProxyUnderTest.StartAsync(place => PoolScene
            .Text(place.Port, scene.Database.Cluster.Port, scene.Database.Name, rest: "[users.a]\npassword = \"secret\"")
            .Replace("\"any\"", "\"plain\"", StringComparison.Ordinal));
        await using RawClient hostile = await proxy.ConnectAsync();
        await hostile.StartupAsync("a", "app");
        await hostile.ExpectAsync("AuthenticationCleartextPassword");
        await hostile.Put(notation).Query("select 'in'").SendAsync();
        var end = await hostile.ReadToEndAsync();
        Assert.DoesNotContain(end, message => message.Name is "AuthenticationOk" or "ReadyForQuery" or "DataRow");
    }
}
