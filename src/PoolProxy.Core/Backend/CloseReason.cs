namespace PoolProxy.Core.Backend;

/// <summary>Why a server connection was closed; log, SHOW and metric use the same word.</summary>
internal enum CloseReason : byte
{
    /// <summary>The server ended the connection, or the network did.</summary>
    ServerLost,

    /// <summary>The server broke the protocol: an answer nobody asked for, or a length that cannot be.</summary>
    ProtocolViolation,

    /// <summary>server_lifetime has passed.</summary>
    LifetimeOver,

    /// <summary>Idle for server_idle_timeout.</summary>
    IdleTooLong,

    /// <summary>A pool that pipelines does as well with fewer.</summary>
    NotNeeded,

    /// <summary>Its client left or was ended with answers still owed.</summary>
    ClientLeftUnfinished,

    /// <summary>
    /// Its client said Terminate behind a request that was not answered yet. PostgreSQL carries out what came before a Terminate, and so it may here.
    /// </summary>
    ClientTerminated,

    /// <summary>The prelude was not confirmed (isolation.md §3).</summary>
    PreludeFailed,

    /// <summary>Reset, check or ROLLBACK failed or took too long.</summary>
    CheckFailed,

    /// <summary>A timeout of the client's (query_timeout and others) struck while it was linked.</summary>
    ClientTimedOut,

    /// <summary>RECONNECT, RELOAD with other settings, KILL, or the pool's end.</summary>
    Administrator,

    /// <summary>A slot was needed for another pool or identity.</summary>
    Evicted,

    /// <summary>Login or the check behind it failed.</summary>
    LoginFailed,

    /// <summary>The proxy stops.</summary>
    ShuttingDown,

    /// <summary>A statement with others sent behind it has left a transaction open, or changed a parameter (isolation.md §9).</summary>
    PipelineBroken,

    /// <summary>Its host is down, or not what target_session_attrs asks for any more.</summary>
    HostChanged,

    /// <summary>DNS has other addresses for its host.</summary>
    NameChanged,
}
