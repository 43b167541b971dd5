using System.Globalization;
using PoolProxy.Load.Measuring;
using PoolProxy.Load.Peers;
using PoolProxy.Sandbox;

namespace PoolProxy.Load.Workloads;

/// <summary>pgbench with a script of its own, as a check on our clients: its figures for proxies must tell the same story.</summary>
internal sealed class PgbenchWorkload : Workload
{
    private const int Clients = 16;

    /// <summary>pgbench's <c>-M</c>.</summary>
    public required string Protocol { get; init; }

    /// <inheritdoc/>
    public override IEnumerable<Variation> VariationsOf(Contender? contender) =>
        Protocol == "prepared" && contender is PgBouncerContender { KnowsPreparedStatements: false } ? [] : [new Variation("", new Setup())];

    /// <inheritdoc/>
    public override async Task<Measurement> MeasureAsync(Entrant entrant, World world, TimeSpan duration)
    {
        string program = world.Cluster.Binaries.Program("pgbench");
        if (!File.Exists(program))
        {
            throw new BenchException($"there is no {program}: the npm package has none; install PostgreSQL's own");
        }
        string script = Path.Combine(world.CreateFolder("pgbench"), "select.sql");
        await File.WriteAllTextAsync(script, $"\\set aid random(1, {Tables.Accounts})\nselect abalance from pgbench_accounts where aid = :aid;\n");
        int? proxyId = entrant.Proxy?.ProcessId;
        ProcessSample? proxy = proxyId is { } id ? ProcessSample.Read(id) : null;
        long server = ServerClock.Read(world.Cluster.PostmasterId);
        // As many threads as clients where statements are prepared: pgbench prepares with a blocking call, and a thread that waits in it for a server
        // never lets its other clients give one back.
        (int status, string output) = await ChildProcess.RunAsync(program, [
            "-n", "-h", "127.0.0.1", "-p", entrant.Target(world).Port.ToString(CultureInfo.InvariantCulture), "-U", World.User, "-f", script, "-M", Protocol,
            "-c", $"{Clients}", "-j", Protocol == "prepared" ? $"{Clients}" : "1", "-T", Math.Max(1, Math.Round(duration.TotalSeconds)).ToString(CultureInfo.InvariantCulture),
            World.Database]);
        if (status != 0 || Number(output, "number of failed transactions: ") is > 0)
        {
            throw new BenchException($"pgbench ended with {status}: {output.Trim()}");
        }
        double count = Number(output, "number of transactions actually processed: ") ?? throw new BenchException($"pgbench: {output}");
        var values = new Dictionary<Metric, double>
        {
            [Metric.Throughput] = Number(output, "tps = ") ?? throw new BenchException($"pgbench: {output}"),
            [Metric.ServerCpu] = (ServerClock.Read(world.Cluster.PostmasterId) - server) / 1e3 / count,
        };
        if (proxy is { } before)
        {
            ProcessSample after = ProcessSample.Read(proxyId!.Value);
            values[Metric.ProxyCpu] = (after.CpuNanoseconds - before.CpuNanoseconds) / 1e3 / count;
            values[Metric.ContextSwitches] = (after.ContextSwitches - before.ContextSwitches) / count;
            values[Metric.Rss] = after.RssBytes / 1e6;
        }
        return new Measurement(values);
    }

    /// <summary>The number behind a label; null where the label is missing.</summary>
    private static double? Number(string output, string label)
    {
        int at = output.IndexOf(label, StringComparison.Ordinal);
        return at < 0
            ? null
            : double.Parse(new string([.. output[(at + label.Length)..].TakeWhile(letter => char.IsAsciiDigit(letter) || letter == '.')]), CultureInfo.InvariantCulture);
    }
}
