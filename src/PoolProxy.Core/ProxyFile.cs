using PoolProxy.Core.Reloading;

namespace PoolProxy.Core;

/// <summary>What can be said of a configuration file without starting a proxy on it. It blocks.</summary>
public static class ProxyFile
{
    /// <summary>Reads the file and all that it names. Answers the faults.</summary>
    public static IReadOnlyList<string> Check(string path)
    {
        var faults = new List<string>();
        ConfigurationLoader.Load(path, faults);
        return faults;
    }

    /// <summary>The pool.toml that means what a pgbouncer.ini means, and the faults that keep it from having one.</summary>
    public static (string? Toml, IReadOnlyList<string> Faults) Convert(string path) => ConfigurationFiles.Convert(path);

    /// <summary>The <c>pidfile</c> that a file names; empty for none.</summary>
    /// <exception cref="ProxyFaultException">The file has faults; every one is in it.</exception>
    public static string PidFileOf(string path)
    {
        var faults = new List<string>();
        return ConfigurationLoader.Load(path, faults)?.Configuration.Proxy.Pidfile ?? throw new ProxyFaultException(faults, isBadFile: true);
    }
}
