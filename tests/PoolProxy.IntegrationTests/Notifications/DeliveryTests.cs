using PoolProxy.IntegrationTests.Admin;
using PoolProxy.IntegrationTests.Statements;
using PoolProxy.Testing;
using PoolProxy.Testing.Postgres;
using PoolProxy.Testing.Wire;
using Xunit;

namespace PoolProxy.IntegrationTests.Notifications;

/// <summary>When notifications reach a client, and what becomes of it when they cannot.</summary>
public sealed class DeliveryTests
{
    public static IEnumerable<object[]> Majors => AvailablePostgres.Majors;

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task In_a_transaction_they_wait_for_its_end(int major)
    {
        await using KeptPlace place = await ListenPlaces.StartAsync(major);
        await using RawClient one = await place.LoginAsync();
        await using RawClient witness = await place.LoginAsync();
        await one.QueryAsync("listen news");
        await witness.QueryAsync("listen news");
        await one.QueryAsync("begin");
        await place.Database.ExecuteAsync("notify news, '1'; notify news, '2'");
        Assert.Equal("news 1", await witness.NotifiedAsync());
        Assert.Equal("news 2", await witness.NotifiedAsync());
        Assert.Equal("RowDescription DataRow CommandComplete ReadyForQuery", (await one.QueryAsync("select 1")).Names());
        Assert.Equal("ErrorResponse ReadyForQuery", (await one.QueryAsync("select 'x'::int")).Names());
        Assert.Equal("CommandComplete ReadyForQuery", (await one.QueryAsync("rollback")).Names());
        Assert.Equal("news 1", await one.NotifiedAsync());
        Assert.Equal("news 2", await one.NotifiedAsync());
    }

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task Never_inside_an_answer(int major)
    {
        await using KeptPlace place = await ListenPlaces.StartAsync(major);
        await using RawClient one = await place.LoginAsync();
        await using RawClient witness = await place.LoginAsync();
        await one.QueryAsync("listen news");
        await witness.QueryAsync("listen news");
        await one.SendQueryAsync("select i, pg_sleep(case when i = 2 then 0.3 else 0 end) from generate_series(1, 3) i");
        await one.ExpectAsync("RowDescription");
        await place.Database.ExecuteAsync("notify news, 'meanwhile'");
        Assert.Equal("news meanwhile", await witness.NotifiedAsync());
        Assert.Equal("DataRow DataRow DataRow CommandComplete ReadyForQuery", (await one.ReadUntilAsync("ReadyForQuery")).Names());
        Assert.Equal("news meanwhile", await one.NotifiedAsync());

        // A batch without its Sync is a transaction too.
        await one.Parse("", "select 1").Bind("", "").Execute().Flush().SendAsync();
        await one.ExpectAllAsync("ParseComplete", "BindComplete", "DataRow", "CommandComplete");
        await place.Database.ExecuteAsync("notify news, 'again'");
        Assert.Equal("news again", await witness.NotifiedAsync());
        await one.Sync().SendAsync();
        await one.ExpectAsync("ReadyForQuery");
        Assert.Equal("news again", await one.NotifiedAsync());
    }

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task Everybody_who_listens_gets_each_once_over_one_server(int major)
    {
        await using KeptPlace place = await ListenPlaces.StartAsync(major);
        await using RawClient one = await place.LoginAsync();
        await using RawClient other = await place.LoginAsync();
        await using RawClient third = await place.LoginAsync();
        await one.QueryAsync("listen a");
        await other.QueryAsync("listen a");
        await other.QueryAsync("listen b");
        await third.QueryAsync("listen b");
        await third.QueryAsync("begin; notify a, '1'; notify b, '2'; notify a, '3'; commit");
        Assert.Equal(["a 1", "a 3"], [await one.NotifiedAsync(), await one.NotifiedAsync()]);
        Assert.Equal(["a 1", "b 2", "a 3"], [await other.NotifiedAsync(), await other.NotifiedAsync(), await other.NotifiedAsync()]);
        Assert.Equal("b 2", await third.NotifiedAsync());
        Assert.Equal(1, await place.ListenersAsync());
        await one.DisposeAsync();
        await WaitFor.EqualAsync("2 1", () => place.Proxy.ShownAsync("channels"));
        await third.QueryAsync("notify a, '4'");
        Assert.Equal("a 4", await other.NotifiedAsync());
    }

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task A_channel_that_nobody_wants_any_more_is_given_up_upstream(int major)
    {
        await using KeptPlace place = await ListenPlaces.StartAsync(major);
        RawClient one = await place.LoginAsync();
        await one.QueryAsync("listen a");
        await one.DisposeAsync();
        await WaitFor.EqualAsync("UNLISTEN \"a\";", () => place.Database.QueryAsync<string>(
            $"select query from pg_stat_activity where datname = '{place.Database.Name}' and application_name = '{ListenPlaces.Listener}'"));

        // And taken up again, on the same connection.
        await using RawClient other = await place.LoginAsync();
        await other.QueryAsync("listen a");
        Assert.Equal("", await other.HeardAsync(place, "a"));
        Assert.Equal(1, await place.ListenersAsync());
    }

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task A_client_that_does_not_read_is_ended_and_holds_nobody_up(int major)
    {
        await using KeptPlace place = await ListenPlaces.StartAsync(major);
        await using RawClient slow = await place.LoginAsync();
        await using RawClient quick = await place.LoginAsync();
        await slow.QueryAsync("listen news");
        await quick.QueryAsync("listen news");
        await using RawClient direct = await place.LoginDirectlyAsync();
        const int Count = 1000;
        const int Bursts = 6;
        for (int burst = 0; burst < Bursts; burst++)
        {
            await direct.QueryAsync($"select count(pg_notify('news', repeat('x', 7900) || i)) from generate_series(1, {Count}) i");
            for (int i = 1; i <= Count; i++)
                Assert.EndsWith($"x{i}", await quick.NotifiedAsync(), StringComparison.Ordinal);
        }

        await WaitFor.EqualAsync("1", () => place.Proxy.ShownAsync("channels"));
        IReadOnlyList<WireMessage> end = await slow.ReadToEndAsync();
        Assert.True(end.Notifications().Count() < Count * Bursts);
        await WaitFor.EqualAsync("0", () => direct.ScalarAsync("select pg_notification_queue_usage()"));
    }

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task So_is_one_that_stays_in_its_transaction_for_too_long(int major)
    {
        await using KeptPlace place = await ListenPlaces.StartAsync(major);
        await using RawClient one = await place.LoginAsync();
        await one.QueryAsync("listen news");
        await one.QueryAsync("begin");
        await place.Database.ExecuteAsync("select count(pg_notify('news', repeat('x', 7900) || i)) from generate_series(1, 3000) i");
        IReadOnlyList<WireMessage> end = await one.ReadToEndAsync();
        Assert.Equal("53200", end.SqlState());
        Assert.Empty(end.Notifications());
    }

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task A_parked_client_is_reached_too_and_goes_on(int major)
    {
        await using KeptPlace place = await ListenPlaces.StartAsync(major);
        await using RawClient one = await place.LoginAsync();
        await one.QueryAsync("listen news");
        await using RawClient console = await place.Proxy.LoginAsync("admin", "pgbouncer");
        await WaitFor.EqualAsync("1", async () => (await console.RowAsync("SHOW LOOPS", "loop", "0"))["parked"]);
        await place.Database.ExecuteAsync("notify news, 'wake up'");
        Assert.Equal("news wake up", await one.NotifiedAsync());
        await one.QueryAsync("unlisten news");
        await one.QueryAsync("listen other");
        Assert.Equal("", await one.HeardAsync(place, "other", "news"));
    }

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task Payloads_come_in_the_clients_own_encoding(int major)
    {
        await using KeptPlace place = await ListenPlaces.StartAsync(major, size: 4);
        await using RawClient latin = await place.LoginAsync([("client_encoding", "LATIN1")]);
        await using RawClient utf8 = await place.LoginAsync();
        await latin.QueryAsync("listen news");
        await utf8.QueryAsync("listen news");
        await place.Database.ExecuteAsync("notify news, 'é'");
        Assert.Equal("news é", await utf8.NotifiedAsync());
        WireMessage his = await latin.ExpectAsync("NotificationResponse");
        Assert.Equal([0xE9, 0], his.Body[^2..].ToArray());
        Assert.Equal(2, await place.ListenersAsync());
    }
}
