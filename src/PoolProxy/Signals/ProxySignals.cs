using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using PoolProxy.Core.Telemetry;

namespace PoolProxy.Signals;

/// <summary>Turns signals into calls of <see cref="IProxyControl"/>, with PgBouncer's meanings, from its making until it is disposed.</summary>
internal sealed class ProxySignals : IDisposable
{
    // The runtime names only some signals; others are given by their number, which on Linux is the same on x64 and arm64 (signal(7)).
    private const PosixSignal User1 = (PosixSignal)10;
    private const PosixSignal User2 = (PosixSignal)12;

    private readonly IProxyControl _control;
    private readonly ILogger _log;
    private readonly PosixSignalRegistration[] _registrations;

    /// <summary>Begins to listen.</summary>
    public ProxySignals(IProxyControl control, ILogger log)
    {
        _control = control;
        _log = log;
        PosixSignal[] signals = [PosixSignal.SIGHUP, PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGQUIT, User1, User2];
        _registrations = [.. signals.Select(signal => PosixSignalRegistration.Create(signal, Receive))];
    }

    /// <summary>From now on signals have their default meanings again.</summary>
    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
    }

    private void Receive(PosixSignalContext context)
    {
        // The default action of nearly all of these would end the process.
        context.Cancel = true;
        React(context.Signal);
    }

    /// <summary>What a signal means in this moment. The log has PgBouncer's texts.</summary>
    internal void React(PosixSignal signal)
    {
        switch (signal)
        {
            case PosixSignal.SIGHUP:
                _log.SignalReceived("SIGHUP", "re-reading config");
                _control.Reload();
                break;
            case PosixSignal.SIGINT or PosixSignal.SIGTERM when _control.IsSuspended && !_control.IsShuttingDown:
                // Nobody would ever leave.
                _log.SignalReceived(signal.ToString(), "suspend was in progress, going down immediately");
                _control.ShutdownNow();
                break;
            case PosixSignal.SIGINT when !_control.IsShuttingDown:
                _log.SignalReceived("SIGINT", "shutting down, waiting for all servers connections to be released");
                _control.ShutdownWaitForServers();
                break;
            case PosixSignal.SIGTERM when !_control.IsShuttingDown:
                _log.SignalReceived("SIGTERM", "shutting down, waiting for all clients disconnect");
                _control.ShutdownWaitForClients();
                break;
            case PosixSignal.SIGINT or PosixSignal.SIGTERM:
                _log.SignalReceived(signal.ToString(), "already shutting down, fast exit");
                _control.ShutdownNow();
                break;
            case PosixSignal.SIGQUIT:
                _log.SignalReceived("SIGQUIT", "fast exit");
                _control.ShutdownNow();
                break;
            case User1 when _control.IsPaused || _control.IsSuspended:
                _log.SignalReceived("SIGUSR1", "but already paused/suspended");
                break;
            case User2 when _control.IsShuttingDown:
                _log.SignalReceived("SIGUSR2", "while shutting down, ignoring");
                break;
            case User2 when !(_control.IsPaused || _control.IsSuspended):
                _log.SignalReceived("SIGUSR2", "but not paused/suspended");
                break;
            case User1:
                _log.SignalReceived("SIGUSR1", "pausing all activity");
                _control.Pause();
                break;
            case User2:
                _log.SignalReceived("SIGUSR2", _control.IsSuspended ? "continuing from SUSPEND" : "continuing from PAUSE");
                _control.Resume();
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(signal), signal, "not one of ours");
        }
    }
}
