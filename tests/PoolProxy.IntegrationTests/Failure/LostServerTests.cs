using Npgsql;
using PoolProxy.Sandbox;
using PoolProxy.Sandbox.Postgres;
using PoolProxy.Testing;
using PoolProxy.Testing.Postgres;
using PoolProxy.Testing.Proxy;
using Xunit;

namespace PoolProxy.IntegrationTests.Failure;

/// <summary>Servers that die under their clients: each client hears of it once, keeps its connection, and nothing of a lost transaction runs outside of it.</summary>
public class LostServerTests(PoolScene scene) : IClassFixture<PoolScene>
{
    [Fact]
    public async Task A_server_that_dies_during_a_query_is_one_error_and_the_client_stays()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient client = await proxy.LoginAsync("a", "app");
        int server = await client.ServerIdAsync();
        await client.SendQueryAsync("select pg_sleep(60)");
        await WaitForActiveAsync(server);
        await scene.Database.ExecuteAsync($"select pg_terminate_backend({server})");
        var answer = await client.ReadUntilAsync("ReadyForQuery");
        Assert.Equal(1, answer.Count(message => message.Name == "ErrorResponse"));
        Assert.Equal('I', answer.Status());
        Assert.NotEqual(server, await client.ServerIdAsync());
    }

    [Fact]
    public async Task A_server_that_dies_in_the_middle_of_a_result_is_one_error_behind_the_rows()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient client = await proxy.LoginAsync("a", "app");
        int server = await client.ServerIdAsync();
        await client.SendQueryAsync("select repeat('x', 10000), pg_sleep(0.01) from generate_series(1, 100000)");
        await client.ExpectAsync("RowDescription");
        await client.ExpectAsync("DataRow");
        await scene.Database.ExecuteAsync($"select pg_terminate_backend({server})");
        var answer = await client.ReadUntilAsync("ReadyForQuery");
        Assert.Equal("ErrorResponse ReadyForQuery", answer.TakeLast(2).Names());
        Assert.Equal(1, answer.Count(message => message.Name == "ErrorResponse"));
        Assert.Equal("1", await client.ScalarAsync("select 1"));
    }

    [Fact]
    public async Task A_transaction_whose_server_died_fails_until_ROLLBACK()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        string table = scene.Database.Role("lost");
        await scene.Database.ExecuteAsync($"create table {table}(x int)");
        await using RawClient client = await proxy.LoginAsync("a", "app");
        await client.QueryAsync($"begin; insert into {table} values (1)");
        int server = await client.ServerIdAsync();
        await client.SendQueryAsync("select pg_sleep(60)");
        await WaitForActiveAsync(server);
        await scene.Database.ExecuteAsync($"select pg_terminate_backend({server})");
        var answer = await client.ReadUntilAsync("ReadyForQuery");
        Assert.Equal(1, answer.Count(message => message.Name == "ErrorResponse"));
        Assert.Equal('E', answer.Status());
        // Outside of its transaction this insert would be committed.
        var refused = await client.QueryAsync($"insert into {table} values (2)");
        Assert.Equal("25P02", refused.SqlState());
        Assert.Equal('E', refused.Status());
        Assert.Equal("ErrorResponse ReadyForQuery", (await client.Parse("", $"insert into {table} values (3)").Bind("", "").Execute().Sync().RoundTripAsync()).Names());
        Assert.Equal('I', (await client.QueryAsync("rollback")).Status());
        Assert.Equal("0", await client.ScalarAsync($"select count(*) from {table}"));
    }

    [Fact]
    public async Task A_transaction_that_lost_its_server_does_not_commit_by_COMMIT()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient client = await proxy.LoginAsync("a", "app");
        await client.QueryAsync("begin");
        int server = await client.ServerIdAsync();
        await client.SendQueryAsync("select pg_sleep(60)");
        await WaitForActiveAsync(server);
        await scene.Database.Cluster.TerminateBackendAsync(server);
        await client.ReadUntilAsync("ReadyForQuery");
        var answer = await client.QueryAsync("commit");
        Assert.Equal("ROLLBACK", answer[0].Text);
        Assert.Equal('I', answer.Status());
    }

    [Fact]
    public async Task A_server_that_dies_while_its_client_is_idle_in_a_transaction()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        string table = scene.Database.Role("idle");
        await scene.Database.ExecuteAsync($"create table {table}(x int)");
        await using RawClient client = await proxy.LoginAsync("a", "app");
        await client.QueryAsync("begin");
        int server = await client.ServerIdAsync();
        await scene.Database.ExecuteAsync($"select pg_terminate_backend({server})");
        await WaitForGoneAsync(server);
        var first = await client.QueryAsync($"insert into {table} values (1)");
        Assert.NotEqual("", first.SqlState());
        Assert.Equal(1, first.Count(message => message.Name == "ErrorResponse"));
        Assert.Equal('E', first.Status());
        Assert.NotEqual("", (await client.QueryAsync($"insert into {table} values (2)")).SqlState());
        Assert.Equal('I', (await client.QueryAsync("rollback")).Status());
        Assert.Equal("0", await client.ScalarAsync($"select count(*) from {table}"));
    }

    [Theory]
    [InlineData("simple")]
    [InlineData("unnamed")]
    [InlineData("named")]
    public async Task COMMIT_of_a_transaction_that_was_lost_while_idle_is_an_error(string how)
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient client = await proxy.LoginAsync("a", "app");
        await client.Parse("c", "commit").Sync().RoundTripAsync();
        await client.QueryAsync("begin");
        int server = await client.ServerIdAsync();
        await scene.Database.ExecuteAsync($"select pg_terminate_backend({server})");
        await WaitForGoneAsync(server);
        var answer = how switch
        {
            "simple" => await client.QueryAsync("commit"),
            "unnamed" => await client.Parse("", "commit").Bind("", "").Execute().Sync().RoundTripAsync(),
            _ => await client.Bind("", "c").Execute().Sync().RoundTripAsync(),
        };
        Assert.Equal("ErrorResponse ReadyForQuery", answer.Names());
        Assert.Equal("ROLLBACK", (await client.QueryAsync("rollback"))[0].Text);
        Assert.Equal('I', (await client.QueryAsync("select 1")).Status());
    }

    [Fact]
    public async Task Putting_a_server_into_a_lost_transaction_takes_nobodys_unnamed_statement_unseen()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync(size: 2);
        await using RawClient loser = await proxy.LoginAsync("a", "app");
        await using RawClient other = await proxy.LoginAsync("b", "app");
        await loser.Parse("end", "rollback").Sync().RoundTripAsync();
        await loser.QueryAsync("begin");
        int server = await loser.ServerIdAsync();
        // The other server is the one that the loser gets next, and the proxy's own statements drop what it holds.
        await other.Parse("", "select 'still mine'").Sync().RoundTripAsync();
        await scene.Database.ExecuteAsync($"select pg_terminate_backend({server})");
        await WaitForGoneAsync(server);
        // The first may still meet the server that has gone.
        await WaitFor.EqualAsync('I', async () => (await loser.Bind("", "end").Execute().Sync().RoundTripAsync()).Status());
        Assert.Equal(["still mine"], (await other.Bind("", "").Execute().Sync().RoundTripAsync()).Rows());
    }

    [Fact]
    public async Task A_server_that_dies_in_a_pipeline_answers_each_Sync_once()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient client = await proxy.LoginAsync("a", "app");
        int server = await client.ServerIdAsync();
        await client.Parse("", "select 'first'").Bind("", "").Execute().Sync()
            .Parse("", "select pg_sleep(60)").Bind("", "").Execute().Sync()
            .Parse("", "select 'third'").Bind("", "").Execute().Sync().SendAsync();
        Assert.Equal(["first"], (await client.ReadUntilAsync("ReadyForQuery")).Rows());
        await WaitForActiveAsync(server);
        await scene.Database.ExecuteAsync($"select pg_terminate_backend({server})");
        Assert.Equal("ErrorResponse ReadyForQuery", (await client.ReadUntilAsync("ReadyForQuery")).TakeLast(2).Names());
        Assert.Equal("ReadyForQuery", (await client.ReadUntilAsync("ReadyForQuery"))[^1].Name);
        Assert.Equal("1", await client.ScalarAsync("select 1"));
    }

    [Fact]
    public async Task A_server_that_dies_in_a_COPY_leaves_its_client_in_order()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        string table = scene.Database.Role("copied");
        await scene.Database.ExecuteAsync($"create table {table}(x int)");
        await using RawClient client = await proxy.LoginAsync("a", "app");
        int server = await client.ServerIdAsync();
        await client.SendQueryAsync($"copy {table} from stdin");
        await client.ExpectAsync("CopyInResponse");
        await client.CopyData("1\n"u8).SendAsync();
        await scene.Database.ExecuteAsync($"select pg_terminate_backend({server})");
        var answer = await client.ReadUntilAsync("ReadyForQuery");
        Assert.Equal(1, answer.Count(message => message.Name == "ErrorResponse"));
        // A client that has not read yet goes on sending.
        await client.CopyData("2\n"u8).CopyDone().SendAsync();
        Assert.Equal("0", await client.ScalarAsync($"select count(*) from {table}"));
    }

    [Fact]
    public async Task Idle_servers_that_died_are_not_given_to_anybody()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient client = await proxy.LoginAsync("a", "app");
        for (int turn = 0; turn < 5; turn++)
        {
            int server = await client.ServerIdAsync();
            await scene.Database.ExecuteAsync($"select pg_terminate_backend({server})");
            await WaitForGoneAsync(server);
            // Its end may still be on the way to the proxy: one error at most.
            await WaitFor.TrueAsync(async () => (await client.QueryAsync("select 1")).SqlState().Length == 0);
        }
    }

    [Fact]
    public async Task All_servers_killed_under_load_is_one_error_each_and_everybody_recovers()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await using ProxyUnderTest proxy = await ProxyUnderTest.StartAsync(place => PoolScene.Text(place.Port, database.Cluster.Port, database.Name, size: 5));
        await database.ExecuteAsync("create table ledger(who int, turn int)");
        using var stop = new CancellationTokenSource();
        int[] errors = new int[12];
        int[] committed = new int[12];
        Task[] clients = [.. Enumerable.Range(0, 12).Select(who => Task.Run(() => WorkAsync(who)))];
        const int rounds = 3;
        for (int round = 0; round < rounds; round++)
        {
            int[] before = [.. committed];
            await WaitFor.TrueAsync(() => HaveAllCommitted(before));
            await database.ExecuteAsync("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()");
        }
        int[] last = [.. committed];
        await WaitFor.TrueAsync(() => HaveAllCommitted(last));
        await stop.CancelAsync();
        await Task.WhenAll(clients);
        // One for the transaction in flight, and one more where the next began on a server that had been told to die and had not yet.
        Assert.All(errors, count => Assert.InRange(count, 0, 2 * rounds));
        Assert.Contains(errors, count => count > 0);
        for (int who = 0; who < 12; who++)
        {
            int rows = await database.QueryAsync<int>($"select count(*)::int from ledger where who = {who}");
            // A commit whose answer was lost may have happened: known outcomes are exact.
            Assert.InRange(rows, committed[who], committed[who] + errors[who]);
        }

        // A client that fell over would commit no more: what it fell over is the failure, not the wait.
        bool HaveAllCommitted(int[] since) => Array.Find(clients, client => client.IsFaulted) is { } fallen
            ? throw new InvalidOperationException("a client fell over", fallen.Exception)
            : Enumerable.Range(0, 12).All(who => committed[who] >= since[who] + 3);

        async Task WorkAsync(int who)
        {
            await using var connection = new NpgsqlConnection(proxy.ConnectionString("a", "app"));
            await connection.OpenAsync();
            for (int turn = 0; !stop.IsCancellationRequested; turn++)
            {
                try
                {
                    if (connection.State != System.Data.ConnectionState.Open)
                    {
                        await connection.CloseAsync();
                        await connection.OpenAsync();
                    }
                    await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
                    await using var insert = new NpgsqlCommand($"insert into ledger values ({who}, {turn})", connection, transaction);
                    await insert.ExecuteNonQueryAsync();
                    await transaction.CommitAsync();
                    Interlocked.Increment(ref committed[who]);
                }
                catch (NpgsqlException)
                {
                    Interlocked.Increment(ref errors[who]);
                }
            }
        }
    }

    [Fact]
    public async Task A_restarted_PostgreSQL_is_found_again()
    {
        await using PostgresCluster cluster = await PostgresCluster.StartAsync();
        await using ProxyUnderTest proxy = await ProxyUnderTest.StartAsync(place => PoolScene.Text(
            place.Port, cluster.Port, "postgres", proxy: "server_login_retry = \"100ms\""));
        await using RawClient client = await proxy.LoginAsync("a", "app");
        await client.QueryAsync("select 1");
        await cluster.RestartServerAsync(PostgresStop.Immediate);
        await WaitFor.TrueAsync(async () => (await client.QueryAsync("select 1")).SqlState().Length == 0);
    }

    [Fact]
    public async Task A_server_that_comes_late_lets_logins_in_then()
    {
        int port = LoopbackPorts.Take();
        ProxyUnderTest proxy = await ProxyUnderTest.StartAsync(place => PoolScene.Text(
            place.Port, port, "x", proxy: "server_login_retry = \"100ms\"\nserver_tls_sslmode = \"disable\""));
        await using (RawClient early = await proxy.ConnectAsync())
        {
            Assert.Equal("08006", (await early.TryLoginAsync("a", "app")).Error?.SqlState);
        }
        await using var late = ScriptedBackend.Start(async session =>
        {
            await session.LoginAsync();
            await session.ReadToEndAsync();
        }, port);
        await WaitFor.TrueAsync(async () =>
        {
            await using RawClient client = await proxy.ConnectAsync();
            return (await client.TryLoginAsync("a", "app")).Error is null;
        });
        // First the proxy, which holds the connection that the script reads to its end.
        await proxy.DisposeAsync();
    }

    private Task WaitForActiveAsync(int server) =>
        WaitFor.EqualAsync(1, () => scene.Database.QueryAsync<int>($"select count(*)::int from pg_stat_activity where pid = {server} and wait_event = 'PgSleep'"));

    private Task WaitForGoneAsync(int server) =>
        WaitFor.EqualAsync(0, () => scene.Database.QueryAsync<int>($"select count(*)::int from pg_stat_activity where pid = {server}"));
}

/// <inheritdoc/>
public sealed class LostServerTestsOnNewest(PoolSceneOnNewest scene) : LostServerTests(scene), IClassFixture<PoolSceneOnNewest>;
