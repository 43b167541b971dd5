namespace PoolProxy.Configuration.Model;

/// <summary>When a server goes back to its pool: <c>pool_mode</c>.</summary>
public enum PoolMode
{
    /// <summary><c>session</c>: the client keeps its server until it disconnects.</summary>
    Session,

    /// <summary><c>transaction</c>: the server goes back when its transaction ends.</summary>
    Transaction,

    /// <summary><c>statement</c>: the server goes back after each statement; transactions of several statements are refused.</summary>
    Statement,
}
