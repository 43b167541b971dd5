using System.Diagnostics;
using PoolProxy.Hosting;
using PoolProxy.Sandbox;
using PoolProxy.Testing;

namespace PoolProxy.UnitTests.Hosting;

/// <summary>A folder with a configuration, and the program on it in processes of its own.</summary>
internal sealed class ProgramFolder : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public ProgramFolder(string more = "") => File = _folder.Write("pool.toml", $"""
        [proxy]
        listen_addr = "127.0.0.1"
        listen_port = {Port}
        unix_socket_dir = "{_folder.Path}"
        auth_type = "any"
        pidfile = "{PidFile}"
        logfile = "{LogFile}"
        {more}
        """);

    public int Port { get; } = LoopbackPorts.Take();

    public string File { get; }

    public string Path => _folder.Path;

    public string PidFile => _folder.Combine("proxy.pid");

    public string LogFile => _folder.Combine("proxy.log");

    /// <summary>The number in the pidfile; null where there is none.</summary>
    public int? ProcessId => System.IO.File.Exists(PidFile) && int.TryParse(System.IO.File.ReadAllText(PidFile), out int number) ? number : null;

    /// <summary>Runs the program as whoever runs the tests, to its end.</summary>
    public async Task<(int Code, string Error)> RunAsync(params string[] arguments)
    {
        using Process process = Start("exec \"$0\" \"$@\"", "dotnet", [typeof(PidFile).Assembly.Location, .. arguments, File]);
        string error = await process.StandardError.ReadToEndAsync().WaitAsync(Deadlines.Step);
        await process.WaitForExitAsync().WaitAsync(Deadlines.Step);
        return (process.ExitCode, error);
    }

    /// <summary>Runs a script of bash, which can name descriptors above 9, with <c>$0</c> and behind it the arguments.</summary>
    public static Process Start(string script, string program, params string[] arguments) =>
        Process.Start(new ProcessStartInfo("/bin/bash", ["-c", script, program, .. arguments]) { RedirectStandardError = true })!;

    /// <summary>Sends a signal by its name.</summary>
    public static void Signal(int process, string signal)
    {
        using Process kill = Process.Start("/bin/sh", ["-c", $"kill -{signal} {process}"]);
        kill.WaitForExit();
    }

    /// <summary>Whether it runs.</summary>
    public static bool Lives(int process) => Directory.Exists($"/proc/{process}") && !System.IO.File.ReadAllText($"/proc/{process}/stat").Contains(") Z ", StringComparison.Ordinal);

    public void Dispose()
    {
        if (ProcessId is { } left && Lives(left))
        {
            Signal(left, "KILL");
        }

        _folder.Dispose();
    }
}
