using PoolProxy.IntegrationTests.Isolation;
using PoolProxy.Testing;
using PoolProxy.Testing.Postgres;
using Xunit;

namespace PoolProxy.IntegrationTests.Pipelining;

/// <summary>A signed identity that runs out while its client's statement waits behind another's: nobody is served as nobody.</summary>
public sealed class PipelineSignatureTests
{
    private const string Key = "0123456789abcdef0123456789abcdef";
    private const string WhoAmI = "select coalesce(poolproxy.subject(), '(nobody)')";
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(3);

    [Fact]
    public async Task Who_comes_to_its_turn_behind_its_end_is_told_so()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await using Installation here = await PipelineIdentityTests.StartAsync(
            database, "partitioned", $"{PipelinePlay.Lines}\nidentity_key = \"{Key}\"\nidentity_lifetime = {Lifetime.TotalSeconds}");
        await database.ExecuteAsync(RepositoryFiles.Read("conf/identity.sql"));
        await database.ExecuteAsync($"select poolproxy.add_key('{Key}')");
        await using RawClient first = await here.LoginAsync("alice");
        await using RawClient second = await here.LoginAsync("alice");
        for (int run = 0; run < 3; run++)
        {
            Assert.Equal("alice", await first.SaysAsync(WhoAmI));
            Assert.Equal("1", await first.SaysAsync("select count(*) from notes"));
        }

        // Where half of the signature's life is over nobody goes behind: then it is tried again.
        string answer = "";
        await WaitFor.TrueAsync(async () => (answer = await RideAsync(here, first, second)) != "");
        Assert.Equal("08006", answer);
        Assert.Equal("alice", await second.SaysAsync(WhoAmI));
    }

    /// <summary>The second goes behind the first, which a lock holds up until the signature has run out; what it is told. Empty where it did not go.</summary>
    private static async Task<string> RideAsync(Installation here, RawClient first, RawClient second)
    {
        long before = await PipelineIdentityTests.PipelinedAsync(here);
        await using RawClient holder = await (await RawClient.ConnectAsync(here.Database.Cluster.Port)).LoginAsync("postgres", here.Database.Name);
        await holder.DoAsync("begin; lock table notes in access exclusive mode");
        await first.SendQueryAsync("select count(*) from notes");
        await WaitFor.TrueAsync(async () => await holder.ScalarAsync("select count(*) from pg_locks where not granted") == "1");
        await second.SendQueryAsync(WhoAmI);
        DateTime end = DateTime.UtcNow + Lifetime + TimeSpan.FromMilliseconds(200);
        bool rides = false;
        while (!rides && DateTime.UtcNow < end)
        {
            rides = await PipelineIdentityTests.PipelinedAsync(here) > before;
        }

        await WaitFor.TrueAsync(() => !rides || DateTime.UtcNow >= end);
        await holder.DoAsync("rollback");
        Assert.Equal(["1"], (await first.ReadUntilAsync("ReadyForQuery")).Rows());
        string said = RawClientQuestions.Said(await second.ReadUntilAsync("ReadyForQuery"));
        return rides ? said : "";
    }
}
