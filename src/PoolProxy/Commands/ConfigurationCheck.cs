using PoolProxy.Core;

namespace PoolProxy.Commands;

/// <summary>
/// <c>poolproxy check FILE</c>: reads the file and everything it names, starts nothing, and prints every fault with line and column.
/// </summary>
internal static class ConfigurationCheck
{
    /// <summary>Prints to <paramref name="output"/>; answers the exit code.</summary>
    public static int Run(string file, TextWriter output, TextWriter error)
    {
        if (!File.Exists(file))
        {
            error.WriteLine($"poolproxy: no such file: {file}");
            return ExitCode.BadFile;
        }

        var faults = ProxyFile.Check(file);
        foreach (var fault in faults)
        {
            output.WriteLine(fault);
        }

        output.WriteLine(faults.Count switch
        {
            0 => $"{file}: no faults",
            1 => $"{file}: 1 fault",
            var count => $"{file}: {count} faults",
        });
        return faults.Count == 0 ? ExitCode.Ok : ExitCode.BadFile;
    }
}
