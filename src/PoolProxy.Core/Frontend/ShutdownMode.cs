namespace PoolProxy.Core.Frontend;

/// <summary>How the proxy goes down; PgBouncer's three ways, the hardest first.</summary>
public enum ShutdownMode
{
    /// <summary>SIGQUIT, SIGTERM twice: now.</summary>
    Immediate,

    /// <summary>SIGINT, SHUTDOWN WAIT_FOR_SERVERS: clients that have no server are ended, the others when they let theirs go.</summary>
    WaitForServers,

    /// <summary>SIGTERM, SHUTDOWN WAIT_FOR_CLIENTS: nobody new is let in, and everybody may finish.</summary>
    WaitForClients,
}
