namespace PoolProxy.UnitTests.Architecture;

/// <summary>The three pure projects know neither each other nor sockets, files, clocks, tasks or logs: bytes, text and time are arguments.</summary>
internal static class PureRule
{
    /// <summary>The pure assemblies.</summary>
    public static IReadOnlyList<string> Assemblies { get; } = ["PoolProxy.Protocol", "PoolProxy.Identity", "PoolProxy.Configuration"];

    private static readonly Forbidden[] Outside =
    [
        // Sockets and the network
        new("System.Net.Sockets.*"), new("System.Net.Http.*"), new("System.Net.Security.*"), new("System.Net.Dns"),
        // Files and the process
        new("System.IO.File"), new("System.IO.FileInfo"), new("System.IO.FileStream"), new("System.IO.Directory"), new("System.IO.DirectoryInfo"),
        new("System.IO.StreamReader"), new("System.IO.StreamWriter"), new("System.IO.RandomAccess"), new("System.IO.Pipelines.*"),
        new("System.Console"), new("System.Diagnostics.Process"),
        // Clocks
        new("System.DateTime::get_Now"), new("System.DateTime::get_UtcNow"), new("System.DateTime::get_Today"),
        new("System.DateTimeOffset::get_Now"), new("System.DateTimeOffset::get_UtcNow"), new("System.Diagnostics.Stopwatch"),
        new("System.TimeProvider"), new("System.Environment::get_TickCount"), new("System.Environment::get_TickCount64"),
        // Tasks and threads
        new("System.Threading.Tasks.*"), new("System.Threading.Thread"), new("System.Threading.ThreadPool"), new("System.Threading.Timer"),
        new("System.Threading.CancellationToken"), new("System.Threading.SynchronizationContext"),
        // Logs and hosting
        new("Microsoft.Extensions.*"), new("Microsoft.AspNetCore.*"), new("System.Diagnostics.Metrics.*"), new("System.Diagnostics.Activity"),
    ];

    /// <summary>Uses in the named pure assembly that break the rule.</summary>
    public static IEnumerable<Use> Violations(string assembly, IEnumerable<Use> uses) =>
        uses.Where(use => Outside.Any(forbidden => forbidden.Matches(use)) || IsForeign(assembly, use));

    private static bool IsForeign(string assembly, Use use) =>
        use.Target.StartsWith("PoolProxy.", StringComparison.Ordinal) && !use.Target.StartsWith(assembly + ".", StringComparison.Ordinal);
}
