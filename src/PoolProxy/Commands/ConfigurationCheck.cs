using PoolProxy.Configuration;

namespace PoolProxy.Commands;

/// <summary>The command <c>check FILE</c>: reads the file and prints every fault it finds, as <c>file:line:column: message. Hint</c>.</summary>
internal static class ConfigurationCheck
{
    /// <summary>Faults go to <paramref name="output"/>, one a line; why the file could not be read goes to <paramref name="error"/>.</summary>
    /// <returns><see cref="ExitCode.Ok"/> or <see cref="ExitCode.BadFile"/>.</returns>
    public static int Run(string file, TextWriter output, TextWriter error)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            error.WriteLine($"poolproxy: {exception.Message}");
            return ExitCode.BadFile;
        }

        var faults = ConfigurationReader.Read(bytes, file).Faults;
        foreach (var fault in faults)
            output.WriteLine(fault.ToString());
        output.WriteLine(faults.Count switch
        {
            0 => $"{file}: no faults",
            1 => $"{file}: 1 fault",
            var count => $"{file}: {count} faults",
        });
        return faults.Count == 0 ? ExitCode.Ok : ExitCode.BadFile;
    }
}
