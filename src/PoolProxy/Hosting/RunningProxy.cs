using PoolProxy.Commands;
using PoolProxy.Core;
using PoolProxy.Core.Frontend;
using PoolProxy.Core.Loops.Native;
using PoolProxy.Core.Telemetry;
using PoolProxy.Signals;

namespace PoolProxy.Hosting;

/// <summary>The proxy as a process: started from its file, in the background or not, steered by signals, watched by a service manager, and over when it has gone down.</summary>
internal sealed class RunningProxy : IProxyControl
{
    private readonly ProxyServer _server;
    private readonly ServiceManager _manager;

    private RunningProxy(ProxyServer server, ServiceManager manager)
    {
        _server = server;
        _manager = manager;
    }

    /// <inheritdoc/>
    public bool IsShuttingDown => _server.IsShuttingDown;

    /// <inheritdoc/>
    public bool IsPaused => _server.IsPaused;

    /// <inheritdoc/>
    public bool IsSuspended => _server.IsSuspended;

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
            using var daemon = Daemon.FromEnvironment();
            return options.IsDaemon && daemon is null ? StartInBackground(options) : await RunAsync(options, daemon);
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
    public void Reload() => Start(ReloadAsync());

    /// <inheritdoc/>
    public void ShutdownWaitForServers() => Shutdown(ShutdownMode.WaitForServers);

    /// <inheritdoc/>
    public void ShutdownWaitForClients() => Shutdown(ShutdownMode.WaitForClients);

    /// <inheritdoc/>
    public void ShutdownNow() => Shutdown(ShutdownMode.Immediate);

    /// <inheritdoc/>
    public void Pause() => Start(_server.PauseAsync(isPaused: true));

    /// <inheritdoc/>
    public void Resume() => Start(_server.ResumeAsync());

    private static int StartInBackground(RunOptions options) =>
        ProxyFile.PidFileOf(options.File).Length > 0 ? Daemon.Start() : throw new ProxyFaultException(["daemon needs pidfile configured"], isBadFile: true);

    private static async Task<int> RunAsync(RunOptions options, Daemon? daemon)
    {
        using var manager = ServiceManager.FromEnvironment();
        await using var server = await ProxyServer.StartAsync(options.File, new StartOptions
        {
            IsQuiet = options.IsQuiet || daemon is not null,
            Verbose = options.Verbose > 0 ? options.Verbose : null,
            TakesOver = options.TakesOver,
            Passed = manager.Passed,
            Privileges = user => Account.Become(options.User ?? user),
            PidFileIsFree = PidFile.Check,
        });
        using var end = new CancellationTokenSource();
        var pidFile = options.TakesOver ? PidFile.WriteWhenFreeAsync(server.PidFile, server.Log.ProcessFault, end.Token) : Task.FromResult(PidFile.Write(server.PidFile));
        server.HandedOver = successor =>
        {
            manager.HandOver(successor);
            return RemoveAsync(pidFile, end);
        };
        using var signals = new ProxySignals(new RunningProxy(server, manager), server.Log);
        using var watchdog = Watchdog.Start(manager, server);
        server.GoingDown = () => manager.Stopping("waiting for clients or servers to leave");
        if (options.TakesOver || daemon is not null)
        {
            manager.ReadyAsMain("serving");
        }
        else
        {
            manager.Ready("serving");
        }

        daemon?.ReportUp();
        await server.Completion;
        await RemoveAsync(pidFile, end);
        return ExitCode.Ok;
    }

    private static async Task RemoveAsync(Task<PidFile?> pidFile, CancellationTokenSource end)
    {
        await end.CancelAsync();
        (await pidFile)?.Dispose();
    }

    private async Task ReloadAsync()
    {
        _manager.Reloading();
        var faults = await _server.ReloadAsync();
        _manager.Ready(faults.Count == 0 ? "serving" : $"serving; the last reload was refused: {faults[0]}");
    }

    private void Shutdown(ShutdownMode mode) => Start(_server.ShutdownAsync(mode));

    /// <summary>A signal's handler cannot wait; what goes wrong behind it is logged.</summary>
    private void Start(Task task) => task.ContinueWith(
        failed => _server.Log.ProcessFault(failed.Exception!.GetBaseException()), CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
}
