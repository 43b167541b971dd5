using System.Globalization;
using PoolProxy.Load.Driver;
using PoolProxy.Load.Measuring;
using PoolProxy.Load.Peers;
using PoolProxy.Load.Report;
using PoolProxy.Load.Workloads;
using PoolProxy.Sandbox;

namespace PoolProxy.Load;

/// <summary>
/// A whole run.
/// <list type="number">
/// <item>One PostgreSQL, certificates and an issuer start; contenders are found.</item>
/// <item>For each workload every entrant's proxy is started, looked at, and warmed up.</item>
/// <item>Rounds: every entrant runs once in each; every other round goes backwards, so that what drifts hits all alike.</item>
/// <item>The proxies stop; ratios are printed; the report is written anew, so that a run that is broken off leaves what it had.</item>
/// </list>
/// </summary>
internal sealed class Bench(BenchOptions options, string program, TextWriter output)
{
    /// <summary>Runs.</summary>
    /// <returns>Whether every run counted.</returns>
    public async Task<bool> RunAsync(CancellationToken cancellation)
    {
        IReadOnlyList<Workload> workloads = Chosen();
        Directory.CreateDirectory(options.Output);
        await using World world = await World.StartAsync(options.Output);
        Bind(world);
        IReadOnlyList<Contender> contenders = await ContendersAsync();
        var report = new RunReport(options, Machine.Describe(world), contenders);
        await output.WriteLineAsync(report.Heading());
        foreach (Workload workload in workloads)
        {
            cancellation.ThrowIfCancellationRequested();
            await output.WriteLineAsync($"\n== {workload.Name}: {workload.Title}");
            WorkloadResult result = await RunAsync(workload, contenders, world);
            report.Add(result);
            await output.WriteLineAsync(Comparison.Text(result));
            report.Write();
        }
        await output.WriteLineAsync($"\nresults in {options.Output}");
        return report.IsValid;
    }

    private Workload[] Chosen()
    {
        foreach (string name in options.Workloads.Where(name => !Catalogue.All.Any(workload => Matches(workload, name))))
        {
            throw new BenchException($"there is no workload {name}; --list shows them");
        }
        return [.. Catalogue.All.Where(workload => options.Workloads.Count == 0 || options.Workloads.Any(name => Matches(workload, name)))];
    }

    /// <summary>A name, or the beginning of several with a star behind it.</summary>
    private static bool Matches(Workload workload, string name) =>
        name.EndsWith('*') ? workload.Name.StartsWith(name[..^1], StringComparison.Ordinal) : workload.Name == name;

    private unsafe void Bind(World world)
    {
        if (options.ServerCore is { } core)
        {
            ulong mask = 1UL << core;
            if (LibC.SetAffinity(world.Cluster.PostmasterId, sizeof(ulong), &mask) != 0)
            {
                throw LibC.LastError("sched_setaffinity");
            }
        }
    }

    private async Task<IReadOnlyList<Contender>> ContendersAsync()
    {
        var contenders = new List<Contender>();
        foreach (string build in options.Builds.Prepend($"poolproxy={program}"))
        {
            string[] parts = build.Split('=', 2);
            if (parts.Length != 2 || !File.Exists(parts[1]))
            {
                throw new BenchException($"--build {build}: NAME=PATH of a program is wanted");
            }
            (int status, string version) = await ChildProcess.RunAsync(parts[1], ["-V"]);
            if (status != 0)
            {
                throw new BenchException($"{parts[1]} -V ended with {status}: {version}");
            }
            contenders.AddRange(options.Engines.Select(engine =>
                new PoolProxyContender($"{parts[0]}/{engine}", parts[1], version.Split('\n')[0], engine)));
        }
        contenders.AddRange(await PeerFinder.FindAsync(options.Peers, output));
        return contenders;
    }

    private async Task<WorkloadResult> RunAsync(Workload workload, IReadOnlyList<Contender> contenders, World world)
    {
        var result = new WorkloadResult(workload);
        List<Entrant> entrants = await EnterAsync(workload, contenders, world, result);
        try
        {
            foreach (Entrant entrant in workload.StartsProxies ? [] : entrants.ToArray())
            {
                await TryAsync(entrant, result, entrants, () => workload.MeasureAsync(entrant, world, options.WarmUp));
            }
            for (int round = 1; round <= options.Rounds; round++)
            {
                foreach (Entrant entrant in round % 2 == 1 ? entrants.ToArray() : Enumerable.Reverse(entrants).ToArray())
                {
                    if (await TryAsync(entrant, result, entrants, () => workload.MeasureAsync(entrant, world, options.Duration)) is { } measurement)
                    {
                        result.Add(entrant, measurement);
                        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{round}/{options.Rounds} {entrant.Name,-28} {measurement}"));
                    }
                }
            }
        }
        finally
        {
            foreach (Entrant entrant in entrants.Where(entrant => entrant.Proxy is not null))
            {
                await entrant.Proxy!.DisposeAsync();
            }
        }
        return result;
    }

    /// <summary>Runs once; an entrant whose run is void drops out of the workload.</summary>
    private async Task<Measurement?> TryAsync(Entrant entrant, WorkloadResult result, List<Entrant> entrants, Func<Task<Measurement>> run)
    {
        try
        {
            return await run();
        }
        catch (BenchException fault)
        {
            result.Void(entrant.Name, fault.Message);
            await output.WriteLineAsync($"VOID {entrant.Name}: {fault.Message}\n{entrant.Proxy?.Tail()}");
            entrants.Remove(entrant);
            if (entrant.Proxy is { } proxy)
            {
                await proxy.DisposeAsync();
            }
            return null;
        }
    }

    private async Task<List<Entrant>> EnterAsync(Workload workload, IReadOnlyList<Contender> contenders, World world, WorkloadResult result)
    {
        var entrants = new List<Entrant>();
        foreach (Contender? contender in contenders.Append(null))
        {
            foreach (Variation variation in workload.VariationsOf(contender))
            {
                string name = (contender?.Name ?? Entrant.Direct) + (variation.Name.Length > 0 ? "+" + variation.Name : "");
                var entrant = new Entrant(name, contender, variation.Setup);
                if (contender is not null && await StartAsync(entrant, contender, world, workload) is { } reason)
                {
                    result.Skip(name, reason);
                    await output.WriteLineAsync($"without {name}: {reason}");
                    continue;
                }
                entrants.Add(entrant);
            }
        }
        return entrants;
    }

    /// <summary>Starts an entrant's proxy, unless it cannot take part; then the reason.</summary>
    private static async Task<string?> StartAsync(Entrant entrant, Contender contender, World world, Workload workload)
    {
        string name = $"{workload.Name}.{entrant.Name}";
        if (contender.WhyNot(entrant.Setup) is { } unable)
        {
            return unable;
        }
        if (contender is PoolProxyContender own && await own.CheckAsync(entrant.Setup, world, world.CreateFolder(name + ".check")) is { } refused)
        {
            return $"poolproxy check: {refused}";
        }
        entrant.Proxy = await RunningProxy.StartAsync(contender, entrant.Setup, world, name);
        if (await contender.InspectAsync(entrant.Setup, world, entrant.Proxy.Place) is { } reason)
        {
            await entrant.Proxy.DisposeAsync();
            return reason;
        }
        if (workload.StartsProxies)
        {
            await entrant.Proxy.DisposeAsync();
            entrant.Proxy = null;
        }
        return null;
    }
}
