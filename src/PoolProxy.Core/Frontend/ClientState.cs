namespace PoolProxy.Core.Frontend;

/// <summary>Where a client is in its life; the states of SHOW CLIENTS.</summary>
internal enum ClientState : byte
{
    /// <summary>Startup, TLS and authentication. Ends at ReadyForQuery or with a refusal, at the latest by client_login_timeout.</summary>
    Login,

    /// <summary>Served: linked to a server, waiting for one, or idle.</summary>
    Active,

    /// <summary>Queued for a server.</summary>
    Waiting,

    /// <summary>A replication connection, with a server of its own from its login to its end.</summary>
    Replicating,

    /// <summary>In the console.</summary>
    Console,

    /// <summary>Gone. Must not be in the registry.</summary>
    Gone,
}
