using PoolProxy.Testing;
using PoolProxy.Testing.Proxy;
using Xunit;
using Xunit.Abstractions;

namespace PoolProxy.IntegrationTests.Pooling;

/// <summary>Many clients at once on few servers, each of which only ever gets what it asked for.</summary>
public sealed class ParallelClientTests(PoolScene scene, ITestOutputHelper output) : IClassFixture<PoolScene>
{
    private const int Clients = 20;
    private const int Transactions = 300;

    [Theory]
    [InlineData("transaction", 3)]
    [InlineData("transaction", 1)]
    [InlineData("session", 20)]
    public async Task Every_client_gets_its_own_rows_only(string mode, int size)
    {
        int seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        await using ProxyUnderTest proxy = await scene.StartAsync(mode, size, proxy: "max_prepared_statements = 5");
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(who => Task.Run(() => WorkAsync(proxy, who, new Random(seed + who)))));
    }

    private static async Task WorkAsync(ProxyUnderTest proxy, int who, Random random)
    {
        string zone = who % 2 == 0 ? "Asia/Tokyo" : "America/New_York";
        await using RawClient client = await proxy.LoginAsync("a", "app", null, ("TimeZone", zone), ("application_name", $"client {who}"));
        var prepared = new HashSet<int>();
        for (int turn = 0; turn < Transactions; turn++)
        {
            string mark = $"{who}/{turn}";
            switch (random.Next(7))
            {
                case 0:
                    Assert.Equal(mark, await client.ScalarAsync($"select '{mark}'"));
                    break;
                case 1:
                    await client.QueryAsync("begin");
                    Assert.Equal(mark, await client.ScalarAsync($"select '{mark}'"));
                    Assert.Equal('I', (await client.QueryAsync(random.Next(2) == 0 ? "commit" : "rollback")).Status());
                    break;
                case 2:
                    Assert.Equal([mark], (await client.Parse("", "select $1::text").Bind("", "", mark).Execute().Sync().RoundTripAsync()).Rows());
                    break;
                case 3:
                    int number = random.Next(10);
                    if (prepared.Add(number))
                    {
                        client.Parse($"s{number}", $"select $1 || '{number}' || ' of {who % 4}'");
                    }
                    Assert.Equal([$"{mark}{number} of {who % 4}"], (await client.Bind("", $"s{number}", mark).Execute().Sync().RoundTripAsync()).Rows());
                    break;
                case 4:
                    Assert.Equal($"{zone} client {who}", await client.ScalarAsync("select current_setting('TimeZone') || ' ' || current_setting('application_name')"));
                    break;
                case 5:
                    var failed = await client.Parse("", $"select '{mark}'::int").Bind("", "").Execute().Sync().RoundTripAsync();
                    Assert.Equal("22P02", failed.SqlState());
                    Assert.Contains(mark, failed.ErrorText(), StringComparison.Ordinal);
                    break;
                default:
                    await client.Query($"select '{mark} a'").Query($"select '{mark} b'").SendAsync();
                    Assert.Equal([$"{mark} a"], (await client.ReadUntilAsync("ReadyForQuery")).Rows());
                    Assert.Equal([$"{mark} b"], (await client.ReadUntilAsync("ReadyForQuery")).Rows());
                    break;
            }
        }
    }
}
