using System.Globalization;
using PoolProxy.ClientTests.Running;
using PoolProxy.ClientTests.Targets;

namespace PoolProxy.ClientTests.PostgresTools;

/// <summary>
/// Transactions of sixty-four clients on two loops and twenty servers: one limit, and nobody is passed over for where it is. POOLPROXY_TRANSACTIONS says how many, 1000000 for the whole proof;
/// without it a quarter of that.
/// </summary>
public sealed class LoopsTests
{
    private const int Servers = 20;
    private const int Clients = 64;
    private const int UsualTransactions = 250_000;

    /// <summary>A busy machine stops a thread for so long now and then, whichever it is: a wait below tells nothing of the queue. In milliseconds.</summary>
    private const long Noise = 200;

    private static int TransactionsEach { get; } =
        (Environment.GetEnvironmentVariable("POOLPROXY_TRANSACTIONS") is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : UsualTransactions) / Clients;

    [Fact]
    public async Task Transactions_on_two_loops_keep_to_the_pool_size_and_wait_alike()
    {
        await using Stage stage = await Stage.OpenAsync(Way.Proxy, Servers, tls: false, proxyLines: $"threads = 2\nadmin_users = \"{ClientClusters.Guest}\"");
        await BenchAsync(stage, "-i", "-q", "-s", "1");
        Task<ProgramRun> load = BenchAsync(stage, "-S", "-n", "-c", Text(Clients), "-j", Text(Clients), "-t", Text(TransactionsEach));
        long most = 0;
        while (!load.IsCompleted)
        {
            most = Math.Max(most, await stage.Database.QueryAsync<long>(
                $"select count(*) from pg_stat_activity where datname = current_database() and usename = '{ClientClusters.Guest}'"));
            await Task.Delay(20);
        }
        Assert.Contains("number of failed transactions: 0 (0.000%)", (await load).Output, StringComparison.Ordinal);
        Assert.Equal(Servers, most);

        // loop|clients|servers|xact_count|moved_in|longest_wait_ms|faults|parked|turns|io_calls|allocated_bytes
        ProgramRun shown = await (stage.Target with { Database = "pgbouncer" }).TellLibpq(
            new ForeignProgram(PostgresPrograms.Find("psql"), ["-X", "-t", "-A", "-c", "SHOW LOOPS"], "Debian's postgresql")).RunWellAsync();
        long[][] loops = [.. shown.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('|').Select(value => long.Parse(value, CultureInfo.InvariantCulture)).ToArray())];
        Assert.Equal(2, loops.Length);
        Assert.All(loops, loop => Assert.Equal(0, loop[6]));
        Assert.True(loops.Sum(loop => loop[3]) >= Clients * TransactionsEach, shown.Output);
        Assert.All(loops, loop => Assert.True(loop[4] > 0, shown.Output));
        long[] waits = [.. loops.Select(loop => Math.Max(loop[5], Noise)).Order()];
        Assert.True(waits[1] <= 2 * waits[0], shown.Output);
    }

    private static Task<ProgramRun> BenchAsync(Stage stage, params string[] arguments) => stage.Target.TellLibpq(
        new ForeignProgram(PostgresPrograms.Find("pgbench"), arguments, "Debian's postgresql") { Deadline = TimeSpan.FromMinutes(8) }).RunWellAsync();

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
