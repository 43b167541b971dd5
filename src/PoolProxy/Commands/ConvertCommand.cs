using PoolProxy.Core;

namespace PoolProxy.Commands;

/// <summary><c>poolproxy convert FILE</c>: prints the pool.toml that means what a pgbouncer.ini means. Passwords that the file holds are in it.</summary>
internal static class ConvertCommand
{
    /// <summary>Prints to <paramref name="output"/>, faults to <paramref name="error"/>; answers the exit code.</summary>
    public static int Run(string file, TextWriter output, TextWriter error)
    {
        if (!File.Exists(file))
        {
            error.WriteLine($"poolproxy: no such file: {file}");
            return ExitCode.BadFile;
        }

        var (toml, faults) = ProxyFile.Convert(file);
        foreach (var fault in faults)
        {
            error.WriteLine(fault);
        }

        output.Write(toml);
        return toml is null ? ExitCode.BadFile : ExitCode.Ok;
    }
}
