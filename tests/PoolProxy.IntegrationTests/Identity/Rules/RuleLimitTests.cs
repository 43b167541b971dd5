using System.Text.Json.Nodes;
using Npgsql;
using PoolProxy.IntegrationTests.Isolation;
using PoolProxy.Testing;
using PoolProxy.Testing.Postgres;
using Xunit;

namespace PoolProxy.IntegrationTests.Identity.Rules;

/// <summary>The limits of rules and tokens: each is held by the proxy, over all loops, and the stricter counts.</summary>
public sealed class RuleLimitTests
{
    private static int Major => AvailablePostgres.Found[^1].Major;

    [Fact]
    public async Task A_person_has_so_many_clients_over_all_loops_whatever_role_and_claims_it_shows()
    {
        await using Installation here = await Installation.StartAsync(Major, new InstallationOptions { Proxy = "threads = 2", ReaderLines = "max_connections = 2", PoolSize = 4 });
        await using RawClient first = await here.LoginAsync("alice", here.Reader("alice").Claim("acr", "mfa"));
        await using RawClient second = await here.LoginAsync(here.Readers, here.Reader("alice"));
        RawLogin third = await here.TryLoginAsync("alice", here.Reader("alice"));
        Assert.Equal("53300 client connections exceeded (max_connections)", $"{third.Error?.SqlState} {third.Error?.ErrorText}");
        await using RawClient other = await here.LoginAsync("bob");
        Assert.Equal("of bob", await other.ScalarAsync("select body from notes"));
        await first.DisposeAsync();
        await WaitFor.TrueAsync(async () => (await here.TryLoginAsync("alice", here.Reader("alice"))).Error is null);
    }

    [Fact]
    public async Task Of_rule_and_token_the_stricter_counts()
    {
        await using Installation here = await Installation.StartAsync(Major, new InstallationOptions { IssuerLines = "limits_claim = \"pg.limits\"", ReaderLines = "max_connections = 2" });
        await using RawClient one = await here.LoginAsync("alice", Limited(here, "alice", """{"max_connections":1}"""));
        Assert.Equal("53300", (await here.TryLoginAsync("alice", Limited(here, "alice", """{"max_connections":1}"""))).Error?.SqlState);
        Assert.Null((await here.TryLoginAsync("alice", Limited(here, "alice", """{"max_connections":9}"""))).Error);
        Assert.Equal("57014", (await SpoilAsync(here, Limited(here, "bob", """{"query_timeout":0.2}"""), "select pg_sleep(60)")).SqlState());
    }

    [Fact]
    public async Task A_limit_that_cannot_be_read_shuts_the_door()
    {
        await using Installation here = await Installation.StartAsync(Major, new InstallationOptions { IssuerLines = "limits_claim = \"pg.limits\"" });
        Assert.Equal("28000", (await here.TryLoginAsync("alice", Limited(here, "alice", """{"max_connections":"two"}"""))).Error?.SqlState);
        await WaitFor.TrueAsync(() => here.AuditLines.Any(line => line.Contains("LimitsMalformed", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("query_timeout = \"200ms\"", "select pg_sleep(60)", "57014")]
    [InlineData("transaction_timeout = \"200ms\"", "begin; select pg_sleep(60)", "25P04")]
    [InlineData("idle_transaction_timeout = \"200ms\"", "begin", "25P03")]
    [InlineData("client_idle_timeout = \"200ms\"", "select 1", "57P05")]
    public async Task Timeouts_of_the_rule_are_the_proxys_own_and_stricter_ones_of_the_proxy_stand(string line, string sql, string sqlState)
    {
        await using Installation here = await Installation.StartAsync(Major, new InstallationOptions { ReaderLines = line, Proxy = line.Replace("200ms", "10m", StringComparison.Ordinal) });
        Assert.Equal(sqlState, (await SpoilAsync(here, here.Reader("alice"), sql)).SqlState());
    }

    [Fact]
    public async Task A_session_ends_when_its_length_is_over_and_says_so()
    {
        await using Installation here = await Installation.StartAsync(Major, new InstallationOptions { ReaderLines = "session_length = 2", IssuerLines = "token_expiry_grace = 60" });
        await using RawClient idle = await here.LoginAsync("alice");
        await using var driver = new NpgsqlConnection(here.Proxy.ConnectionString("bob", here.Database.Name, here.Reader("bob").Build()));
        await driver.OpenAsync();
        await using (NpgsqlTransaction transaction = await driver.BeginTransactionAsync())
        {
            // It outlives the length: a transaction is let finish.
            await using var command = new NpgsqlCommand("select pg_sleep(3)", driver, transaction);
            await command.ExecuteNonQueryAsync();
            await transaction.CommitAsync();
        }

        IReadOnlyList<Testing.Wire.WireMessage> end = await idle.ReadToEndAsync();
        Assert.Equal("57P01 the session has lasted as long as it may", $"{end.SqlState()} {end.ErrorText()}");
        await using var after = new NpgsqlCommand("select 1", driver);
        Exception failure = await Assert.ThrowsAnyAsync<NpgsqlException>(() => after.ExecuteScalarAsync());
        Assert.True(failure is PostgresException { SqlState: "57P01" } or { InnerException: not null }, failure.ToString());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_person_holds_so_many_servers_and_keeps_nobody_else_waiting(int threads)
    {
        await using Installation here = await Installation.StartAsync(Major, new InstallationOptions { Proxy = $"threads = {threads}", ReaderLines = "max_servers = 1", PoolSize = 3 });
        await using RawClient holder = await here.LoginAsync("alice");
        await using RawClient second = await here.LoginAsync("alice", here.Reader("alice").Claim("acr", "mfa"));
        await using RawClient third = await here.LoginAsync("alice");
        await using RawClient other = await here.LoginAsync("bob");
        await holder.DoAsync("begin");
        await second.SendQueryAsync("select 'second'");
        await third.SendQueryAsync("select 'third'");
        for (int i = 0; i < 20; i++)
        {
            // The pool has servers left, which are others'.
            Assert.Equal("of bob", await other.ScalarAsync("select body from notes"));
        }

        Assert.Equal("1", $"{await here.Database.QueryAsync<long>($"select count(*) from pg_stat_activity where usename = '{here.Login}' and state <> 'idle'")}");
        await holder.DoAsync("commit");
        Assert.Equal(["second"], (await second.ReadUntilAsync("ReadyForQuery")).Rows());
        Assert.Equal(["third"], (await third.ReadUntilAsync("ReadyForQuery")).Rows());
        Assert.Equal("of alice", await holder.ScalarAsync("select body from notes"));
    }

    [Fact]
    public async Task Who_waits_for_others_of_its_person_waits_no_longer_than_for_a_server_and_leaves_the_place_to_the_next()
    {
        await using Installation here = await Installation.StartAsync(Major, new InstallationOptions { Proxy = "query_wait_timeout = 1", ReaderLines = "max_servers = 1", PoolSize = 3 });
        await using RawClient holder = await here.LoginAsync("alice");
        await using RawClient waiter = await here.LoginAsync("alice");
        await holder.DoAsync("begin");
        await waiter.SendQueryAsync("select 1");
        IReadOnlyList<Testing.Wire.WireMessage> said = await waiter.ReadToEndAsync();
        Assert.Equal("53300 query_wait_timeout", $"{said.SqlState()} {said.ErrorText()}");
        await using RawClient leaver = await here.LoginAsync("alice");
        await leaver.SendQueryAsync("select 1");
        await leaver.DisposeAsync();
        await using RawClient next = await here.LoginAsync("alice");
        await next.SendQueryAsync("select 'next'");

        // The holder's own end, in the middle of its transaction, lets the next go on too.
        await holder.DisposeAsync();
        Assert.Equal(["next"], (await next.ReadUntilAsync("ReadyForQuery")).Rows());
    }

    [Fact]
    public async Task Under_load_no_more_servers_are_held_than_allowed_and_everybody_is_served()
    {
        await using Installation here = await Installation.StartAsync(Major, new InstallationOptions { Proxy = "threads = 2", ReaderLines = "max_servers = 2", PoolSize = 6 });
        Task load = Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            await using RawClient client = await here.LoginAsync("alice");
            for (int i = 0; i < 50; i++)
            {
                await client.DoAsync("select pg_advisory_xact_lock_shared(7), pg_sleep(0.002)");
            }
        }));
        long most = 0;
        while (!load.IsCompleted)
        {
            // Unlike pg_stat_activity, pg_locks is of one moment.
            most = Math.Max(most, await here.Database.QueryAsync<long>("select count(*) from pg_locks join pg_database d on d.oid = database where locktype = 'advisory' and datname = current_database()"));
        }

        await load;
        Assert.InRange(most, 1, 2);
        await using RawClient after = await here.LoginAsync("alice");
        Assert.Equal("of alice", await after.ScalarAsync("select body from notes"));
    }

    private static Sandbox.Issuers.TokenBuilder Limited(Installation here, string subject, string limits) =>
        here.Reader(subject).Claim("pg", new JsonObject { ["limits"] = JsonNode.Parse(limits) });

    /// <summary>Logs in, sends the statement, and reads until the proxy has ended the session.</summary>
    private static async Task<IReadOnlyList<Testing.Wire.WireMessage>> SpoilAsync(Installation here, Sandbox.Issuers.TokenBuilder token, string sql)
    {
        await using RawClient client = await here.LoginAsync(here.Readers, token);
        await client.SendQueryAsync(sql);
        return await client.ReadToEndAsync();
    }
}
