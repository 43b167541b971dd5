namespace PoolProxy.Core.Pooling;

/// <summary>
/// A limit over several pools (max_db_connections, max_user_connections) and the state that goes with its name: paused and disabled.
/// Shared by the pools of one database, or of one login.
/// </summary>
internal sealed class ConnectionLimit(string name)
{
    public string Name { get; } = name;

    /// <summary>Server connections; 0 is unlimited.</summary>
    public int MaxServers { get; set; }

    /// <summary>Client connections; 0 is unlimited.</summary>
    public int MaxClients { get; set; }

    public int ServerCount { get; set; }

    public int ClientCount { get; set; }

    /// <summary>PAUSE: nobody gets a server, and servers are closed as they come free.</summary>
    public bool IsPaused { get; set; }

    /// <summary>DISABLE or KILL: new clients are refused.</summary>
    public bool IsDisabled { get; set; }

    public bool HasServerRoom => MaxServers == 0 || ServerCount < MaxServers;

    public bool HasClientRoom => MaxClients == 0 || ClientCount < MaxClients;
}
