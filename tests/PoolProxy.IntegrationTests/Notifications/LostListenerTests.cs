using PoolProxy.IntegrationTests.Admin;
using PoolProxy.IntegrationTests.Isolation;
using PoolProxy.IntegrationTests.Loops;
using PoolProxy.IntegrationTests.Statements;
using PoolProxy.Testing;
using PoolProxy.Testing.Postgres;
using Xunit;

namespace PoolProxy.IntegrationTests.Notifications;

/// <summary>The server that listens: who shares it, and who is told when it goes.</summary>
public sealed class LostListenerTests
{
    public static IEnumerable<object[]> Majors => AvailablePostgres.Majors;

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task Who_listens_is_told_and_who_does_not_goes_on(int major)
    {
        await using KeptPlace place = await ListenPlaces.StartAsync(major);
        await using RawClient one = await place.LoginAsync();
        await using RawClient busy = await place.LoginAsync();
        await using RawClient other = await place.LoginAsync();
        await one.QueryAsync("listen a");
        await busy.QueryAsync("listen a");
        await busy.QueryAsync("begin");
        await place.EndListenersAsync();
        Assert.Equal("08006", (await one.ReadToEndAsync()).SqlState());

        // Its transaction is not what was lost.
        Assert.Equal("1", await busy.ScalarAsync("select 1"));
        Assert.Equal("CommandComplete ReadyForQuery", (await busy.QueryAsync("commit")).Names());
        Assert.Equal("08006", (await busy.ReadToEndAsync()).SqlState());
        await other.QueryAsync("listen a");
        await other.QueryAsync("notify a, 'again'");
        Assert.Equal("a again", await other.NotifiedAsync());
    }

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task Another_server_that_dies_takes_no_channel_with_it(int major)
    {
        await using KeptPlace place = await ListenPlaces.StartAsync(major);
        await using RawClient one = await place.LoginAsync();
        await one.QueryAsync("listen a");
        await place.Database.ExecuteAsync($"select pg_terminate_backend({await one.ServerIdAsync()})");
        Assert.Equal("", await one.HeardAsync(place, "a"));
        // The end of the server that was killed may still be on its way to the proxy.
        await WaitFor.TrueAsync(async () =>
        {
            if ((await one.QueryAsync("begin")).SqlState().Length + (await one.QueryAsync("listen b")).SqlState().Length == 0)
            {
                return true;
            }
            await one.QueryAsync("rollback");
            return false;
        });
        await place.Database.ExecuteAsync($"select pg_terminate_backend({await one.ServerIdAsync()})");
        Assert.Equal("08006", (await one.QueryAsync("commit")).SqlState());
        await one.QueryAsync("rollback");
        Assert.Equal("", await one.HeardAsync(place, "a", "b"));
    }

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task RECONNECT_and_a_reload_elsewhere_tell_them_and_PAUSE_waits(int major)
    {
        await using KeptPlace place = await ListenPlaces.StartAsync(major);
        await using RawClient console = await place.Proxy.LoginAsync("admin", "pgbouncer");
        await using (RawClient one = await place.LoginAsync())
        {
            await one.QueryAsync("listen a");
            await console.QueryAsync("RECONNECT app");
            Assert.Equal("08006", (await one.ReadToEndAsync()).SqlState());
        }

        await using (RawClient one = await place.LoginAsync())
        {
            await one.QueryAsync("listen a");
            Assert.Empty(await place.Proxy.ReloadAsync(text => text.Replace("[databases.app]", "[databases.app]\nconnect_query = \"select 1\"", StringComparison.Ordinal)));
            Assert.Equal("08006", (await one.ReadToEndAsync()).SqlState());
        }

        await using RawClient last = await place.LoginAsync();
        await last.QueryAsync("listen a");
        await console.SendQueryAsync("PAUSE app");
        await using RawClient second = await place.Proxy.LoginAsync("admin", "pgbouncer");
        await WaitFor.EqualAsync(1, async () => (await second.RowsAsync("SHOW SERVERS")).Count);
        Assert.Equal("", await last.HeardAsync(place, "a"));
        await last.DisposeAsync();
        Assert.Equal("", (await console.ReadUntilAsync("ReadyForQuery")).SqlState());
        await console.QueryAsync("RESUME app");
    }

    [Theory]
    [InlineData("partitioned", 1)]
    [InlineData("set_role", 1)]
    [InlineData("exclusive", 2)]
    public async Task Identities_of_a_role_share_it_unless_they_share_nothing(string level, int listeners)
    {
        foreach (int major in AvailablePostgres.Found.Select(binaries => binaries.Major))
        {
            await using Installation here = await Installation.StartAsync(major, new InstallationOptions { Level = level, PoolSize = 6 });
            await using RawClient alice = await here.LoginAsync("alice");
            await using RawClient bob = await here.LoginAsync("bob");
            await using RawClient writer = await here.LoginAsync("carol", here.Writer("carol"));
            Assert.Equal("", (await alice.QueryAsync("listen news")).SqlState());
            Assert.Equal("", (await bob.QueryAsync("listen news")).SqlState());
            Assert.Equal("", (await writer.QueryAsync("listen news")).SqlState());
            await bob.QueryAsync("notify news, 'from bob'");
            foreach (RawClient client in (RawClient[])[alice, bob, writer])
                Assert.Equal("news from bob", await client.NotifiedAsync());

            // Another role has another.
            Assert.Equal(listeners + 1, await here.Database.QueryAsync<int>(
                $"select count(*)::int from pg_stat_activity where datname = '{here.Database.Name}' and application_name = '{ListenPlaces.Listener}'"));
            Assert.Equal("0", await bob.ScalarAsync("select count(*) from pg_listening_channels()"));
        }
    }

    [Fact]
    public async Task One_server_listens_for_the_clients_of_all_loops()
    {
        await using LoopPlace place = await LoopPlace.StartAsync(size: 3);
        await using RawClient here = await place.ClientAsync(0);
        await using RawClient there = await place.ClientAsync(1);
        await using RawClient also = await place.ClientAsync(1);
        for (int turn = 0; turn < 20; turn++)
        {
            await here.QueryAsync("listen a");
            await there.QueryAsync("listen a");
            await also.QueryAsync("begin; listen a; commit");
            await there.QueryAsync($"notify a, '{turn}'");
            foreach (RawClient client in (RawClient[])[here, there, also])
                Assert.Equal($"a {turn}", await client.NotifiedAsync());
            Assert.Equal(1, await place.Database.QueryAsync<int>($"select count(*)::int from pg_stat_activity where usename = '{place.Login}' and application_name = '{ListenPlaces.Listener}'"));
            await (turn % 2 == 0 ? here : there).QueryAsync("unlisten *");
            await also.QueryAsync("discard all");
        }

        await here.QueryAsync("listen a");
        await there.QueryAsync("listen b");
        await place.Database.ExecuteAsync($"select pg_terminate_backend(pid) from pg_stat_activity where usename = '{place.Login}' and application_name = '{ListenPlaces.Listener}'");
        Assert.Equal("08006", (await here.ReadToEndAsync()).SqlState());
        Assert.Equal("08006", (await there.ReadToEndAsync()).SqlState());
        Assert.Equal("1", await also.ScalarAsync("select 1"));
    }
}
