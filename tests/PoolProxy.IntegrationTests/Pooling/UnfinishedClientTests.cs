using PoolProxy.Testing;
using PoolProxy.Testing.Proxy;
using PoolProxy.Testing.Wire;
using Xunit;

namespace PoolProxy.IntegrationTests.Pooling;

/// <summary>Clients that stop in the middle of something, and what others notice of it: nothing.</summary>
public sealed class UnfinishedClientTests(PoolScene scene) : IClassFixture<PoolScene>
{
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(12)]
    public async Task A_part_of_a_message_holds_no_server(int sent)
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient slow = await proxy.LoginAsync("a", "app");
        await using RawClient other = await proxy.LoginAsync("b", "app");
        byte[] query = WireMessage.Frontend("Query \"select 'late'\"").Bytes.ToArray();
        await slow.Stream.WriteAsync(query.AsMemory(0, sent));
        Assert.Equal("1", await other.ScalarAsync("select 1"));
        await slow.Stream.WriteAsync(query.AsMemory(sent));
        Assert.Equal(["late"], (await slow.ReadUntilAsync("ReadyForQuery")).Rows());
    }

    [Fact]
    public async Task A_client_that_leaves_inside_a_transaction_leaves_nothing_behind()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await scene.Database.ExecuteAsync("create table if not exists left_behind(x int)");
        foreach (bool politely in new[] { true, false })
        {
            RawClient leaver = await proxy.LoginAsync("a", "app");
            await leaver.QueryAsync("begin; insert into left_behind values (1)");
            if (politely)
            {
                await leaver.Terminate().SendAsync();
            }
            await leaver.DisposeAsync();
            await using RawClient next = await proxy.LoginAsync("b", "app");
            Assert.Equal('I', (await next.QueryAsync("select 1")).Status());
            Assert.Equal("0", await next.ScalarAsync("select count(*) from left_behind"));
        }
    }

    [Fact]
    public async Task A_client_may_vanish_at_every_point_of_its_messages()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await scene.Database.ExecuteAsync("create table if not exists vanished(x int)");
        await using var script = await RawClient.ConnectAsync(proxy.Port);
        byte[] bytes = script
            .Query("begin").Parse("s", "insert into vanished values ($1)", 23).Bind("", "s", "1").Execute().Sync()
            .Query("copy vanished from stdin").CopyData("2\n"u8).PendingBytes.ToArray();
        for (int at = 0; at <= bytes.Length; at++)
        {
            RawClient client = await proxy.LoginAsync("a", "app");
            await client.Stream.WriteAsync(bytes.AsMemory(0, at));
            if (at % 2 == 0)
            {
                client.Stream.Reset();
            }
            await client.DisposeAsync();
        }
        await using RawClient next = await proxy.LoginAsync("b", "app");
        Assert.Equal("0", await next.ScalarAsync("select count(*) from vanished"));
        Assert.Equal('I', (await next.QueryAsync("select 1")).Status());
    }

    [Fact]
    public async Task A_long_message_that_breaks_off_never_runs()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync(proxy: "max_statement_bytes = 1024");
        await scene.Database.ExecuteAsync("create table if not exists broken_off(x int)");
        byte[] query = WireMessage.Frontend($"Query \"insert into broken_off values (1) -- {new string('x', 200_000)}\"").Bytes.ToArray();
        RawClient client = await proxy.LoginAsync("a", "app");
        await client.Stream.WriteAsync(query.AsMemory(0, 150_000));
        await client.DisposeAsync();
        await using RawClient next = await proxy.LoginAsync("b", "app");
        Assert.Equal("0", await next.ScalarAsync("select count(*) from broken_off"));
    }

    [Fact]
    public async Task A_slow_reader_gets_everything_and_the_proxy_does_not_pile_it_up()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync(size: 2);
        await using RawClient slow = await proxy.LoginAsync("a", "app");
        await slow.SendQueryAsync("select repeat('x', 100000) from generate_series(1, 1000)");
        await using RawClient other = await proxy.LoginAsync("b", "app");
        // The server cannot get rid of its rows while nobody reads: it waits for the client, in PostgreSQL's words.
        await WaitFor.EqualAsync("ClientWrite", async () => await other.ScalarAsync(
            $"select coalesce(max(wait_event), '') from pg_stat_activity where datname = '{scene.Database.Name}' and query like 'select repeat%' and wait_event = 'ClientWrite'"));
        var rows = (await slow.ReadUntilAsync("ReadyForQuery")).Rows().ToList();
        Assert.Equal(1000, rows.Count);
        Assert.All(rows, row => Assert.Equal(100_000, row!.Length));
    }

    [Fact]
    public async Task A_row_of_ten_megabytes_passes()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient client = await proxy.LoginAsync("a", "app");
        Assert.Equal(10_000_000, (await client.ScalarAsync("select repeat('y', 10000000)"))!.Length);
    }

    [Fact]
    public async Task A_parameter_of_ten_megabytes_passes()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient client = await proxy.LoginAsync("a", "app");
        var answer = await client.Parse("", "select length($1::text)").Bind("", "", new string('z', 10_000_000)).Execute().Sync().RoundTripAsync();
        Assert.Equal(["10000000"], answer.Rows());
    }

    [Fact]
    public async Task A_message_above_max_packet_size_is_refused_at_its_header()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync(proxy: "max_packet_size = 2000\nmax_statement_bytes = 2000");
        await using RawClient client = await proxy.LoginAsync("a", "app");
        Assert.Equal("1", await client.ScalarAsync("select 1" + new string(' ', 1900)));
        // A Query of 2001 bytes is announced, and nothing of it comes.
        await client.Stream.WriteAsync(new byte[] { (byte)'Q', 0, 0, 0x07, 0xd1 });
        var end = await client.ReadToEndAsync();
        Assert.Equal("08P01", end.SqlState());
        Assert.Equal("message is too long", end.ErrorText());
    }
}
