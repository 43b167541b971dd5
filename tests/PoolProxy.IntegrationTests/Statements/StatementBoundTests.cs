using PoolProxy.Testing;
using PoolProxy.Testing.Proxy;
using Xunit;

namespace PoolProxy.IntegrationTests.Statements;

/// <summary>How much a client's prepared statements may take of the proxy.</summary>
public class StatementBoundTests(PoolScene scene) : IClassFixture<PoolScene>
{
    [Fact]
    public async Task The_clients_of_one_identity_share_a_bound_and_others_have_their_own()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient other = await proxy.LoginAsync("b", "app");
        var clients = new List<RawClient>();
        try
        {
            string padding = new(' ', 250_000), state = "";
            int count = 0;
            while (state.Length == 0 && count < 300)
            {
                // Of each client less than it may have by itself.
                if (count % 60 == 0)
                {
                    clients.Add(await proxy.LoginAsync("a", "app"));
                }
                state = (await clients[^1].Parse($"s{count}", $"select {count++}{padding}").Sync().RoundTripAsync()).SqlState();
            }
            Assert.Equal("53200", state);
            Assert.InRange(count, 250, 280);
            Assert.Equal("1", await clients[^1].ScalarAsync("select 1"));
            Assert.Equal("", (await other.Parse("s", "select 1").Sync().RoundTripAsync()).SqlState());
            // Who leaves makes room.
            await clients[0].DisposeAsync();
            await WaitFor.TrueAsync(async () => (await clients[^1].Parse("more", "select 'more'").Sync().RoundTripAsync()).SqlState().Length == 0);
        }
        finally
        {
            foreach (RawClient client in clients)
            {
                await client.DisposeAsync();
            }
        }
    }

    [Fact]
    public async Task More_names_than_there_may_be_are_refused_and_the_client_stays()
    {
        const int Most = 16 * 1024;
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient client = await proxy.LoginAsync("a", "app");
        for (int number = 0; number < Most; number++)
        {
            client.Parse($"s{number}", "select 1");
        }
        Assert.Equal("", (await client.Sync().RoundTripAsync()).ErrorText());
        Assert.Equal("54000", (await client.Parse("more", "select 1").Sync().RoundTripAsync()).SqlState());
        Assert.Equal(["1"], (await client.Bind("", $"s{Most - 1}").Execute().Sync().RoundTripAsync()).Rows());
        await client.CloseStatement("s0").Sync().RoundTripAsync();
        Assert.Equal("", (await client.Parse("more", "select 1").Sync().RoundTripAsync()).SqlState());
        // The server has one for all of them.
        Assert.Equal("1", await client.ScalarAsync("select count(*) from pg_prepared_statements"));
    }

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

/// <inheritdoc/>
public sealed class StatementBoundTestsOnNewest(PoolSceneOnNewest scene) : StatementBoundTests(scene), IClassFixture<PoolSceneOnNewest>;
