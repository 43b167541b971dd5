using System.ComponentModel;
using System.Diagnostics;

namespace PoolProxy.Sandbox;

/// <summary>Runs a short-lived program to its end and keeps what it printed.</summary>
internal static class ChildProcess
{
    /// <summary>Starts the program without a shell, with stdin closed, from <c>/</c>.</summary>
    /// <returns>The exit status and standard output and error, one after the other.</returns>
    /// <exception cref="SandboxException">The program could not be started.</exception>
    public static async Task<(int Status, string Output)> RunAsync(
        string program, IEnumerable<string> arguments, string folder = "/", bool originalEnvironment = false, CancellationToken cancellation = default)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (originalEnvironment)
        {
            foreach ((string name, string value) in SandboxEnvironment.Original)
            {
                start.Environment[name] = value;
            }
        }
        else
        {
            SandboxEnvironment.ApplyTo(start);
        }
        using var process = new Process { StartInfo = start };
        try
        {
            process.Start();
        }
        catch (Win32Exception error)
        {
            throw new SandboxException($"{program} could not be started: {error.Message}", error);
        }
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync(cancellation);
        Task<string> errors = process.StandardError.ReadToEndAsync(cancellation);
        try
        {
            await process.WaitForExitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
        return (process.ExitCode, await output + await errors);
    }
}
