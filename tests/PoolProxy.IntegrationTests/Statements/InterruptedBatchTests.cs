using PoolProxy.IntegrationTests.Admin;
using PoolProxy.Testing;
using PoolProxy.Testing.Postgres;
using PoolProxy.Testing.Wire;
using Xunit;

namespace PoolProxy.IntegrationTests.Statements;

/// <summary>What happens around a batch that no Sync has ended yet, and among batches that were sent without waiting.</summary>
public sealed class InterruptedBatchTests
{
    private const string Server = "select pg_backend_pid()";

    public static IEnumerable<object[]> Majors => AvailablePostgres.Majors;

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task A_cancel_ends_the_batch_that_runs_and_none_behind_it(int major)
    {
        await using KeptPlace place = await StartAsync(major);
        await using RawClient client = await place.LoginAsync();
        await client.Parse("sleep", "select pg_sleep(600)").Parse("s", "select 'behind'").Sync().RoundTripAsync();
        await client.Bind("", "sleep").Execute().Bind("", "s").Execute().Sync().Bind("", "s").Execute().Sync().Bind("", "s").Execute().Sync().SendAsync();
        await WaitFor.TrueAsync(async () => await place.Database.QueryAsync<long>("select count(*) from pg_stat_activity where query = 'select pg_sleep(600)' and state = 'active'") == 1);
        await client.CancelAsync();
        IReadOnlyList<WireMessage> cancelled = await client.ReadUntilAsync("ReadyForQuery");
        Assert.Equal("57014", cancelled.SqlState());
        Assert.Empty(cancelled.Rows());
        Assert.Equal(["behind"], (await client.ReadUntilAsync("ReadyForQuery")).Rows());
        Assert.Equal(["behind"], (await client.ReadUntilAsync("ReadyForQuery")).Rows());
    }

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task RECONNECT_waits_for_its_end_and_names_stay(int major)
    {
        await using KeptPlace place = await StartAsync(major);
        await using RawClient console = await place.Proxy.LoginAsync("boss", "pgbouncer");
        await using RawClient client = await place.LoginAsync();
        string before = await DescribeAsync(client);
        await console.QueryAsync("RECONNECT");
        Assert.Equal([before], (await client.Bind("", "s").Execute().Sync().RoundTripAsync()).Rows());
        string after = (await client.Bind("", "s").Execute().Sync().RoundTripAsync()).Rows().Single()!;
        Assert.NotEqual(before, after);
        Assert.Equal([after], (await client.Bind("", "s").Execute().Sync().RoundTripAsync()).Rows());
    }

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task So_does_a_RELOAD_that_replaces_servers(int major)
    {
        await using KeptPlace place = await StartAsync(major);
        await using RawClient client = await place.LoginAsync();
        string before = await DescribeAsync(client);
        Assert.Empty(await place.Proxy.ReloadAsync(text => text.Replace("user = \"postgres\"", "user = \"postgres\"\nsettings = { work_mem = \"7MB\" }", StringComparison.Ordinal)));
        Assert.Equal([before], (await client.Bind("", "s").Execute().Sync().RoundTripAsync()).Rows());
        Assert.NotEqual(before, (await client.Bind("", "s").Execute().Sync().RoundTripAsync()).Rows().Single());
        Assert.Equal("7MB", await client.ScalarAsync("show work_mem"));
    }

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task A_server_that_is_lost_between_batches_of_a_pipeline_takes_no_name_along(int major)
    {
        await using KeptPlace place = await StartAsync(major);
        await using RawClient client = await place.LoginAsync();
        await client.Parse("s", Server).Parse("sleep", "select pg_sleep(600)").Sync().RoundTripAsync();
        string before = (await client.Bind("", "s").Execute().Sync().RoundTripAsync()).Rows().Single()!;
        await client.Bind("", "sleep").Execute().Sync().Parse("late", "select 1").Bind("", "late").Execute().Sync().SendAsync();
        await WaitFor.TrueAsync(async () => await place.Database.QueryAsync<long>($"select count(*) from pg_stat_activity where pid = {before} and state = 'active'") == 1);
        await place.Database.ExecuteAsync($"select pg_terminate_backend({before})");
        Assert.Equal("08006", (await client.ReadUntilAsync("ReadyForQuery")).SqlState());
        Assert.Equal("08006", (await client.ReadUntilAsync("ReadyForQuery")).SqlState());
        Assert.NotEqual(before, (await client.Bind("", "s").Execute().Sync().RoundTripAsync()).Rows().Single());
        Assert.Equal("26000", (await client.Bind("", "late").Sync().RoundTripAsync()).SqlState());
    }

    /// <summary>What was answered before the Sync is no more than promised: without the Sync PostgreSQL has committed nothing.</summary>
    [Theory]
    [MemberData(nameof(Majors))]
    public async Task A_batch_that_is_lost_behind_a_Flush_does_not_pass_for_committed(int major)
    {
        await using KeptPlace place = await StartAsync(major);
        await place.Database.ExecuteAsync("create table t (x int)");
        await using RawClient client = await place.LoginAsync();
        string before = (await client.ScalarAsync(Server))!;
        await client.Parse("", "insert into t values (1)").Bind("", "").Execute().Flush().SendAsync();
        await client.ExpectAllAsync("ParseComplete", "BindComplete", "CommandComplete");
        await place.Database.ExecuteAsync($"select pg_terminate_backend({before})");
        await WaitFor.TrueAsync(async () => await place.Database.QueryAsync<long>($"select count(*) from pg_stat_activity where pid = {before}") == 0);
        IReadOnlyList<WireMessage> answer = await client.Parse("", "insert into t values (2)").Bind("", "").Execute().Sync().RoundTripAsync();
        Assert.Equal("ErrorResponse ReadyForQuery", answer.Names());
        Assert.Equal("08006", answer.SqlState());
        Assert.Equal('I', answer.Status());
        Assert.Equal("0", await client.ScalarAsync("select count(*) from t"));
    }

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task Nor_inside_a_transaction(int major)
    {
        await using KeptPlace place = await StartAsync(major);
        await place.Database.ExecuteAsync("create table t (x int)");
        await using RawClient client = await place.LoginAsync();
        await client.QueryAsync("begin");
        string before = (await client.ScalarAsync(Server))!;
        await client.Parse("", "insert into t values (1)").Bind("", "").Execute().Flush().SendAsync();
        await client.ExpectAllAsync("ParseComplete", "BindComplete", "CommandComplete");
        await place.Database.ExecuteAsync($"select pg_terminate_backend({before})");
        await WaitFor.TrueAsync(async () => await place.Database.QueryAsync<long>($"select count(*) from pg_stat_activity where pid = {before}") == 0);
        IReadOnlyList<WireMessage> answer = await client.Sync().RoundTripAsync();
        Assert.Equal("08006", answer.SqlState());
        Assert.Equal('E', answer.Status());
        Assert.Equal("25P02", (await client.QueryAsync("select 1")).SqlState());
        Assert.Equal('I', (await client.QueryAsync("rollback")).Status());
        Assert.Equal("0", await client.ScalarAsync("select count(*) from t"));
    }

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task Counts_of_statements_are_what_was_sent(int major)
    {
        await using KeptPlace place = await StartAsync(major, size: 1);
        await place.Database.ExecuteAsync("create table t as select 1 as x");
        await using RawClient console = await place.Proxy.LoginAsync("boss", "pgbouncer");
        await using RawClient first = await place.LoginAsync();
        await using RawClient second = await place.LoginAsync();
        var (parses, serverParses, binds) = (0, 0, 0);
        await first.Parse("s", "select * from t").Bind("", "s").Execute().Sync().RoundTripAsync();
        await ExpectAsync(1, 1, 1);
        // The server has it already.
        await second.Parse("s", "select * from t").Bind("", "s").Execute().Bind("", "s").Execute().Sync().RoundTripAsync();
        await ExpectAsync(1, 0, 2);
        await second.Parse("", "select 1").Bind("", "").Execute().Parse("", "selec").Sync().RoundTripAsync();
        await ExpectAsync(2, 2, 1);
        // Sent again, which is nobody's business but the proxy's; the server has had to parse it.
        await place.Database.ExecuteAsync("alter table t add y int");
        Assert.Equal("", (await first.Parse("n", "select * from t").Bind("", "n").Execute().Sync().RoundTripAsync()).ErrorText());
        await ExpectAsync(1, 1, 1);
        await console.QueryAsync("RECONNECT");
        await second.Bind("", "s").Execute().Sync().RoundTripAsync();
        await ExpectAsync(0, 1, 1);

        async Task ExpectAsync(int moreParses, int moreServerParses, int moreBinds)
        {
            (parses, serverParses, binds) = (parses + moreParses, serverParses + moreServerParses, binds + moreBinds);
            var row = await console.RowAsync("SHOW STATS", "database", "app");
            Assert.Equal(($"{parses}", $"{serverParses}", $"{binds}"), (row["total_client_parse_count"], row["total_server_parse_count"], row["total_bind_count"]));
        }
    }

    private static Task<KeptPlace> StartAsync(int major, int size = 2) => KeptPlace.StartAsync(major, "admin_users = \"boss\"", database: "", size: size);

    /// <summary>A batch as asyncpg begins it; the server it is on.</summary>
    private static async Task<string> DescribeAsync(RawClient client)
    {
        await client.Parse("s", Server).DescribeStatement("s").Flush().SendAsync();
        await client.ExpectAllAsync("ParseComplete", "ParameterDescription", "RowDescription");
        await client.Bind("", "s").Execute().Flush().SendAsync();
        IReadOnlyList<WireMessage> answer = await client.ExpectAllAsync("BindComplete", "DataRow", "CommandComplete");
        return answer.Rows().Single()!;
    }
}
