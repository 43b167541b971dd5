using PoolProxy.Testing;
using PoolProxy.Testing.Postgres;
using Xunit;

namespace PoolProxy.IntegrationTests.Pipelining;

/// <summary>A pool that pipelines opens few servers by itself, and as many as its size for those who cannot go behind others.</summary>
public sealed class PipelineWidthTests
{
    private const int Size = 4;

    public static IEnumerable<object[]> Majors => AvailablePostgres.Found.Select(binaries => new object[] { binaries.Major });

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task Transactions_in_blocks_get_a_server_each(int major)
    {
        await using PipelinePlace place = await PipelinePlace.StartAsync(major, Size);
        var clients = new List<RawClient>();
        try
        {
            for (int i = 0; i < Size; i++)
            {
                clients.Add(await place.LoginAsync());
                Assert.Equal("ReadyForQuery T", (await clients[i].QueryAsync("begin"))[^1].ToString());
            }

            foreach (RawClient client in clients)
            {
                Assert.Equal("1", await client.ScalarAsync("select 1"));
                Assert.Equal("ReadyForQuery I", (await client.QueryAsync("commit"))[^1].ToString());
            }
        }
        finally
        {
            foreach (RawClient client in clients)
            {
                await client.DisposeAsync();
            }
        }
    }

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task A_short_statement_does_not_wait_for_a_long_one(int major)
    {
        await using PipelinePlace place = await PipelinePlace.StartAsync(major, Size);
        await using RawClient slow = await place.LoginAsync();
        await using RawClient quick = await place.LoginAsync();
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal("1", await quick.ScalarAsync("select 1"));
        }

        await slow.SendQueryAsync("select pg_sleep(3600)");
        await WaitFor.EqualAsync(1L, () => place.Database.QueryAsync<long>("select count(*) from pg_stat_activity where query = 'select pg_sleep(3600)' and state = 'active'"));
        Assert.Equal("1", await quick.ScalarAsync("select 1"));
        await slow.CancelAsync();
        Assert.Equal("57014", (await slow.ReadUntilAsync("ReadyForQuery")).SqlState());
    }

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task A_crowd_of_both_is_served(int major)
    {
        await using PipelinePlace place = await PipelinePlace.StartAsync(major, Size);
        await place.Database.ExecuteAsync("create table both_kinds(x int)");
        Task blocks = place.CrowdAsync(Size, 60, async client =>
        {
            Assert.Equal("ReadyForQuery T", (await client.QueryAsync("begin"))[^1].ToString());
            await client.QueryAsync("insert into both_kinds values (1)");
            Assert.Equal("ReadyForQuery I", (await client.QueryAsync("commit"))[^1].ToString());
        });
        await place.CrowdAsync(16, 200, async client => Assert.Equal("1", await client.ScalarAsync("select 1")));
        await blocks;
        Assert.Equal("240", await place.ScalarAsync("select count(*) from both_kinds"));
    }
}
