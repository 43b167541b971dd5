namespace PoolProxy.Sandbox.Postgres;

/// <summary>The ways to stop a server (server-shutdown.html). The values are the signals that ask for them.</summary>
public enum PostgresStop
{
    /// <summary>SIGTERM: no new connections; it ends when the last client has left.</summary>
    Smart = 15,

    /// <summary>SIGINT: open transactions are rolled back, clients are disconnected with 57P01.</summary>
    Fast = 2,

    /// <summary>SIGQUIT: at once, clients are disconnected with 57P02; the next start recovers.</summary>
    Immediate = 3,
}
