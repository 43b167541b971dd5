using PoolProxy.IntegrationTests.Isolation;
using PoolProxy.Testing;
using PoolProxy.Testing.Postgres;
using PoolProxy.Testing.Proxy;
using Xunit;

namespace PoolProxy.IntegrationTests.Statements;

/// <summary>DEALLOCATE of a shared statement takes a name from its client, if PostgreSQL carries it out; it never depends on what the server at hand holds.</summary>
public class DeallocateTests(PoolScene scene) : IClassFixture<PoolScene>
{
    public static TheoryData<bool> Protocols => new(false, true);

    [Theory]
    [InlineData("deallocate all")]
    [InlineData("discard all")]
    public async Task What_is_prepared_behind_it_in_its_own_batch_stays(string all)
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient client = await proxy.LoginAsync("a", "app");
        await client.Parse("s", "select 'before'").Sync().RoundTripAsync();
        Assert.Equal("", (await client.Parse("", all).Bind("", "").Execute().Parse("t", "select 'behind'").Sync().RoundTripAsync()).SqlState());
        for (int turn = 0; turn < 2; turn++)
        {
            Assert.Equal(["behind"], (await client.Bind("", "t").Execute().Sync().RoundTripAsync()).Rows());
        }
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task In_a_failed_transaction_it_fails_and_takes_nothing(bool isExtended)
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient client = await proxy.LoginAsync("a", "app");
        await client.Parse("s", "select 'still'").Sync().RoundTripAsync();
        await client.QueryAsync("begin; select 1/0");
        var answer = await DeallocateAsync(client, "deallocate s", isExtended);
        Assert.Equal("25P02", answer.SqlState());
        Assert.Equal("ErrorResponse ReadyForQuery", answer.Names());
        Assert.Equal('E', answer.Status());
        await client.QueryAsync("rollback");
        Assert.Equal(["still"], (await client.Bind("", "s").Execute().Sync().RoundTripAsync()).Rows());
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task In_a_failed_transaction_on_a_server_that_never_had_it_it_fails_just_so(bool isExtended)
    {
        await using ProxyUnderTest proxy = await scene.StartAsync(size: 2);
        await using RawClient client = await proxy.LoginAsync("a", "app");
        await using RawClient other = await proxy.LoginAsync("b", "app");
        await ParseOnAnotherServerAsync(client, other, "select 'still'");
        await client.QueryAsync("begin; select 1/0");
        var answer = await DeallocateAsync(client, "deallocate s", isExtended);
        Assert.Equal("25P02", answer.SqlState());
        Assert.Equal('E', answer.Status());
        await client.QueryAsync("rollback");
        Assert.Equal(["still"], (await client.Bind("", "s").Execute().Sync().RoundTripAsync()).Rows());
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task A_statement_that_can_no_longer_be_prepared_can_be_deallocated(bool isExtended)
    {
        await using ProxyUnderTest proxy = await scene.StartAsync(size: 2);
        string table = scene.Database.Role(isExtended ? "dropped_x" : "dropped");
        await scene.Database.ExecuteAsync($"create table {table}(x int)");
        await using RawClient client = await proxy.LoginAsync("a", "app");
        await using RawClient other = await proxy.LoginAsync("b", "app");
        await ParseOnAnotherServerAsync(client, other, $"select * from {table}");
        await scene.Database.ExecuteAsync($"drop table {table}");
        var answer = await DeallocateAsync(client, "deallocate s", isExtended);
        Assert.Equal("", answer.ErrorText());
        Assert.Equal("DEALLOCATE", answer.Single(message => message.Name == "CommandComplete").Text);
        Assert.Equal("26000", (await client.Bind("", "s").Execute().Sync().RoundTripAsync()).SqlState());
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task The_copy_of_others_stays(bool isExtended)
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient client = await proxy.LoginAsync("a", "app");
        await using RawClient other = await proxy.LoginAsync("b", "app");
        await client.Parse("s", "select 'kept' as shared_copy").Sync().RoundTripAsync();
        await other.Parse("t", "select 'kept' as shared_copy").Sync().RoundTripAsync();
        Assert.Equal("", (await DeallocateAsync(client, "deallocate s", isExtended)).ErrorText());
        Assert.Equal("1", await client.ScalarAsync("select count(*) from pg_prepared_statements where statement like '%as shared_copy'"));
        Assert.Equal("0", await client.ScalarAsync("select count(*) from pg_prepared_statements where name like '%deallocated%'"));
        Assert.Equal(["kept"], (await other.Bind("", "t").Execute().Sync().RoundTripAsync()).Rows());
    }

    [Fact]
    public async Task Within_a_transaction_it_leaves_the_transaction_open()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient client = await proxy.LoginAsync("a", "app");
        await client.Parse("s", "select 1").Sync().RoundTripAsync();
        await client.QueryAsync("begin");
        Assert.Equal('T', (await client.QueryAsync("deallocate s")).Status());
        Assert.Equal('T', (await client.QueryAsync("select 1")).Status());
        Assert.Equal('I', (await client.QueryAsync("commit")).Status());
    }

    [Fact]
    public async Task Behind_a_batch_that_no_Sync_has_ended_it_ends_it_as_any_Query_does()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        string table = scene.Database.Role("deferred");
        await scene.Database.ExecuteAsync($"create table {table}(x int unique deferrable initially deferred)");
        await using RawClient client = await proxy.LoginAsync("a", "app");
        await using RawClient direct = await scene.Database.ConnectRawAsync();
        var said = new List<string>();
        foreach (RawClient each in new[] { direct, client })
        {
            await each.Parse("s", "select 1").Sync().RoundTripAsync();
            var answer = await each.Parse("", $"insert into {table} values (1), (1)").Bind("", "").Execute().Query("deallocate s").RoundTripAsync();
            var sync = await each.Sync().RoundTripAsync();
            said.Add($"{answer.SqlState()} {answer.Status()} {sync.SqlState()} {sync.Status()}");
        }
        // Version 18 leaves the transaction to the Sync.
        Assert.StartsWith(scene.Database.Cluster.Binaries.Major < 18 ? "23505 I" : " T", said[0], StringComparison.Ordinal);
        Assert.Equal(said[0], said[1]);
    }

    [Fact]
    public async Task Behind_a_batch_that_failed_it_is_skipped_to_the_Sync()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient client = await proxy.LoginAsync("a", "app");
        await client.Parse("s", "select 'still'").Sync().RoundTripAsync();
        var answer = await client.Parse("", "selec").Query("deallocate s").Sync().RoundTripAsync();
        Assert.Equal("ErrorResponse ReadyForQuery", answer.Names());
        Assert.Equal(["still"], (await client.Bind("", "s").Execute().Sync().RoundTripAsync()).Rows());
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task It_may_be_the_first_thing_behind_a_change_of_identity(bool isExtended)
    {
        await using Installation here = await Installation.StartAsync(AvailablePostgres.Found[0].Major);
        await using RawClient alice = await here.LoginAsync("alice");
        await using RawClient bob = await here.LoginAsync("bob");
        await alice.Parse("s", "select 1").Sync().RoundTripAsync();
        await bob.QueryAsync("select 1");
        var answer = await DeallocateAsync(alice, "deallocate s", isExtended);
        Assert.Equal("", answer.ErrorText());
        Assert.Equal("26000", (await alice.Bind("", "s").Execute().Sync().RoundTripAsync()).SqlState());
        Assert.Equal("alice", await alice.SaysAsync(RawClientQuestions.Subject));
    }

    [Theory]
    [InlineData("d")]
    [InlineData("")]
    public async Task As_a_prepared_statement_of_another_batch_it_takes_the_name_when_it_is_run(string name)
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient client = await proxy.LoginAsync("a", "app");
        await using RawClient other = await proxy.LoginAsync("b", "app");
        await client.Parse("s", "select 1").Sync().RoundTripAsync();
        await client.Parse(name, "DEALLOCATE s").DescribeStatement(name).Sync().RoundTripAsync();
        await other.Parse("", "select 'between'").Bind("", "").Execute().Sync().RoundTripAsync();
        Assert.Equal(["1"], (await client.Bind("", "s").Execute().Sync().RoundTripAsync()).Rows());
        for (int turn = 0; turn < 2; turn++)
        {
            var answer = await client.Bind("", name).Execute().Sync().RoundTripAsync();
            Assert.Equal("BindComplete CommandComplete ReadyForQuery", answer.Names());
            Assert.Equal("26000", (await client.Bind("", "s").Execute().Sync().RoundTripAsync()).SqlState());
            var again = await client.Bind("", name).Execute().Sync().RoundTripAsync();
            Assert.Equal("26000", again.SqlState());
            Assert.Equal("prepared statement \"s\" does not exist", again.ErrorText());
            await client.Parse("s", "select 1").Sync().RoundTripAsync();
        }
    }

    [Fact]
    public async Task In_a_batch_that_is_rolled_back_for_another_reason_the_name_stays_gone_as_in_PostgreSQL()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient client = await proxy.LoginAsync("a", "app");
        await client.Parse("s", "select 1").Parse("d", "deallocate s").Sync().RoundTripAsync();
        Assert.Equal("22012", (await client.Bind("", "d").Execute().Parse("", "select 1/0").Bind("", "").Execute().Sync().RoundTripAsync()).SqlState());
        Assert.Equal("26000", (await client.Bind("", "s").Execute().Sync().RoundTripAsync()).SqlState());
    }

    [Theory]
    [InlineData("select 'before'; deallocate s", "before")]
    [InlineData("deallocate s; select 'behind'", "behind")]
    public async Task Among_other_statements_of_a_Query_it_takes_the_name(string sql, string says)
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient client = await proxy.LoginAsync("a", "app");
        await using RawClient other = await proxy.LoginAsync("b", "app");
        await client.Parse("s", "select 'shared'").Sync().RoundTripAsync();
        await other.Parse("s", "select 'shared'").Sync().RoundTripAsync();
        Assert.Equal([says], (await client.QueryAsync(sql)).Rows());
        Assert.Equal("26000", (await client.Bind("", "s").Execute().Sync().RoundTripAsync()).SqlState());
        Assert.Equal(["shared"], (await other.Bind("", "s").Execute().Sync().RoundTripAsync()).Rows());
    }

    [Theory]
    [InlineData("deallocate {0}")]
    [InlineData("DEALLOCATE PREPARE \"{0}\"")]
    [InlineData("select 1; deallocate {0}; select 2")]
    [InlineData("prepare {0} as select 'evil'")]
    public async Task SQL_does_not_reach_the_statements_of_others_by_the_names_that_servers_know(string sql)
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient client = await proxy.LoginAsync("a", "app");
        await using RawClient other = await proxy.LoginAsync("b", "app");
        await client.Parse("s", "select 'good'").Sync().RoundTripAsync();
        string name = (await other.ScalarAsync("select name from pg_prepared_statements where statement like '%''good''%' and name like 'poolproxy%'"))!;
        sql = string.Format(System.Globalization.CultureInfo.InvariantCulture, sql, name);
        Assert.Equal("42939", (await other.QueryAsync(sql)).SqlState());
        if (!sql.Contains(';', StringComparison.Ordinal))
        {
            Assert.Equal("42939", (await other.Parse("", sql).Bind("", "").Execute().Sync().RoundTripAsync()).SqlState());
            Assert.Equal("42939", (await other.Parse("n", sql).Sync().RoundTripAsync()).SqlState());
            Assert.Equal("26000", (await other.Bind("", "n").Sync().RoundTripAsync()).SqlState());
        }
        Assert.Equal(["good"], (await client.Bind("", "s").Execute().Sync().RoundTripAsync()).Rows());
    }

    private static Task<IReadOnlyList<Testing.Wire.WireMessage>> DeallocateAsync(RawClient client, string sql, bool isExtended) =>
        isExtended ? client.Parse("", sql).Bind("", "").Execute().Sync().RoundTripAsync() : client.QueryAsync(sql);

    /// <summary>The client prepares <c>s</c> on a server that the other then holds in a transaction.</summary>
    private static async Task ParseOnAnotherServerAsync(RawClient client, RawClient other, string sql)
    {
        await client.Parse("s", sql).Sync().RoundTripAsync();
        int server = await client.ServerIdAsync();
        await other.QueryAsync("begin");
        while (await other.ServerIdAsync() != server)
        {
            await other.QueryAsync("commit");
            await other.QueryAsync("begin");
        }
    }
}

/// <inheritdoc/>
public sealed class DeallocateTestsOnNewest(PoolSceneOnNewest scene) : DeallocateTests(scene), IClassFixture<PoolSceneOnNewest>;
