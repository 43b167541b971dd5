using PoolProxy.Sandbox.Postgres;
using PoolProxy.Testing;
using PoolProxy.Testing.Postgres;
using PoolProxy.Testing.Proxy;
using Xunit;

namespace PoolProxy.IntegrationTests.Pooling;

/// <summary>What a client itself does to its parameters by SET and RESET, without isolation.</summary>
public sealed class OwnSettingTests(PoolScene scene) : IClassFixture<PoolScene>
{
    [Theory]
    [MemberData(nameof(AvailablePostgres.Majors), MemberType = typeof(AvailablePostgres))]
    public async Task A_client_gets_the_search_path_it_asked_for_whatever_the_one_before_has_set(int major)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(PostgresWish.Exactly(major));
        await using ProxyUnderTest proxy = await ProxyUnderTest.StartAsync(place => PoolScene.Text(place.Port, database.Cluster.Port, database.Name, proxy: "track_extra_parameters = \"search_path\""));
        await using RawClient first = await proxy.LoginAsync("a", "app", null, ("options", "-c search_path=wanted"));
        await using RawClient second = await proxy.LoginAsync("b", "app", null, ("options", "-c search_path=wanted"));
        await first.QueryAsync("set search_path = other");
        Assert.Equal("wanted", await second.ScalarAsync("show search_path"));
        await first.QueryAsync("set search_path = other");
        await first.QueryAsync("set search_path = another");
        Assert.Equal("wanted", await second.ScalarAsync("show search_path"));
    }

    [Theory]
    [InlineData("reset all; set timezone = 'Asia/Tokyo'")]
    [InlineData("reset statement_timeout; set timezone = 'Asia/Tokyo'")]
    [InlineData("set timezone = 'Asia/Tokyo'; reset statement_timeout")]
    public async Task A_SET_behind_a_RESET_in_one_Query_stands(string sql)
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient client = await proxy.LoginAsync("a", "app", null, ("TimeZone", "Europe/Paris"));
        await client.QueryAsync(sql);
        Assert.Equal("Asia/Tokyo", client.Parameters["TimeZone"]);
        Assert.Equal("Asia/Tokyo", await client.ScalarAsync("show timezone"));
        await client.QueryAsync("reset timezone");
        Assert.Equal("Europe/Paris", await client.ScalarAsync("show timezone"));
    }

    [Fact]
    public async Task So_does_one_behind_a_RESET_in_one_batch()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient client = await proxy.LoginAsync("a", "app", null, ("TimeZone", "Europe/Paris"));
        await client.Parse("", "reset all").Bind("", "").Execute().Parse("", "set timezone = 'Asia/Tokyo'").Bind("", "").Execute().Sync().RoundTripAsync();
        Assert.Equal("Asia/Tokyo", await client.ScalarAsync("show timezone"));
    }
}
