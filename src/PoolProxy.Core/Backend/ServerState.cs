namespace PoolProxy.Core.Backend;

/// <summary>
/// Where a server is in its life; the columns of SHOW POOLS and the state of SHOW SERVERS. Only the pool moves a server from one to
/// another (one writer, so the counts cannot drift).
/// </summary>
internal enum ServerState : byte
{
    /// <summary>Connecting, TLS, login and the checks behind it. Ends in Idle or Gone. No client's byte may reach it.</summary>
    Login,

    /// <summary>Free. A client may take it at once, or after server_check_query where it was unused for server_check_delay (SHOW calls it used then).</summary>
    Idle,

    /// <summary>The proxy runs something of its own: reset, check, ROLLBACK. No client is linked.</summary>
    Tested,

    /// <summary>Linked to a client.</summary>
    Active,

    /// <summary>
    /// Promised to a client of another loop, and not there yet: its own loop is to detach it, or it is under way. Ends in Active; in Idle,
    /// if the client has left; or in Gone. Nobody else may be given it.
    /// </summary>
    Moving,

    /// <summary>Let go by its client while a cancel aimed at it is under way; nobody gets it before that is settled.</summary>
    BeingCanceled,

    /// <summary>Closed. Must not be in any list.</summary>
    Gone,
}
