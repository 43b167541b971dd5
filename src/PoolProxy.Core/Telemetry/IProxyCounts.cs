namespace PoolProxy.Core.Telemetry;

/// <summary>
/// The numbers behind the metrics, answered by whoever keeps the counters of SHOW, so that both say the same. Called on a
/// collector's thread: must not block on a loop, and may be a moment old.
/// </summary>
internal interface IProxyCounts
{
    /// <summary>A copy of every pool's counts.</summary>
    IReadOnlyList<PoolCounts> Pools();

    /// <summary>Clients that are connected and not yet logged in.</summary>
    int ClientsLoggingIn { get; }

    /// <summary>Logins that succeeded since the start.</summary>
    long LoginsAccepted { get; }

    /// <summary>Logins that were refused since the start.</summary>
    long LoginsRefused { get; }

    /// <summary>Servers closed because a prelude was not confirmed, since the start: an alarm when it rises (isolation.md §3).</summary>
    long IsolationFailures { get; }

    /// <summary>Log records dropped since the start.</summary>
    long LogRecordsDropped { get; }

    /// <summary>Audit records dropped since the start.</summary>
    long AuditRecordsDropped { get; }
}
