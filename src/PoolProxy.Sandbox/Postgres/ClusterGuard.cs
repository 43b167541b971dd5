using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace PoolProxy.Sandbox.Postgres;

/// <summary>
/// The parent's end of <c>guard.sh</c>: a shell process that makes a cluster's folder, starts its server, and, when this
/// process ends in whatever way, stops the server and removes the folder. Calls must not overlap; <see cref="PostgresCluster"/> sees to it.
/// </summary>
internal sealed class ClusterGuard : IAsyncDisposable
{
    private static readonly TimeSpan AnswerDeadline = TimeSpan.FromSeconds(60);
    private static readonly Lazy<string> Script = new(ReadScript);

    private readonly Process _process;
    private readonly StringBuilder _errors = new();

    private ClusterGuard(Process process) => _process = process;

    /// <summary>Starts the guard and has it make <paramref name="root"/> with a copy of the template in <c>data</c> and a socket folder <c>s</c>.</summary>
    /// <exception cref="SandboxException">The folder could not be made.</exception>
    public static async Task<ClusterGuard> StartAsync(string root, string template, PostgresBinaries binaries, CancellationToken cancellation)
    {
        ServerAccount? account = ServerAccount.Current;
        // A session of its own: a Ctrl-C at the terminal goes to the parent's group, and the parent decides the order of the end.
        var start = new ProcessStartInfo("setsid", [
            "/bin/sh", "-c", Script.Value, "guard.sh", root, template, binaries.Folder, account?.UserIdText ?? "", account?.GroupIdText ?? ""])
        {
            WorkingDirectory = "/",
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        SandboxEnvironment.ApplyTo(start);
        var process = new Process { StartInfo = start };
        var guard = new ClusterGuard(process);
        process.ErrorDataReceived += (_, line) => guard.Collect(line.Data);
        try
        {
            process.Start();
        }
        catch (Win32Exception error)
        {
            process.Dispose();
            throw new SandboxException("setsid could not be started: " + error.Message, error);
        }
        process.BeginErrorReadLine();
        try
        {
            await guard.ReadAsync("ready", cancellation);
        }
        catch
        {
            await guard.DisposeAsync();
            throw;
        }
        return guard;
    }

    /// <summary>Starts the server. Returns the postmaster's process id; it may still end at once.</summary>
    public async Task<int> StartServerAsync(CancellationToken cancellation)
    {
        await _process.StandardInput.WriteLineAsync("start".AsMemory(), cancellation);
        await _process.StandardInput.FlushAsync(cancellation);
        return int.Parse(await ReadAsync("started ", cancellation), CultureInfo.InvariantCulture);
    }

    /// <summary>Collects the exit status of a server that has ended. Only then: the guard sees nothing else while it waits.</summary>
    public async Task<int> ReapServerAsync(CancellationToken cancellation)
    {
        await _process.StandardInput.WriteLineAsync("reap".AsMemory(), cancellation);
        await _process.StandardInput.FlushAsync(cancellation);
        return int.Parse(await ReadAsync("exited ", cancellation), CultureInfo.InvariantCulture);
    }

    /// <summary>Ends the guard: it stops a running server at once and removes the folder before it exits.</summary>
    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using var deadline = new CancellationTokenSource(AnswerDeadline);
        await _process.WaitForExitAsync(deadline.Token);
        _process.Dispose();
    }

    private static string ReadScript()
    {
        using Stream stream = typeof(ClusterGuard).Assembly.GetManifestResourceStream("guard.sh")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private async Task<string> ReadAsync(string prefix, CancellationToken cancellation)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(AnswerDeadline);
        string? line = await _process.StandardOutput.ReadLineAsync(deadline.Token);
        if (line is null || !line.StartsWith(prefix, StringComparison.Ordinal))
        {
            lock (_errors)
            {
                throw new SandboxException($"the cluster's guard answered {line ?? "nothing"} where {prefix}was due: {_errors.ToString().TrimEnd()}");
            }
        }
        return line[prefix.Length..];
    }

    private void Collect(string? line)
    {
        lock (_errors)
        {
            if (line is not null && _errors.Length < 4096)
            {
                _errors.AppendLine(line);
            }
        }
    }
}
