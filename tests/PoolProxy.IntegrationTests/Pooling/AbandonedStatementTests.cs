using PoolProxy.IntegrationTests.Admin;
using PoolProxy.Testing;
using PoolProxy.Testing.Proxy;
using Xunit;

namespace PoolProxy.IntegrationTests.Pooling;

/// <summary>A statement does not outlive the client that waits for it: the backend is cancelled, and ends.</summary>
public class AbandonedStatementTests(PoolScene scene) : IClassFixture<PoolScene>
{
    private const string Sleep = "select pg_sleep(3600)";

    [Theory]
    [InlineData("a simple query")]
    [InlineData("in a transaction")]
    [InlineData("extended")]
    [InlineData("without a Sync")]
    [InlineData("two in a row")]
    [InlineData("two batches in a row")]
    [InlineData("COPY to the client")]
    [InlineData("COPY from the client, half way")]
    [InlineData("COPY from the client, in its trigger")]
    public async Task A_client_that_vanishes_takes_its_backend_along(string what)
    {
        await scene.Database.ExecuteAsync("""
            create table if not exists sink (x text);
            create or replace function dawdle() returns trigger language plpgsql as 'begin perform pg_sleep(3600); return new; end';
            drop trigger if exists slow on sink;
            """);
        if (what.EndsWith("trigger", StringComparison.Ordinal))
        {
            await scene.Database.ExecuteAsync("create trigger slow after insert on sink for each row execute function dawdle()");
        }
        await using ProxyUnderTest proxy = await scene.StartAsync();
        int pid;
        await using (RawClient client = await proxy.LoginAsync("a", "app"))
        {
            pid = await client.ServerIdAsync();
            await Put(client, what).SendAsync();
            await WaitFor.EqualAsync(true, () => scene.Database.QueryAsync<bool>(
                $"select exists (select 1 from pg_stat_activity where pid = {pid} and wait_event = '{(what.EndsWith("half way", StringComparison.Ordinal) ? "ClientRead" : "PgSleep")}')"));
        }
        await ExpectGoneAsync(pid);
        await using RawClient next = await proxy.LoginAsync("b", "app");
        Assert.Equal("0", await next.ScalarAsync("select count(*) from sink"));
    }

    [Theory]
    [InlineData("query_timeout = 0.3", "57014")]
    [InlineData("transaction_timeout = 0.3", "25P04")]
    public async Task A_client_that_is_ended_by_a_timeout_takes_its_backend_along(string setting, string state)
    {
        await using ProxyUnderTest proxy = await scene.StartAsync(proxy: setting);
        await using RawClient client = await proxy.LoginAsync("a", "app");
        int pid = await client.ServerIdAsync();
        await client.SendQueryAsync(Sleep);
        Assert.Equal(state, (await client.ReadToEndAsync()).SqlState());
        await ExpectGoneAsync(pid);
    }

    [Fact]
    public async Task So_does_one_that_is_killed_and_both_are_counted()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync(proxy: "admin_users = \"boss\"");
        await using RawClient console = await proxy.LoginAsync("boss", "pgbouncer");
        Assert.Equal("0", (await console.RowAsync("show state", "key", "abandoned_statements"))["value"]);
        await using RawClient client = await proxy.LoginAsync("a", "app");
        int pid = await SleepAsync(client);
        await console.QueryAsync("kill app");
        await ExpectGoneAsync(pid);
        Assert.Equal("1", (await console.RowAsync("show state", "key", "abandoned_statements"))["value"]);
    }

    [Fact]
    public async Task The_end_of_the_proxy_takes_backends_along()
    {
        int pid;
        await using (ProxyUnderTest proxy = await scene.StartAsync())
        {
            await using RawClient client = await proxy.LoginAsync("a", "app");
            pid = await SleepAsync(client);
        }
        await ExpectGoneAsync(pid);
    }

    [Fact]
    public async Task What_a_Terminate_follows_is_carried_out()
    {
        await scene.Database.ExecuteAsync("create table if not exists farewell (x int)");
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using (RawClient client = await proxy.LoginAsync("a", "app"))
        {
            // Nothing has to be settled with the server ahead of what follows, so that it is sent before the client's end is noticed.
            await client.QueryAsync("select 1");
            await client.Query("insert into farewell select 1 from pg_sleep(0.5)").Terminate().SendAsync();
        }
        await WaitFor.EqualAsync(1L, () => scene.Database.QueryAsync<long>("select count(*) from farewell"));
    }

    [Fact]
    public async Task A_crowd_that_vanishes_at_once_leaves_no_backend_behind()
    {
        // More than are cancelled at a time.
        const int size = 8;
        const string asleep = "select count(*) from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'";
        await using ProxyUnderTest proxy = await scene.StartAsync(size: size);
        var crowd = new List<RawClient>();
        for (int i = 0; i < size; i++)
        {
            crowd.Add(await proxy.LoginAsync("a", "app"));
            await crowd[i].SendQueryAsync(Sleep);
        }
        await WaitFor.EqualAsync((long)size, () => scene.Database.QueryAsync<long>(asleep));
        foreach (RawClient client in crowd)
        {
            await client.DisposeAsync();
        }
        await WaitFor.EqualAsync(0L, () => scene.Database.QueryAsync<long>(asleep));
    }

    [Fact]
    public async Task Who_takes_the_place_is_never_hit()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync(size: 1);
        await using RawClient next = await proxy.LoginAsync("b", "app");
        for (int turn = 0; turn < 30; turn++)
        {
            await using (RawClient client = await proxy.LoginAsync("a", "app"))
            {
                await client.SendQueryAsync("select pg_sleep(0.002)");
            }
            Assert.Equal("untouched", await next.ScalarAsync("select 'untouched' from pg_sleep(0.005)"));
        }
    }

    private static RawClient Put(RawClient client, string what) => what switch
    {
        "a simple query" => client.Query(Sleep),
        "in a transaction" => client.Query("begin").Query(Sleep),
        "extended" => client.Parse("", Sleep).Bind("", "").Execute().Sync(),
        "without a Sync" => client.Parse("", Sleep).Bind("", "").Execute().Flush(),
        "two in a row" => client.Query(Sleep).Query(Sleep),
        "two batches in a row" => client.Parse("", Sleep).Bind("", "").Execute().Sync().Parse("", Sleep).Bind("", "").Execute().Sync(),
        "COPY to the client" => client.Query($"copy ({Sleep}) to stdout"),
        "COPY from the client, half way" => client.Query("copy sink from stdin").CopyData("half a l"u8),
        _ => client.Query("copy sink from stdin").CopyData("a line\n"u8).CopyDone(),
    };

    private async Task<int> SleepAsync(RawClient client)
    {
        await client.QueryAsync("begin");
        int pid = await client.ServerIdAsync();
        await client.SendQueryAsync(Sleep);
        await WaitFor.EqualAsync(1L, () => scene.Database.QueryAsync<long>($"select count(*) from pg_stat_activity where pid = {pid} and wait_event = 'PgSleep'"));
        return pid;
    }

    private Task ExpectGoneAsync(int pid) =>
        WaitFor.EqualAsync(0L, () => scene.Database.QueryAsync<long>($"select count(*) from pg_stat_activity where pid = {pid}"));
}

/// <inheritdoc/>
public sealed class AbandonedStatementTestsOnNewest(PoolSceneOnNewest scene) : AbandonedStatementTests(scene), IClassFixture<PoolSceneOnNewest>;
