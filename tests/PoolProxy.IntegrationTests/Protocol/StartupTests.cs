using PoolProxy.Testing;
using PoolProxy.Testing.Proxy;
using PoolProxy.Testing.Wire;
using Xunit;

namespace PoolProxy.IntegrationTests.Protocol;

/// <summary>What comes before the first query: versions, encryption requests, and what stands in the welcome.</summary>
public sealed class StartupTests(PoolScene scene) : IClassFixture<PoolScene>
{
    private const int Version32 = (3 << 16) | 2;

    [Fact]
    public async Task Protocol_3_0_gets_a_key_of_4_bytes()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient client = await proxy.LoginAsync("a", "app");
        Assert.Equal(4, client.SecretKey.Length);
    }

    [Fact]
    public async Task Protocol_3_2_gets_a_key_of_32_bytes()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient client = await proxy.ConnectAsync();
        await client.StartupAsync(Version32, [("user", "a"), ("database", "app")]);
        RawLogin login = await client.AnswerLoginAsync("a", null);
        Assert.DoesNotContain("NegotiateProtocolVersion", login.Names);
        Assert.Equal(32, client.SecretKey.Length);
        Assert.Equal("1", await client.ScalarAsync("select 1"));
    }

    [Fact]
    public async Task A_newer_minor_version_and_unknown_options_are_negotiated()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient client = await proxy.ConnectAsync();
        await client.StartupAsync((3 << 16) | 9999, [("user", "a"), ("database", "app"), ("_pq_.grease", "1")]);
        WireMessage answer = await client.ExpectAsync("NegotiateProtocolVersion");
        Assert.EndsWith("(\"_pq_.grease\")", answer.ToString(), StringComparison.Ordinal);
        RawLogin login = await client.AnswerLoginAsync("a", null);
        Assert.Null(login.Error);
        Assert.Equal("1", await client.ScalarAsync("select 1"));
    }

    [Theory]
    [InlineData(2 << 16)]
    [InlineData(4 << 16)]
    public async Task Another_major_version_is_refused(int version)
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient client = await proxy.ConnectAsync();
        await client.StartupAsync(version, [("user", "a"), ("database", "app")]);
        Assert.Equal("0A000", (await client.ReadToEndAsync()).SqlState());
    }

    [Fact]
    public async Task Encryption_requests_are_refused_with_N_and_the_login_goes_on()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient client = await proxy.ConnectAsync();
        await client.Stream.WriteAsync(StartupPackets.GSSENCRequest());
        Assert.Equal((byte)'N', (await client.Stream.ReadBytesAsync(1))[0]);
        Assert.Equal('N', await client.RequestTlsAsync());
        await client.LoginAsync("a", "app");
        Assert.Equal("1", await client.ScalarAsync("select 1"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Bytes_ahead_of_the_answer_to_an_encryption_request_are_refused(bool tls)
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient client = await proxy.ConnectAsync();
        byte[] startup = StartupPackets.StartupMessage(StartupPackets.Version30, [new("user", "a"), new("database", "app")]);
        await client.Stream.WriteAsync(new byte[][] { tls ? StartupPackets.SSLRequest() : StartupPackets.GSSENCRequest(), startup }.SelectMany(bytes => bytes).ToArray());
        var end = await client.ReadToEndAsync();
        Assert.Equal("08P01", end.SqlState());
        Assert.DoesNotContain(end, message => message.Name == "AuthenticationOk");
    }

    [Fact]
    public async Task An_unknown_database_is_refused_with_3D000()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient client = await proxy.ConnectAsync();
        RawLogin login = await client.TryLoginAsync("a", "nowhere");
        Assert.Equal("3D000", login.Error?.SqlState);
        Assert.Equal("no such database: nowhere", login.Error?.ErrorText);
    }

    [Fact]
    public async Task The_star_database_serves_every_other_name()
    {
        await using ProxyUnderTest proxy = await ProxyUnderTest.StartAsync(place => PoolScene
            .Text(place.Port, scene.Database.Cluster.Port, scene.Database.Name)
            .Replace("[databases.app]", "[databases.\"*\"]", StringComparison.Ordinal)
            .Replace($"dbname = \"{scene.Database.Name}\"", "", StringComparison.Ordinal));
        await using RawClient client = await proxy.LoginAsync("a", scene.Database.Name);
        Assert.Equal(scene.Database.Name, await client.ScalarAsync("select current_database()"));
    }

    [Fact]
    public async Task The_welcome_holds_what_the_server_reports()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient direct = await scene.Database.ConnectRawAsync();
        await using RawClient client = await proxy.LoginAsync("a", "app");
        Assert.Equal(direct.Parameters.Keys.Order(), client.Parameters.Keys.Order());
        Assert.Equal(direct.Parameters["server_version"], client.Parameters["server_version"]);
    }
}
