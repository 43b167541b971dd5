using PoolProxy.Testing;
using PoolProxy.Testing.Proxy;
using Xunit;

namespace PoolProxy.IntegrationTests.Failure;

/// <summary>A server that dies before it has answered BEGIN: what its client has pipelined behind that must not run alone on the next one.</summary>
public sealed class LostBeginTests
{
    public static TheoryData<bool> Protocols => new(false, true);

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task What_follows_a_BEGIN_that_was_lost_meets_a_failed_transaction(bool isExtended)
    {
        await using ScriptedBackend backend = ScriptedBackend.Start();
        await using ProxyUnderTest proxy = await StartAsync(backend.Port);
        Task<RawClient> login = proxy.LoginAsync("a", "app");
        await using ScriptedSession first = await backend.AcceptAsync();
        await first.LoginAsync();
        await using RawClient client = await login;
        if (isExtended)
        {
            client.Parse("", "begin").Bind("", "").Execute().Sync();
        }
        else
        {
            client.Query("begin");
        }
        await client.SendAsync();
        await first.ReadUntilAsync(isExtended ? "Sync" : "Query");
        await first.DisposeAsync();
        var lost = await client.ReadUntilAsync("ReadyForQuery");
        Assert.Equal("08006", lost.SqlState());
        Assert.Equal('E', lost.Status());

        await client.SendQueryAsync("insert into ledger values (1)");
        await using ScriptedSession second = await backend.AcceptAsync();
        await second.LoginAsync();
        await second.ExpectAsync("Query \"BEGIN\"");
        await second.ExpectAsync("Query \"refused_by_poolproxy\"");
        await second.ExpectAsync("Query \"insert into ledger values (1)\"");
    }

    [Fact]
    public async Task A_whole_transaction_that_was_lost_leaves_none_open()
    {
        await using ScriptedBackend backend = ScriptedBackend.Start();
        await using ProxyUnderTest proxy = await StartAsync(backend.Port);
        Task<RawClient> login = proxy.LoginAsync("a", "app");
        await using ScriptedSession first = await backend.AcceptAsync();
        await first.LoginAsync();
        await using RawClient client = await login;
        await client.Query("begin").Query("select 1").Query("commit").SendAsync();
        for (int query = 0; query < 3; query++)
        {
            await first.ExpectAsync("Query");
        }
        await first.DisposeAsync();
        for (int query = 0; query < 3; query++)
        {
            Assert.Equal('I', (await client.ReadUntilAsync("ReadyForQuery")).Status());
        }

        await client.SendQueryAsync("select 2");
        await using ScriptedSession second = await backend.AcceptAsync();
        await second.LoginAsync();
        await second.ExpectAsync("Query \"select 2\"");
    }

    [Fact]
    public async Task A_Sync_behind_a_transaction_that_was_lost_says_that_it_has_failed()
    {
        await using ScriptedBackend backend = ScriptedBackend.Start();
        await using ProxyUnderTest proxy = await StartAsync(backend.Port);
        Task<RawClient> login = proxy.LoginAsync("a", "app");
        await using ScriptedSession first = await backend.AcceptAsync();
        await first.LoginAsync();
        await using RawClient client = await login;
        await client.SendQueryAsync("begin");
        await first.ExpectAsync("Query");
        await first.DisposeAsync();
        await client.ReadUntilAsync("ReadyForQuery");
        Assert.Equal('E', (await client.Sync().RoundTripAsync()).Status());
    }

    private static Task<ProxyUnderTest> StartAsync(int port) => ProxyUnderTest.StartAsync(place => PoolScene.Text(
        place.Port, port, "x", proxy: "server_tls_sslmode = \"disable\"\nserver_login_retry = \"100ms\""));
}
