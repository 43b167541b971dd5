using PoolProxy.Core;

namespace PoolProxy.Commands;

/// <summary>
/// <c>poolproxy doctor FILE</c>: looks at every server that the file names, prints what is wrong and the SQL that puts it right.
/// </summary>
internal static class DoctorCommand
{
    /// <summary>Prints to <paramref name="output"/>; answers the exit code, whose 2 is the command's own.</summary>
    public static async Task<int> RunAsync(string file, TextWriter output, TextWriter error)
    {
        if (!File.Exists(file))
        {
            await error.WriteLineAsync($"poolproxy: no such file: {file}");
            return ExitCode.DoctorTrouble;
        }

        return await DoctorVisit.RunAsync(file, output, error) switch
        {
            DoctorVerdict.Well => ExitCode.Ok,
            DoctorVerdict.Faults => ExitCode.Fault,
            _ => ExitCode.DoctorTrouble,
        };
    }
}
