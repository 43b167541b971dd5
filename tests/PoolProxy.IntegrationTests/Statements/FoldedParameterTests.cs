using PoolProxy.Testing;
using PoolProxy.Testing.Proxy;
using Xunit;

namespace PoolProxy.IntegrationTests.Statements;

/// <summary>A statement prepared while other parameters were in force than its client had told serves nobody who has not those (isolation.md §6).</summary>
public class FoldedParameterTests(PoolScene scene) : IClassFixture<PoolScene>
{
    private const string Sql = "select extract(epoch from timestamptz '2024-06-01 12:00')::bigint";
    private const string InUtc = "1717243200";
    private const string InTokyo = "1717210800";

    [Fact]
    public async Task A_statement_parsed_behind_a_SET_of_its_own_batch_is_not_shared()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient tokyo = await proxy.LoginAsync("a", "app", null, ("TimeZone", "UTC"));
        await using RawClient utc = await proxy.LoginAsync("b", "app", null, ("TimeZone", "UTC"));
        var answer = await tokyo.Parse("", "set timezone = 'Asia/Tokyo'").Bind("", "").Execute().Parse("s", Sql).Bind("", "s").Execute().Sync().RoundTripAsync();
        Assert.Equal([InTokyo], answer.Rows());
        for (int turn = 0; turn < 2; turn++)
        {
            string name = $"s{turn}";
            Assert.Equal([InUtc], (await utc.Parse(name, Sql).Bind("", name).Execute().Sync().RoundTripAsync()).Rows());
        }
        Assert.Equal([InTokyo], (await tokyo.Parse("t", Sql).Bind("", "t").Execute().Sync().RoundTripAsync()).Rows());
    }

    [Fact]
    public async Task Nor_is_a_copy_of_others_used_behind_a_SET_of_the_same_batch()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient tokyo = await proxy.LoginAsync("a", "app", null, ("TimeZone", "UTC"));
        await using RawClient utc = await proxy.LoginAsync("b", "app", null, ("TimeZone", "UTC"));
        await utc.Parse("s", Sql).Sync().RoundTripAsync();
        var answer = await tokyo.Parse("", "set timezone = 'Asia/Tokyo'").Bind("", "").Execute().Parse("s", Sql).Bind("", "s").Execute().Sync().RoundTripAsync();
        Assert.Equal([InTokyo], answer.Rows());
        Assert.Equal([InUtc], (await utc.Bind("", "s").Execute().Sync().RoundTripAsync()).Rows());
    }

    [Fact]
    public async Task A_statement_prepared_again_after_its_client_has_changed_its_zone_is_not_shared()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient tokyo = await proxy.LoginAsync("a", "app", null, ("TimeZone", "UTC"));
        await using RawClient utc = await proxy.LoginAsync("b", "app", null, ("TimeZone", "UTC"));
        await tokyo.Parse("s", Sql).Sync().RoundTripAsync();
        await tokyo.QueryAsync("set timezone = 'Asia/Tokyo'");
        await utc.QueryAsync("deallocate all");
        await tokyo.Bind("", "s").Execute().Sync().RoundTripAsync();
        Assert.Equal([InUtc], (await utc.Parse("s", Sql).Bind("", "s").Execute().Sync().RoundTripAsync()).Rows());
    }
}

/// <inheritdoc/>
public sealed class FoldedParameterTestsOnNewest(PoolSceneOnNewest scene) : FoldedParameterTests(scene), IClassFixture<PoolSceneOnNewest>;
