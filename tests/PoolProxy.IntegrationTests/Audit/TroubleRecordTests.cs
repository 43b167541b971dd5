using System.Text.Json.Nodes;
using PoolProxy.IntegrationTests.Isolation;
using PoolProxy.IntegrationTests.Pipelining;
using PoolProxy.Testing;
using PoolProxy.Testing.Proxy;
using Xunit;

namespace PoolProxy.IntegrationTests.Audit;

/// <summary>Statements that do not end as they should, and statements of several people on one server: who and what stay together.</summary>
public sealed class TroubleRecordTests(PoolScene scene) : IClassFixture<PoolScene>
{
    [Fact]
    public async Task A_cancelled_statement_is_an_error()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync(rest: Trail.Section());
        await using RawClient client = await proxy.LoginAsync("a", "app");
        int server = await client.ServerIdAsync();
        await client.SendQueryAsync("select pg_sleep(60)");
        await WaitForActiveAsync(server);
        await client.CancelAsync();
        await client.ReadUntilAsync("ReadyForQuery");
        Assert.Equal("error select pg_sleep(60) 57014", (await Trail.StatementsAsync(proxy, 2))[1].Said());
    }

    [Fact]
    public async Task A_client_that_vanishes_leaves_the_record_of_what_it_had_asked()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync(rest: Trail.Section());
        RawClient client = await proxy.LoginAsync("a", "app");
        int server = await client.ServerIdAsync();
        await client.Query("select pg_sleep(60)").Query("select 'behind'").SendAsync();
        await WaitForActiveAsync(server);
        await client.DisposeAsync();
        Assert.Equal(["abandoned select pg_sleep(60)", "abandoned select 'behind'"], (await Trail.StatementsAsync(proxy, 3)).Skip(1).Select(Trail.Said));
    }

    [Theory]
    [InlineData("transaction")]
    [InlineData("session")]
    public async Task A_server_that_dies_in_a_result_leaves_its_outcome_open(string mode)
    {
        await using ProxyUnderTest proxy = await scene.StartAsync(mode: mode, rest: Trail.Section());
        await using RawClient client = await proxy.LoginAsync("a", "app");
        int server = await client.ServerIdAsync();
        await client.SendQueryAsync("select generate_series(1, 3), pg_sleep(60)");
        await WaitForActiveAsync(server);
        await scene.Database.ExecuteAsync($"select pg_terminate_backend({server})");
        await client.ReadToEndOrReadyAsync();
        Assert.Equal("lost select generate_series(1, 3), pg_sleep(60) 08006", (await Trail.StatementsAsync(proxy, 2))[1].Said());
    }

    [Fact]
    public async Task A_query_that_takes_too_long_is_abandoned_with_its_code()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync(proxy: "query_timeout = \"200ms\"", rest: Trail.Section());
        await using RawClient client = await proxy.LoginAsync("a", "app");
        await client.SendQueryAsync("select pg_sleep(60)");
        await client.ReadToEndOrReadyAsync();
        Assert.Equal("abandoned select pg_sleep(60) 57014", Assert.Single(await Trail.StatementsAsync(proxy, 1)).Said());
    }

    [Fact]
    public async Task What_the_proxy_refuses_is_recorded_with_its_own_code()
    {
        await using Installation place = await Installation.StartAsync(15, new() { Level = "set_role", AuditLines = "statements = \"write\"" });
        await using RawClient client = await place.LoginAsync("alice");
        await client.QueryAsync("set role none");
        await client.Parse("", "reset role").Bind("", "").Execute().Sync().RoundTripAsync();
        await client.Parse("s", "set role none").Sync().RoundTripAsync();
        string file = place.Proxy.Place.File("audit.log");
        await WaitFor.TrueAsync(() => Trail.Statements(file).Count == 3);
        Assert.Equal(
            ["refused set role none 42501", "refused reset role 42501 parse", "refused set role none 42501 parse"], Trail.Statements(file).Select(Trail.Said));
        Trail.AssertWhole(file);
    }

    [Theory]
    [InlineData("partitioned")]
    [InlineData("set_role")]
    public async Task Two_people_on_one_server_are_told_apart(string level)
    {
        await using Installation place = await Installation.StartAsync(15, new() { Level = level, AuditLines = "statements = \"all\"" });
        await using RawClient alice = await place.LoginAsync("alice");
        await using RawClient bob = await place.LoginAsync("bob");
        for (int i = 0; i < 10; i++)
        {
            await alice.QueryAsync($"select 'alice', {i}");
            await bob.Parse("", $"select 'bob', {i}").Bind("", "").Execute().Sync().RoundTripAsync();
        }

        string file = place.Proxy.Place.File("audit.log");
        await WaitFor.TrueAsync(() => Trail.Statements(file).Count == 20);
        List<JsonObject> records = Trail.Statements(file);
        Assert.Single(records.Select(record => (int)record["server_pid"]!).Distinct());
        Assert.All(records, record => Assert.Contains($"'{(string)record["subject"]!}'", (string)record["statement"]!, StringComparison.Ordinal));
        Assert.All(records, record => Assert.Equal(("corp", place.Readers), ((string)record["issuer"]!, (string)record["role"]!)));
        Assert.Equal(2, records.Select(record => (string)record["address"]!).Distinct().Count());
        Assert.DoesNotContain("eyJ", await File.ReadAllTextAsync(file), StringComparison.Ordinal);
        Trail.AssertWhole(file);
    }

    [Fact]
    public async Task Clients_behind_one_another_on_a_server_keep_their_own_records()
    {
        const int Clients = 12, Times = 60;
        await using PipelinePlace place = await PipelinePlace.StartAsync(15, database: Trail.Section());
        int next = 0;
        await place.CrowdAsync(Clients, 1, async client =>
        {
            int own = Interlocked.Increment(ref next);
            for (int i = 0; i < Times; i++)
            {
                // One in six fails, another has several rows.
                string sql = i % 6 == 1 ? $"select 1/0 where '{own}' <> ''" : i % 6 == 2 ? $"select generate_series(1, 3) where '{own}' <> ''" : $"select 1 where '{own}' <> ''";
                await (i % 2 == 0 ? client.QueryAsync(sql) : client.Parse("", sql).Bind("", "").Execute().Sync().RoundTripAsync());
            }
        });
        Assert.True(await place.PipelinedAsync() > 0);
        List<JsonObject> records = await Trail.StatementsAsync(place.Proxy, Clients * Times);
        Assert.All(
            records.GroupBy(record => (string)record["address"]!), own => Assert.Equal((1, Times), (own.Select(record => ((string)record["statement"]!).Split('\'')[1]).Distinct().Count(), own.Count())));
        Assert.All(records, record => Assert.Equal(
            ((string)record["statement"]!).Contains("1/0", StringComparison.Ordinal) ? "error" : "ok", (string)record["outcome"]!));
        Assert.All(
            records.Where(record => (string)record["outcome"]! == "ok"),
            record => Assert.Equal(((string)record["statement"]!).Contains("series", StringComparison.Ordinal) ? 3 : 1, (int)record["rows"]!));
    }

    [Fact]
    public async Task Statements_that_the_proxy_keeps_are_recorded_by_their_own_text()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync(database: "cache_unnamed_statements = true", rest: Trail.Section());
        await using RawClient client = await proxy.LoginAsync("a", "app");
        string table = scene.Database.Role("kept");
        await scene.Database.ExecuteAsync($"create table {table}(x int)");
        for (int i = 0; i < 4; i++)
        {
            await client.Parse("", $"select * from {table}").Bind("", "").DescribePortal().Execute().Sync().RoundTripAsync();
        }

        // The copy does not fit any more: the batch is sent again, and the client is told nothing of the failure.
        await scene.Database.ExecuteAsync($"alter table {table} add y int");
        await client.Parse("", $"select * from {table}").Bind("", "").DescribePortal().Execute().Sync().RoundTripAsync();
        Assert.All(await Trail.StatementsAsync(proxy, 5), record => Assert.Equal($"ok select * from {table} [\"SELECT 0\"] 0", record.Said()));
    }

    private Task WaitForActiveAsync(int server) => WaitFor.TrueAsync(async () =>
        await scene.Database.QueryAsync<int>($"select count(*)::int from pg_stat_activity where state = 'active' and pid = {server} and query like '%pg_sleep(60)%'") == 1);
}
