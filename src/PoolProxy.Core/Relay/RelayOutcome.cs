namespace PoolProxy.Core.Relay;

/// <summary>How a client's serving ended: blame as data, for the log and the counters.</summary>
internal enum RelayOutcome : byte
{
    /// <summary>Terminate: the ordinary end.</summary>
    ClientTerminated,

    /// <summary>The client's connection ended without Terminate.</summary>
    ClientLost,

    /// <summary>It broke the protocol.</summary>
    ClientViolation,

    /// <summary>Its server went away inside a request or transaction and the client could not be kept.</summary>
    ServerLost,

    /// <summary>A timeout of the configuration struck.</summary>
    TimedOut,

    /// <summary>Its token ran out.</summary>
    TokenExpired,

    /// <summary>Its token, subject or session was revoked.</summary>
    Revoked,

    /// <summary>No server could be had, or none would have the client's parameters.</summary>
    Refused,

    /// <summary>It has missed notifications, or has not taken them.</summary>
    NotificationsLost,

    /// <summary>KILL, RELOAD or the end of the proxy.</summary>
    Administrator,
}
