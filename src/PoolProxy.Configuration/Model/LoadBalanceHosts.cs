namespace PoolProxy.Configuration.Model;

/// <summary>Which host of a list a new server connection goes to: <c>load_balance_hosts</c>.</summary>
public enum LoadBalanceHosts
{
    /// <summary><c>round-robin</c>: the next of those that can be had, each time.</summary>
    RoundRobin,

    /// <summary><c>disable</c>: the same as before, until a connection to it fails.</summary>
    Disable,
}
