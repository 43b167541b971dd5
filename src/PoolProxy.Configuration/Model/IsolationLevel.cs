namespace PoolProxy.Configuration.Model;

/// <summary>What keeps identities apart on shared server connections: <c>isolation</c>.</summary>
public enum IsolationLevel
{
    /// <summary><c>none</c>: PgBouncer's semantics; a pool per database and user, and no prelude.</summary>
    None,

    /// <summary><c>partitioned</c>: one upstream login per role; identities of one role share it; full reset between identities.</summary>
    Partitioned,

    /// <summary><c>set_role</c>: one upstream login for many roles. No boundary against hostile SQL of another role.</summary>
    SetRole,

    /// <summary><c>exclusive</c>: as partitioned, and a server connection is never shared between identities.</summary>
    Exclusive,
}
