using PoolProxy.Testing;
using PoolProxy.Testing.Proxy;
using PoolProxy.Testing.Wire;
using Xunit;

namespace PoolProxy.IntegrationTests.Protocol;

/// <summary>CancelRequests reach the query they are meant for, and no other.</summary>
public class CancelTests(PoolScene scene) : IClassFixture<PoolScene>
{
    [Theory]
    [InlineData(3 << 16)]
    [InlineData((3 << 16) | 2)]
    public async Task A_running_query_is_cancelled_and_the_client_stays(int version)
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient client = await proxy.ConnectAsync();
        await client.StartupAsync(version, [("user", "a"), ("database", "app")]);
        Assert.Null((await client.AnswerLoginAsync("a", null)).Error);
        await StartSleepingAsync(client);
        await client.CancelAsync();
        Assert.Equal("57014", (await client.ReadUntilAsync("ReadyForQuery")).SqlState());
        Assert.Equal("1", await client.ScalarAsync("select 1"));
    }

    [Fact]
    public async Task A_query_inside_a_transaction_is_cancelled_and_the_transaction_fails()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient client = await proxy.LoginAsync("a", "app");
        await client.QueryAsync("begin");
        await StartSleepingAsync(client);
        await client.CancelAsync();
        Assert.Equal('E', (await client.ReadUntilAsync("ReadyForQuery")).Status());
        Assert.Equal('I', (await client.QueryAsync("rollback")).Status());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public async Task A_wrong_key_cancels_nothing(int wrongByte)
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient client = await proxy.LoginAsync("a", "app");
        await client.SendQueryAsync("select pg_sleep(0.3)");
        byte[] key = [.. client.SecretKey];
        key[wrongByte] ^= 1;
        await SendCancelAsync(proxy, client.ProcessId, key);
        await SendCancelAsync(proxy, client.ProcessId, key.AsSpan(0, 3).ToArray());
        await SendCancelAsync(proxy, client.ProcessId, []);
        await SendCancelAsync(proxy, client.ProcessId + 1, client.SecretKey);
        Assert.Equal("", (await client.ReadUntilAsync("ReadyForQuery")).SqlState());
    }

    [Fact]
    public async Task A_waiting_clients_cancel_does_not_hit_the_one_that_is_served()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient served = await proxy.LoginAsync("a", "app");
        await using RawClient waiting = await proxy.LoginAsync("b", "app");
        await served.SendQueryAsync("select pg_sleep(0.3)");
        await waiting.SendQueryAsync("select 'waited'");
        await waiting.CancelAsync();
        Assert.Equal("", (await served.ReadUntilAsync("ReadyForQuery")).SqlState());
        // Whether it was still waiting decides what it hears: 57014, or its row.
        var answer = await waiting.ReadToEndOrReadyAsync();
        Assert.True(answer.SqlState() == "57014" || answer.Rows().SequenceEqual(["waited"]));
    }

    [Fact]
    public async Task A_cancel_never_hits_the_next_clients_statement()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient canceller = await proxy.LoginAsync("a", "app");
        await using RawClient next = await proxy.LoginAsync("b", "app");
        for (int turn = 0; turn < 100; turn++)
        {
            // The cancel races with the end of its own query and the start of the other's.
            await canceller.SendQueryAsync("select 1");
            Task cancel = SendCancelAsync(proxy, canceller.ProcessId, canceller.SecretKey);
            await next.SendQueryAsync("select 'untouched', pg_sleep(0.003)");
            var answer = await next.ReadUntilAsync("ReadyForQuery");
            Assert.Equal("", answer.SqlState());
            await canceller.ReadUntilAsync("ReadyForQuery");
            await cancel;
        }
    }

    [Fact]
    public async Task A_cancel_of_an_idle_client_hits_nobody()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient idle = await proxy.LoginAsync("a", "app");
        await using RawClient busy = await proxy.LoginAsync("b", "app");
        await idle.QueryAsync("select 1");
        await busy.SendQueryAsync("select pg_sleep(0.2)");
        await idle.CancelAsync();
        Assert.Equal("", (await busy.ReadUntilAsync("ReadyForQuery")).SqlState());
        Assert.Equal("1", await idle.ScalarAsync("select 1"));
    }

    [Fact]
    public async Task A_server_whose_cancel_may_still_arrive_serves_nobody_else()
    {
        var (isAsked, isAnswered, isOver) = (new TaskCompletionSource(), new TaskCompletionSource(), new TaskCompletionSource());
        int logins = 0;
        await using var backend = ScriptedBackend.Start(async session =>
        {
            if (!await session.TryReadStartupAsync())
            {
                // The host takes the CancelRequest and does not come to it.
                await isOver.Task;
                return;
            }
            await session.WelcomeAsync(4711 + Interlocked.Increment(ref logins));
            while (await session.ReadToQueryAsync() is { } query)
            {
                if (query.ToString().Contains("slow", StringComparison.Ordinal))
                {
                    isAsked.SetResult();
                    await isAnswered.Task;
                }
                await session.SendAsync("""CommandComplete "SELECT 0" """, "ReadyForQuery I");
            }
        });
        await using ProxyUnderTest proxy = await ProxyUnderTest.StartAsync(place => PoolScene.Text(
            place.Port, backend.Port, "x", proxy: "server_tls_sslmode = \"disable\"\nserver_connect_timeout = 1"));
        await using RawClient first = await proxy.LoginAsync("a", "app");
        await using RawClient next = await proxy.LoginAsync("b", "app");
        await first.SendQueryAsync("slow");
        await isAsked.Task;
        // Ends when the proxy has given the cancel up.
        await SendCancelAsync(proxy, first.ProcessId, first.SecretKey);
        isAnswered.SetResult();
        Assert.Equal("", (await first.ReadUntilAsync("ReadyForQuery")).SqlState());
        Assert.Equal(1, logins);
        Assert.Equal("", (await next.QueryAsync("select")).SqlState());
        Assert.Equal(2, logins);
        isOver.SetResult();
    }

    private async Task StartSleepingAsync(RawClient client)
    {
        string mark = Guid.NewGuid().ToString("n");
        await client.SendQueryAsync($"select pg_sleep(60) /* {mark} */");
        await WaitFor.TrueAsync(async () =>
            await scene.Database.QueryAsync<int>($"select count(*)::int from pg_stat_activity where state = 'active' and query like '%pg_sleep(60) /* {mark[..31]}%' and pid <> pg_backend_pid()") == 1);
    }

    private static async Task SendCancelAsync(ProxyUnderTest proxy, int processId, byte[] key)
    {
        await using RawClient canceller = await proxy.ConnectAsync();
        await canceller.Stream.WriteAsync(StartupPackets.CancelRequest(processId, key));
        await canceller.Stream.ReadToEndAsync();
    }
}

/// <inheritdoc/>
public sealed class CancelTestsOnNewest(PoolSceneOnNewest scene) : CancelTests(scene), IClassFixture<PoolSceneOnNewest>;
