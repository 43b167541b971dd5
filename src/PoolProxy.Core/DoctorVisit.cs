using Microsoft.Extensions.Logging.Abstractions;
using PoolProxy.Core.Backend;
using PoolProxy.Core.Backend.Parameters;
using PoolProxy.Core.Doctor;
using PoolProxy.Core.Loops;
using PoolProxy.Core.Naming;
using PoolProxy.Core.Reloading;

namespace PoolProxy.Core;

/// <summary>
/// <c>poolproxy doctor</c>: reads a configuration and looks at every server and login that it uses. Runs without a proxy, and beside one that
/// runs: it needs one connection to each server at a time, outside of the pools' limits.
/// </summary>
public static class DoctorVisit
{
    /// <summary>Prints the report, or to <paramref name="error"/> the faults of the file. Any thread.</summary>
    public static async Task<DoctorVerdict> RunAsync(string path, TextWriter output, TextWriter error)
    {
        var faults = new List<string>();
        if (await ExamineAsync(path, faults) is not { } report)
        {
            foreach (var fault in faults)
            {
                await error.WriteLineAsync(fault);
            }

            return DoctorVerdict.Trouble;
        }

        ReportWriter.Write(report, output);
        return report.Count(FindingLevel.Fault) > 0 ? DoctorVerdict.Faults : report.HasTrouble ? DoctorVerdict.Trouble : DoctorVerdict.Well;
    }

    /// <summary>The report itself; null where the file has faults.</summary>
    internal static async Task<DoctorReport?> ExamineAsync(string path, ICollection<string> faults)
    {
        if (await Task.Run(() => ConfigurationLoader.Load(path, faults)) is not { } loaded)
        {
            return null;
        }

        var notes = new List<Finding>();
        var upstreams = UpstreamList.Of(loaded.Routes, loaded.Users, notes);
        var loop = new Loop(0, TimeProvider.System, NullLogger.Instance, EngineChoice.For(loaded.Configuration.Proxy.IoEngine).Create);
        loop.Start();
        try
        {
            DoctorReport? report = null;
            var resolver = new HostResolver(TimeProvider.System);
            resolver.Apply(loaded.Configuration.Proxy);
            var opener = new ServerOpener(loop, new ParameterRegistry(isShared: false), resolver);
            await loop.RunAsync(async () => report = await new Examiner(opener).RunAsync(upstreams, notes));
            return report;
        }
        finally
        {
            loop.Stop();
        }
    }
}
