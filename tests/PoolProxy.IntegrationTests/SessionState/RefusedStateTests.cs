using PoolProxy.IntegrationTests.Statements;
using PoolProxy.Testing;
using PoolProxy.Testing.Wire;
using Xunit;

namespace PoolProxy.IntegrationTests.SessionState;

/// <summary><c>session_state = "refuse"</c>: what would leave state behind gets 0A000, as any statement that PostgreSQL refuses.</summary>
public sealed class RefusedStateTests
{
    public static IEnumerable<object[]> VersionsAndProtocols => StatePlaces.VersionsAndProtocols;

    [Theory]
    [MemberData(nameof(VersionsAndProtocols))]
    public async Task What_leaves_state_is_refused_and_what_leaves_none_is_not(int major, string protocol)
    {
        await using KeptPlace place = await StatePlaces.StartAsync(major, "refuse");
        await using RawClient one = await place.LoginAsync();
        foreach (string sql in (string[])[
            "set lock_timeout = 1", "set my.own = 'x'", "set session lock_timeout = 1", "create temp table t (i int)", "select 1 as i into temp t",
            "declare c cursor with hold for select 1", "listen x", "select pg_advisory_lock(1)", "prepare p as select 1"])
        {
            IReadOnlyList<WireMessage> answer = await one.RunAsync(protocol, sql);
            Assert.Equal((sql, "0A000", 'I'), (sql, answer.SqlState(), answer.Status()));
            Assert.Contains("session_state", answer.First(message => message.Name == "ErrorResponse").ErrorField('H'), StringComparison.Ordinal);
        }

        foreach (string sql in (string[])[
            "set timezone = 'UTC'", "set time zone 'Asia/Tokyo'", "set application_name = 'x'", "set datestyle = 'ISO'", "set names 'UTF8'", "reset lock_timeout", "reset all",
            "set lock_timeout to default", "unlisten *", "select pg_advisory_unlock_all()", "deallocate all", "close all", "discard all"])
        {
            Assert.Equal((sql, ""), (sql, (await one.RunAsync(protocol, sql)).SqlState()));
        }

        foreach (string sql in (string[])["begin", "set local lock_timeout = 1", "create temp table t (i int) on commit drop", "select pg_advisory_xact_lock(1)",
            "declare c cursor for select 1", "set transaction read only", "savepoint a", "release a", "commit"])
        {
            Assert.Equal((sql, ""), (sql, (await one.RunAsync(protocol, sql)).SqlState()));
        }

        Assert.Equal([""], await place.PinnedAsync());
    }

    [Theory]
    [MemberData(nameof(VersionsAndProtocols))]
    public async Task A_refusal_fails_its_transaction_and_nothing_more(int major, string protocol)
    {
        await using KeptPlace place = await StatePlaces.StartAsync(major, "refuse");
        await using RawClient one = await place.LoginAsync();
        await one.RunAsync(protocol, "begin");
        Assert.Equal('E', (await one.RunAsync(protocol, "listen x")).Status());
        Assert.Equal("25P02", (await one.RunAsync(protocol, "select 1")).SqlState());
        await one.RunAsync(protocol, "rollback");
        Assert.Equal("1", await one.ScalarAsync("select 1"));
        Assert.Equal("0A000", (await one.QueryAsync("select 1; set lock_timeout = 1; select 2")).SqlState());
        Assert.Equal("2", await one.ScalarAsync("select 2"));
    }
}
