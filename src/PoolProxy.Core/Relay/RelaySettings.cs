using PoolProxy.Configuration.Model;

namespace PoolProxy.Core.Relay;

/// <summary>What the configuration says of one client's requests, compiled at its login and again at RELOAD; immutable.</summary>
internal sealed record RelaySettings
{
    public required PoolMode Mode { get; init; }

    /// <summary>0: names of statements go upstream as they are (PgBouncer's meaning of max_prepared_statements = 0).</summary>
    public int MaxPreparedStatements { get; init; }

    /// <summary>A statement longer than this is neither shared nor looked into; its bytes stream through.</summary>
    public int MaxStatementBytes { get; init; }

    public int MaxPacketSize { get; init; }

    /// <summary><c>disable_pqexec</c>: who sends a Query has to go.</summary>
    public bool DisallowsQuery { get; init; }

    public TimeSpan ClientIdleTimeout { get; init; }

    public TimeSpan IdleTransactionTimeout { get; init; }

    public TimeSpan QueryTimeout { get; init; }

    public TimeSpan TransactionTimeout { get; init; }

    public TimeSpan QueryWaitTimeout { get; init; }

    /// <summary>How long a session may outlive its token inside a transaction.</summary>
    public TimeSpan TokenExpiryGrace { get; init; }

    /// <summary>How many servers of its pool the client's person may hold at a time; null is any number.</summary>
    public int? MaxServers { get; init; }

    /// <summary>The client may only read: what would let it write, and can be seen, is refused.</summary>
    public bool IsReadOnly { get; init; }

    /// <summary><c>cache_unnamed_statements</c>, where names are tracked: a Parse of an unnamed statement may be served by a prepared one.</summary>
    public bool KeepsUnnamed { get => field && TracksStatements; init; }

    /// <summary><c>session_state</c>, where servers are shared.</summary>
    public SessionStatePolicy SessionState { get => Mode == PoolMode.Session ? SessionStatePolicy.Shared : field; init; }

    /// <summary><c>server_fast_close</c>, where a server is its client's until that leaves: one that has to be replaced goes when it is at rest, and its client with it.</summary>
    public bool ClosesFast { get => field && Mode == PoolMode.Session; init; }

    /// <summary>Servers are shared: another server listens for the client than those that do its work.</summary>
    public bool FansOut => Mode != PoolMode.Session;

    /// <summary><c>pipelining</c>, where servers are shared: what the client sends may go behind another client's, and another's behind it.</summary>
    public bool Pipelines { get => field && Mode != PoolMode.Session; init; }

    /// <summary><c>pipelining_max_time</c>: what is short enough for that.</summary>
    public long PipeliningMaxMilliseconds { get; init; }

    /// <summary>In session pooling a server is the client's own: names need no tracking.</summary>
    public bool TracksStatements => MaxPreparedStatements > 0 && Mode != PoolMode.Session;
}
