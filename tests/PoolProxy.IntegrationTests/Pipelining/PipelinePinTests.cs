using PoolProxy.IntegrationTests.Admin;
using PoolProxy.Testing;
using PoolProxy.Testing.Postgres;
using Xunit;

namespace PoolProxy.IntegrationTests.Pipelining;

/// <summary>A client that keeps its server (<c>session_state</c>) has it to itself, while others' requests go behind one another elsewhere.</summary>
public sealed class PipelinePinTests
{
    public static IEnumerable<object[]> Cases =>
        from binaries in AvailablePostgres.Found
        from state in (string[])["pin", "track"]
        select new object[] { binaries.Major, state };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Nobody_goes_behind_a_client_that_keeps_its_server(int major, string state)
    {
        await using PipelinePlace place = await PipelinePlace.StartAsync(major, size: 2, database: $"session_state = \"{state}\"");
        await using RawClient pinned = await place.LoginAsync();
        await pinned.QueryAsync("create temporary table own as select 1 as x");
        int server = await pinned.ServerIdAsync();
        long before = await place.PipelinedAsync();
        Task crowd = place.CrowdAsync(8, 100, async client => Assert.NotEqual(server, await client.ServerIdAsync()));
        do
        {
            Assert.Equal(["1"], (await pinned.QueryAsync("select x from own")).Rows());
            Assert.Equal(server, await pinned.ServerIdAsync());
        }
        while (!crowd.IsCompleted);
        await crowd;
        Assert.True(await place.PipelinedAsync() > before);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Those_that_wait_for_its_server_get_it_when_it_lets_go(int major, string state)
    {
        await using PipelinePlace place = await PipelinePlace.StartAsync(major, database: $"session_state = \"{state}\"");
        await using RawClient pinned = await place.LoginAsync();
        int server = await pinned.ServerIdAsync();
        await pinned.QueryAsync("create temporary table own as select 1 as x");
        Task crowd = place.CrowdAsync(6, 20, async client => Assert.Equal(server, await client.ServerIdAsync()));
        await WaitFor.TrueAsync(async () => (await place.Console.RowAsync("show pools", "database", "app"))["cl_waiting"] == "6");
        for (int i = 0; i < 20; i++)
        {
            // What it sends runs at once: nobody is ahead of it, and nobody is sent behind.
            Assert.Equal(["1"], (await pinned.QueryAsync("select x from own")).Rows());
        }
        Assert.Equal("6", (await place.Console.RowAsync("show pools", "database", "app"))["cl_waiting"]);
        await pinned.QueryAsync("drop table own");
        await crowd;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task It_may_vanish_and_the_others_find_nothing_of_it(int major, string state)
    {
        await using PipelinePlace place = await PipelinePlace.StartAsync(major, database: $"session_state = \"{state}\"");
        RawClient pinned = await place.LoginAsync();
        await pinned.QueryAsync("create temporary table own as select 1 as x");
        Task crowd = place.CrowdAsync(6, 20, async client => Assert.Equal([null], (await client.QueryAsync("select to_regclass('pg_temp.own')::text")).Rows()));
        await WaitFor.TrueAsync(async () => (await place.Console.RowAsync("show pools", "database", "app"))["cl_waiting"] == "6");
        await pinned.SendQueryAsync("select pg_sleep(3600)");
        await pinned.DisposeAsync();
        await crowd;
    }
}
