using PoolProxy.Commands;
using PoolProxy.Core;
using PoolProxy.Core.Frontend;
using PoolProxy.Core.Loops.Native;
using PoolProxy.Core.Telemetry;
using PoolProxy.Signals;

namespace PoolProxy.Hosting;

/// <summary>The proxy as a process: started from its file, steered by signals, and over when it has gone down.</summary>
internal sealed class RunningProxy : IProxyControl
{
    private readonly ProxyServer _server;

    private RunningProxy(ProxyServer server) => _server = server;

    /// <inheritdoc/>
    public bool IsShuttingDown { get; private set; }

    /// <summary>Runs until the proxy has gone down. Answers the exit code.</summary>
    public static async Task<int> RunAsync(RunOptions options, TextWriter error)
    {
        // Before the first secret is read.
        if (CoreDumps.TurnOff() is var errno and not 0)
        {
            await error.WriteLineAsync($"core dumps cannot be turned off: {Errno.TextOf(errno)}");
        }

        try
        {
            await using var server = await ProxyServer.StartAsync(options.File, options.IsQuiet, options.Verbose > 0 ? options.Verbose : null);
            using var pidFile = PidFile.Write(server.PidFile);
            using var signals = new ProxySignals(new RunningProxy(server), server.Log);
            await server.Completion;
            return ExitCode.Ok;
        }
        catch (ProxyFaultException fault)
        {
            foreach (var line in fault.Faults)
            {
                await error.WriteLineAsync(line);
            }

            return fault.IsBadFile ? ExitCode.BadFile : ExitCode.Fault;
        }
    }

    /// <inheritdoc/>
    public void Reload() => Start(_server.ReloadAsync());

    /// <inheritdoc/>
    public void ShutdownWaitForServers() => Shutdown(ShutdownMode.WaitForServers);

    /// <inheritdoc/>
    public void ShutdownWaitForClients() => Shutdown(ShutdownMode.WaitForClients);

    /// <inheritdoc/>
    public void ShutdownNow() => Shutdown(ShutdownMode.Immediate);

    /// <inheritdoc/>
    public void Pause() => Start(_server.PauseAsync(isPaused: true));

    /// <inheritdoc/>
    public void Resume() => Start(_server.PauseAsync(isPaused: false));

    private void Shutdown(ShutdownMode mode)
    {
        IsShuttingDown = true;
        Start(_server.ShutdownAsync(mode));
    }

    /// <summary>A signal's handler cannot wait; what goes wrong behind it is logged.</summary>
    private void Start(Task task) => task.ContinueWith(
        failed => _server.Log.ProcessFault(failed.Exception!.GetBaseException()), CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
}
