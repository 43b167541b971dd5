using System.Globalization;
using System.Runtime.InteropServices;
using PoolProxy.Load.Driver;
using PoolProxy.Load.Peers;

namespace PoolProxy.Load.Report;

/// <summary>What the figures were taken on.</summary>
internal static class Machine
{
    /// <summary>Names and values.</summary>
    public static IReadOnlyDictionary<string, string> Describe(World world) => new Dictionary<string, string>
    {
        ["date"] = DateTime.UtcNow.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture),
        ["processor"] = $"{Environment.ProcessorCount} x {Processor()}",
        ["memory"] = string.Create(CultureInfo.InvariantCulture, $"{GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1e9:0} GB"),
        ["system"] = RuntimeInformation.OSDescription,
        ["runtime"] = RuntimeInformation.FrameworkDescription,
        ["server"] = $"PostgreSQL {world.Cluster.Binaries.Version}",
        ["tls"] = $"TLS 1.3, {TlsContext.Cipher}, {TlsContext.Group}, no resumption",
        ["load average at start"] = File.ReadAllText("/proc/loadavg").Split(' ')[0],
    };

    private static string Processor() => File.ReadLines("/proc/cpuinfo")
        .FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
}
