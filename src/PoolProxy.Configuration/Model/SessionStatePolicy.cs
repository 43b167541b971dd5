namespace PoolProxy.Configuration.Model;

/// <summary>What becomes of state that a client leaves in its session beyond its transaction, where others share its servers: <c>session_state</c>.</summary>
public enum SessionStatePolicy
{
    /// <summary><c>shared</c>: it stays on the server, for whoever of the same identity comes next; PgBouncer's way.</summary>
    Shared,

    /// <summary><c>track</c>: settings follow their client; any other state keeps the server with the client.</summary>
    Track,

    /// <summary><c>pin</c>: the server stays with the client while there is such state.</summary>
    Pin,

    /// <summary><c>refuse</c>: statements that would leave state behind get 0A000.</summary>
    Refuse,
}
