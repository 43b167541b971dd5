using System.Collections;
using System.Diagnostics;

namespace PoolProxy.Sandbox;

/// <summary>
/// Keeps the surroundings out: variables that would steer a PostgreSQL client or server (<c>PG*</c>), Kestrel
/// (<c>ASPNETCORE_*</c>) or an HTTP client (<c>http_proxy</c> and its siblings) have no say in a sandbox.
/// </summary>
public static class SandboxEnvironment
{
    private static readonly string[] ProxyVariables = ["http_proxy", "https_proxy", "ftp_proxy", "all_proxy", "no_proxy"];

    /// <summary>The variables as they were before the first <see cref="Clear"/>; npm, which has to reach its registry, gets these.</summary>
    public static IReadOnlyDictionary<string, string> Original { get; } = Environment.GetEnvironmentVariables()
        .Cast<DictionaryEntry>()
        .ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? "");

    /// <summary>Whether a variable is one that a sandbox ignores.</summary>
    public static bool IsForeign(string name) =>
        name.StartsWith("PG", StringComparison.Ordinal)
        || name.StartsWith("ASPNETCORE_", StringComparison.OrdinalIgnoreCase)
        || ProxyVariables.Contains(name, StringComparer.OrdinalIgnoreCase);

    /// <summary>Removes the foreign variables from this process (Npgsql, for one, reads <c>PGOPTIONS</c> by itself). May be called again.</summary>
    public static void Clear()
    {
        foreach (string name in Original.Keys.Where(IsForeign))
        {
            Environment.SetEnvironmentVariable(name, null);
        }
    }

    /// <summary>Gives a child process an environment without foreign variables, in the C locale.</summary>
    public static void ApplyTo(ProcessStartInfo start)
    {
        foreach (string name in start.Environment.Keys.Where(IsForeign).ToArray())
        {
            start.Environment.Remove(name);
        }
        start.Environment["LC_ALL"] = "C";
    }
}
