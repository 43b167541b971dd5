namespace PoolProxy.Configuration.Model;

/// <summary>What holds for one user, above the database's and the proxy's values: <c>[users.NAME]</c>. A null means "not set here".</summary>
public sealed record UserSettings
{
    /// <summary>The section's name: the user as a client gives it (with jwt: the role).</summary>
    public required string Name { get; init; }

    /// <summary><c>password</c>: clear text, <c>md5…</c>, or a <c>SCRAM-SHA-256$…</c> verifier; beats <c>auth_file</c>.</summary>
    public Secret? Password { get; init; }

    /// <summary><c>certificate</c>: with cert, the certificates that are this user: <c>cn:</c>, <c>dn:</c>, <c>dns:</c>, <c>uri:</c> or <c>sha256:</c> and a value; none: one that has the user among its names.</summary>
    public IReadOnlyList<string> Certificate { get; init; } = [];

    /// <summary><c>member_of</c>: the roles that it is a member of, for <c>+ROLE</c> and <c>samerole</c> in <c>auth_hba_file</c>.</summary>
    public IReadOnlyList<string> MemberOf { get; init; } = [];

    /// <summary><c>pool_mode</c>.</summary>
    public PoolMode? PoolMode { get; init; }

    /// <summary><c>pool_size</c>: servers of each of this user's pools; 0 is unlimited.</summary>
    public int? PoolSize { get; init; }

    /// <summary><c>reserve_pool_size</c>: servers beyond the size of each of this user's pools, for clients that have waited <c>reserve_pool_timeout</c>; 0 is none.</summary>
    public int? ReservePoolSize { get; init; }

    /// <summary><c>max_user_connections</c>: servers over all of this user's pools; 0 is unlimited.</summary>
    public int? MaxUserConnections { get; init; }

    /// <summary><c>max_user_client_connections</c>: clients of this user; 0 is unlimited.</summary>
    public int? MaxUserClientConnections { get; init; }

    /// <summary><c>query_timeout</c>; zero is off.</summary>
    public TimeSpan? QueryTimeout { get; init; }

    /// <summary><c>idle_transaction_timeout</c>; zero is off.</summary>
    public TimeSpan? IdleTransactionTimeout { get; init; }

    /// <summary><c>transaction_timeout</c>; zero is off.</summary>
    public TimeSpan? TransactionTimeout { get; init; }

    /// <summary><c>client_idle_timeout</c>; zero is off.</summary>
    public TimeSpan? ClientIdleTimeout { get; init; }

    /// <summary><c>query_wait_timeout</c>; zero waits for ever.</summary>
    public TimeSpan? QueryWaitTimeout { get; init; }
}
