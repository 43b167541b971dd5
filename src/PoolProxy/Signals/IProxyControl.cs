namespace PoolProxy.Signals;

/// <summary>
/// What a signal can ask of a running proxy. Called on a thread of the runtime's: each method only posts to the loops and returns at
/// once, and may be called in any state, again and again.
/// </summary>
internal interface IProxyControl
{
    /// <summary>Whether a shutdown is under way.</summary>
    bool IsShuttingDown { get; }

    /// <summary>Whether everything is paused (PAUSE without a name).</summary>
    bool IsPaused { get; }

    /// <summary>Whether SUSPEND is in force.</summary>
    bool IsSuspended { get; }

    /// <summary>SIGHUP: reads the configuration again, and opens log and audit trail again.</summary>
    void Reload();

    /// <summary>SIGINT: no new clients; servers are closed as they come free; ends when none is left.</summary>
    void ShutdownWaitForServers();

    /// <summary>SIGTERM: no new clients; ends when the last client has left.</summary>
    void ShutdownWaitForClients();

    /// <summary>SIGQUIT, or SIGINT or SIGTERM during a shutdown: ends at once.</summary>
    void ShutdownNow();

    /// <summary>SIGUSR1: as PAUSE in the console.</summary>
    void Pause();

    /// <summary>SIGUSR2: as RESUME in the console, which ends SUSPEND too.</summary>
    void Resume();
}
