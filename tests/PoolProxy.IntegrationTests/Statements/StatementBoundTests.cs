using PoolProxy.Testing;
using PoolProxy.Testing.Proxy;
using Xunit;

namespace PoolProxy.IntegrationTests.Statements;

/// <summary>How much a client's prepared statements may take of the proxy.</summary>
public sealed class StatementBoundTests(PoolScene scene) : IClassFixture<PoolScene>
{
    [Fact]
    public async Task Long_statements_are_refused_once_they_take_too_much_and_the_client_stays()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient client = await proxy.LoginAsync("a", "app");
        string padding = new(' ', 250_000);
        string state = "";
        int count = 0;
        for (; state.Length == 0 && count < 100; count++)
        {
            state = (await client.Parse($"s{count}", $"select {count}{padding}").Sync().RoundTripAsync()).SqlState();
        }
        Assert.Equal("53200", state);
        Assert.InRange(count, 60, 80);
        Assert.Equal("1", await client.ScalarAsync("select 1"));
        // Closed ones make room.
        await client.CloseStatement("s0").CloseStatement("s1").Sync().RoundTripAsync();
        Assert.Equal("", (await client.Parse("again", "select 1").Sync().RoundTripAsync()).SqlState());
    }
}
