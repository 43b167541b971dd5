using System.Diagnostics;
using System.Globalization;
using PoolProxy.Sandbox;
using PoolProxy.Sandbox.Postgres;

namespace PoolProxy.Load.Peers;

/// <summary>A proxy's process behind a shell that ends it when this process ends, in whatever way. Its output goes into a file.</summary>
internal sealed class GuardedProcess : IAsyncDisposable
{
    // The shell reads a line that never comes: the end of its input is the parent's end. A proxy has nothing to save, so it is not asked.
    private const string Script = """
        trap '' HUP INT TERM PIPE
        ulimit -n "$(ulimit -Hn)"
        log=$1
        shift
        "$@" </dev/null >>"$log" 2>&1 &
        echo "$!"
        read -r _
        kill -KILL "$!"
        wait "$!" 2>/dev/null
        """;

    private readonly Process _guard;

    private GuardedProcess(Process guard, int id, string log)
    {
        _guard = guard;
        Id = id;
        Log = log;
    }

    /// <summary>The proxy's process.</summary>
    public int Id { get; }

    /// <summary>The file with what it printed.</summary>
    public string Log { get; }

    /// <summary>Starts it.</summary>
    public static async Task<GuardedProcess> StartAsync(Launch launch, string log)
    {
        IEnumerable<string> command = [launch.Program, .. launch.Arguments];
        if (launch.IsUnprivileged)
        {
            (string program, IEnumerable<string> arguments) = ServerAccount.Wrap(launch.Program, launch.Arguments);
            command = [program, .. arguments];
        }
        var start = new ProcessStartInfo("setsid", ["/bin/sh", "-c", Script, "guard", log, .. command])
        {
            WorkingDirectory = "/",
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        SandboxEnvironment.ApplyTo(start);
        Process guard = Process.Start(start) ?? throw new BenchException("setsid could not be started");
        string? line = await guard.StandardOutput.ReadLineAsync();
        return new GuardedProcess(guard, int.Parse(line ?? throw new BenchException("the guard said nothing"), CultureInfo.InvariantCulture), log);
    }

    /// <summary>Whether it has ended.</summary>
    public bool HasEnded => ProcessStatus.Read(Id) is not { IsZombie: false };

    /// <summary>The last lines it printed.</summary>
    public string Tail() => File.Exists(Log) ? string.Join('\n', File.ReadLines(Log).TakeLast(12)) : "";

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _guard.StandardInput.Close();
        await _guard.WaitForExitAsync();
        _guard.Dispose();
    }
}
