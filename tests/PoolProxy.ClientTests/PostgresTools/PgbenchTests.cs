using System.Globalization;
using PoolProxy.ClientTests.Running;
using PoolProxy.ClientTests.Targets;

namespace PoolProxy.ClientTests.PostgresTools;

/// <summary>Fifty clients on five servers. pgbench ends badly at the first error; what it left behind has to add up.</summary>
public sealed class PgbenchTests
{
    private const int Clients = 50;
    private const int TransactionsEach = 10;

    private const string Sums = """
        select concat_ws(' ', (select sum(abalance) from pgbench_accounts), (select sum(tbalance) from pgbench_tellers),
            (select sum(bbalance) from pgbench_branches), (select coalesce(sum(delta), 0) from pgbench_history))
        """;

    [Fact]
    public async Task Fifty_clients_share_five_servers_in_every_mode_and_the_balances_add_up()
    {
        await using Stage stage = await Stage.OpenAsync(Way.Proxy, poolSize: 5, tls: false);
        // TRUNCATE, COPY, VACUUM and ALTER TABLE, through the proxy.
        await RunAsync(stage, "-i", "-q", "-s", "2");
        Assert.Equal(200_000, await stage.Database.QueryAsync<long>("select count(*) from pgbench_accounts"));
        foreach (string mode in new[] { "simple", "extended", "prepared" })
        {
            await BenchAsync(stage, mode, "-t", Text(TransactionsEach));
            await BenchAsync(stage, mode, "-S", "-t", Text(4 * TransactionsEach));
        }
        // A connection a transaction.
        await BenchAsync(stage, "simple", "-C", "-S", "-t", "2");

        Assert.Equal(3 * Clients * TransactionsEach, await stage.Database.QueryAsync<long>("select count(*) from pgbench_history"));
        string[] sums = (await stage.Database.QueryAsync<string>(Sums))!.Split(' ');
        Assert.Equal(4, sums.Length);
        Assert.Single(sums.Distinct());
    }

    [Fact]
    public async Task Fifty_clients_over_TLS_keep_their_prepared_statements_apart()
    {
        await using Stage stage = await Stage.OpenAsync(Way.Proxy, poolSize: 5);
        await RunAsync(stage, "-i", "-q", "-s", "1");
        await BenchAsync(stage, "prepared", "-t", Text(TransactionsEach));
        string[] sums = (await stage.Database.QueryAsync<string>(Sums))!.Split(' ');
        Assert.Single(sums.Distinct());
    }

    /// <summary>
    /// One thread a client: pgbench prepares with a blocking call, and fewer threads would wait for themselves. -n: its VACUUM would
    /// empty the history too.
    /// </summary>
    private static async Task BenchAsync(Stage stage, string mode, params string[] more)
    {
        ProgramRun run = await RunAsync(stage, ["-c", Text(Clients), "-j", Text(Clients), "-n", "-M", mode, .. more]);
        Assert.Contains("number of failed transactions: 0 (0.000%)", run.Output, StringComparison.Ordinal);
    }

    private static Task<ProgramRun> RunAsync(Stage stage, params string[] arguments) => stage.Target.TellLibpq(
        new ForeignProgram(PostgresPrograms.Find("pgbench"), arguments, "Debian's postgresql")).RunWellAsync();

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
