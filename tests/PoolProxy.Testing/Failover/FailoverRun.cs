using System.Diagnostics;
using Npgsql;
using PoolProxy.Testing.Proxy;

namespace PoolProxy.Testing.Failover;

/// <summary>
/// Clients write through a proxy while the primary dies and its synchronous standby takes over; later the old primary comes back as if nothing had
/// happened. Every acknowledged row has to be on the new one, and none may go to the old one.
/// </summary>
public static class FailoverRun
{
    private const string Table = "ledger";

    /// <summary>The pool.toml of the proxy, for the place it gets.</summary>
    public static string Configuration(ProxyPlace place, FailoverPair pair, int servers) => $"""
        [proxy]
        listen_addr = "127.0.0.1"
        listen_port = {place.Port}
        auth_type = "any"
        pool_mode = "transaction"
        default_pool_size = {servers}
        max_client_conn = 1000
        logfile = "{place.File("proxy.log")}"
        log_connections = false
        log_disconnections = false

        [databases.postgres]
        {pair.HostLines}
        target_session_attrs = "read-write"
        host_check_period = "500ms"
        user = "postgres"
        """;

    /// <summary>Runs it: load for <paramref name="calm"/>, the failover, load for as long again, the old primary back, and load again.</summary>
    public static async Task<FailoverResult> RunAsync(FailoverPair pair, ProxyUnderTest proxy, int writers, TimeSpan calm, TimeSpan hesitation)
    {
        await pair.Primary.ExecuteAsync($"create table {Table}(writer int, row bigint, primary key (writer, row))");
        FailoverWriter[] all = [.. Enumerable.Range(0, writers).Select(number => new FailoverWriter(proxy.ConnectionString("postgres", "postgres"), number, Table))];
        using var stop = new CancellationTokenSource();
        Task[] running = [.. all.Select(writer => Task.Run(() => writer.RunAsync(stop.Token)))];
        await Task.Delay(calm, CancellationToken.None);
        await WaitFor.TrueAsync(() => Total(all) > writers);
        long before = Total(all);

        long killed = Stopwatch.GetTimestamp();
        await pair.FailOverAsync(hesitation);
        TimeSpan outage = Stopwatch.GetElapsedTime(killed);
        long after = Total(all);
        await WaitFor.TrueAsync(() => Total(all) > after + writers, TimeSpan.FromSeconds(60));
        await Task.Delay(calm, CancellationToken.None);

        await pair.BringBackOldPrimaryAsync();
        long left = await FailoverPair.CountAsync(pair.Primary, Table);
        long back = Total(all);

        // New server connections are what might go astray.
        await pair.Standby.ExecuteAsync("select pg_terminate_backend(pid) from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()");
        await Task.Delay(calm, CancellationToken.None);
        await WaitFor.TrueAsync(() => Total(all) > back + writers, TimeSpan.FromSeconds(60));
        await stop.CancelAsync();
        await Task.WhenAll(running);
        return new FailoverResult(
            all.Sum(writer => (long)writer.Acknowledged.Count), before, await MissingAsync(pair, all), Errors(all), all.Sum(writer => writer.Reconnects),
            all.Max(writer => writer.LongestStall), outage, await FailoverPair.CountAsync(pair.Primary, Table) - left);
    }

    private static long Total(FailoverWriter[] writers) => writers.Sum(writer => (long)writer.Acknowledged.Count);

    private static Dictionary<string, int> Errors(FailoverWriter[] writers) =>
        writers.SelectMany(writer => writer.Errors).GroupBy(error => error.SqlState).ToDictionary(group => group.Key, group => group.Count());

    private static async Task<long> MissingAsync(FailoverPair pair, FailoverWriter[] writers)
    {
        long missing = 0;
        await using NpgsqlConnection connection = await pair.Standby.OpenAsync();
        for (int number = 0; number < writers.Length; number++)
        {
            await using var query = new NpgsqlCommand($"select row from {Table} where writer = {number}", connection);
            await using NpgsqlDataReader reader = await query.ExecuteReaderAsync();
            var there = new HashSet<long>();
            while (await reader.ReadAsync())
            {
                there.Add(reader.GetInt64(0));
            }

            missing += writers[number].Acknowledged.Count(row => !there.Contains(row));
        }

        return missing;
    }
}
