using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using PoolProxy.IntegrationTests.Admin;
using PoolProxy.Testing;
using PoolProxy.Testing.Proxy;
using Xunit;

namespace PoolProxy.IntegrationTests.Protocol;

/// <summary>Clients that do not take their answers, are ended amid one, or send on behind an answer: neither memory nor a server is theirs for that.</summary>
public class SlowClientTests(PoolScene scene) : IClassFixture<PoolScene>
{
    [Fact]
    public async Task Who_does_not_read_is_not_answered_further_and_loses_nothing()
    {
        const int Requests = 3000;
        await using ProxyUnderTest proxy = await scene.StartAsync(proxy: "admin_users = \"boss\"");
        await using RawClient client = await proxy.LoginAsync("a", "app");
        await using RawClient console = await proxy.LoginAsync("boss", "pgbouncer");
        // Apart, so that each answer is complete before the next request is looked at.
        for (int i = 0; i < Requests; i++)
        {
            await client.SendQueryAsync($"select {i}, repeat('x', 30000)");
            await Task.Delay(1);
        }
        long count = -1;
        for (int same = 0; same < 5;)
        {
            await Task.Delay(50);
            long now = long.Parse((await console.RowAsync("SHOW STATS", "database", "app"))["total_xact_count"]!, CultureInfo.InvariantCulture);
            (same, count) = (now == count ? same + 1 : 0, now);
        }
        // 30 KB each: what the kernel takes of them, and a little.
        Assert.InRange(count, 1, Requests - 1);
        for (int i = 0; i < Requests; i++)
        {
            var answer = await client.ReadUntilAsync("ReadyForQuery");
            Assert.Equal("", answer.SqlState());
            Assert.Equal([$"{i}"], answer.Rows());
        }
    }

    [Fact]
    public async Task Who_is_ended_amid_a_row_reads_nothing_of_the_error_as_a_part_of_it()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync(proxy: "query_timeout = 1");
        await using RawClient client = await proxy.LoginAsync("a", "app");
        await client.SendQueryAsync("select repeat('x', 50000000)");
        await using RawClient other = await proxy.LoginAsync("b", "app");
        // Pool of one: it is served when the first one has been ended.
        Assert.Equal("1", await other.ScalarAsync("select 1"));
        byte[] all = await client.Stream.ReadToEndAsync();
        Assert.InRange(all.Length, 1, 49_999_999);
        Assert.Equal((byte)'x', all[^1]);
    }

    [Fact]
    public async Task A_COPY_that_failed_amid_a_message_of_its_client_gives_the_server_back_when_the_message_is_over()
    {
        string table = scene.Database.Role("failing");
        await scene.Database.ExecuteAsync($"create table {table}(x int)");
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient client = await proxy.LoginAsync("a", "app");
        await client.SendQueryAsync($"copy {table} from stdin");
        await client.ExpectAsync("CopyInResponse");
        byte[] message = new byte[1 + 200_000];
        message[0] = (byte)'d';
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(1), message.Length - 1);
        await client.CopyData(Encoding.ASCII.GetBytes("no number\n")).SendAsync();
        await client.Stream.WriteAsync(message.AsMemory(0, 100_000));
        Assert.Equal("22P02", (await client.ReadUntilAsync("ReadyForQuery")).SqlState());
        await client.Stream.WriteAsync(message.AsMemory(100_000));
        await using RawClient other = await proxy.LoginAsync("b", "app");
        Assert.Equal("1", await other.ScalarAsync("select 1"));
        Assert.Equal("2", await client.ScalarAsync("select 2"));
    }
}
