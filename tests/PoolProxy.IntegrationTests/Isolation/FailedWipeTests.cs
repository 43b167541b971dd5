using PoolProxy.Sandbox.Postgres;
using PoolProxy.Testing;
using PoolProxy.Testing.Postgres;
using Xunit;

namespace PoolProxy.IntegrationTests.Isolation;

/// <summary>Alice makes the wiping of her session fail. What bob sends must not run in that session, however much of it is sent at once.</summary>
public sealed class FailedWipeTests
{
    private const string Subject = RawClientQuestions.Subject;

    // A DISCARD ALL that has this many temporary tables to drop runs out of locks on the cluster of these tests.
    private const string TooManyTables = """
        do $$
        begin
            for batch in 1 .. 40 loop
                for number in 1 .. 100 loop
                    execute format('create temp table t_%s_%s (x int)', batch, number);
                end loop;
                commit;
            end loop;
        end
        $$
        """;

    public static TheoryData<string> Bobs => new("one Query", "two Queries", "one batch", "two batches", "a batch and a Query", "a Query and a batch", "a batch without Sync, and its Sync");

    [Theory]
    [MemberData(nameof(Bobs))]
    public async Task Nothing_of_the_second_runs_in_a_session_whose_wiping_exhausts_the_lock_table(string bobs)
    {
        await using Installation here = await StartOnOwnClusterAsync();
        await using RawClient alice = await here.LoginAsync("alice");
        int hers = await alice.BackendIdAsync();
        await alice.DoAsync(TooManyTables);
        await ExpectNothingOfBobInAsync(here, hers, bobs);
    }

    [Theory]
    [MemberData(nameof(Bobs))]
    public async Task Nor_where_its_statements_are_to_stay(string bobs)
    {
        await using Installation here = await StartOnOwnClusterAsync("trusted");
        await using RawClient alice = await here.LoginAsync("alice");
        int hers = await alice.BackendIdAsync();
        await alice.DoAsync(TooManyTables);
        await ExpectNothingOfBobInAsync(here, hers, bobs);
    }

    [Theory]
    [MemberData(nameof(Bobs))]
    public async Task Nothing_of_the_second_runs_in_a_session_whose_time_for_statements_is_a_millisecond(string bobs)
    {
        await using Installation here = await Installation.StartAsync(AvailablePostgres.Found[0].Major);
        await using RawClient alice = await here.LoginAsync("alice");
        int hers = await alice.BackendIdAsync();

        // Enough to drop that it takes longer than that.
        await alice.DoAsync(TooManyTables.Replace("1 .. 40", "1 .. 5"));
        await alice.DoAsync("select set_config('statement_timeout', '1', false)");
        await ExpectNothingOfBobInAsync(here, hers, bobs);
    }

    private static async Task<Installation> StartOnOwnClusterAsync(string level = "partitioned")
    {
        PostgresCluster cluster = await SmallCluster.Value;
        return await Installation.StartAsync(cluster.Binaries.Major, InstallationOptions.Of(level) with { Database = await TestDatabase.CreateAsync(cluster) });
    }

    private static readonly Lazy<Task<PostgresCluster>> SmallCluster = new(() => PostgresCluster.StartAsync(new PostgresClusterOptions
    {
        Binaries = AvailablePostgres.Found[^1],
        Settings = new Dictionary<string, string> { ["max_locks_per_transaction"] = "10", ["max_connections"] = "20", ["max_prepared_transactions"] = "0" },
    }));

    /// <summary>
    /// Either the wiping failed, and bob is told so, or it went well after all; in both cases whatever answers he gets are his own, and from no
    /// session of alice's that still is hers.
    /// </summary>
    private static async Task ExpectNothingOfBobInAsync(Installation here, int hers, string bobs)
    {
        const string asks = "select coalesce(nullif(current_setting('request.jwt.claims', true), '')::json ->> 'sub', '(nobody)') || ' ' || pg_backend_pid()";
        await using RawClient bob = await here.LoginAsync("bob");
        int answers = Put(bob, bobs, asks);
        await bob.SendAsync();
        var said = new List<string>();
        for (int i = 0; i < answers; i++)
        {
            said.Add(RawClientQuestions.Said(await bob.ReadUntilAsync("ReadyForQuery")));
        }
        Assert.Equal("08006", said[0]);

        // 53200: another session's, while hers is still ending and holds its locks.
        Assert.All(said, answer => Assert.True(answer is "08006" or "53200" || (answer.StartsWith("bob ", StringComparison.Ordinal) && answer != $"bob {hers}"), answer));
        await WaitFor.EqualAsync("bob", () => bob.SaysAsync(Subject));
        Assert.NotEqual(hers, await bob.BackendIdAsync());
        await WaitFor.TrueAsync(() => here.Log.Contains("its identity could not be set"));
    }

    private static int Put(RawClient bob, string form, string sql)
    {
        RawClient Batch() => bob.Parse("", sql).Bind("", "").Execute().Sync();
        switch (form)
        {
            case "one Query":
                bob.Query(sql);
                return 1;
            case "two Queries":
                bob.Query(sql).Query(sql);
                return 2;
            case "one batch":
                Batch();
                return 1;
            case "two batches":
                Batch();
                Batch();
                return 2;
            case "a batch and a Query":
                Batch().Query(sql);
                return 2;
            case "a Query and a batch":
                bob.Query(sql);
                Batch();
                return 2;
            default:
                bob.Parse("", sql).Bind("", "").Execute().Flush().Sync();
                return 1;
        }
    }
}
