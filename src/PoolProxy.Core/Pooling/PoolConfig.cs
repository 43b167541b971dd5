using PoolProxy.Configuration.Model;
using PoolProxy.Core.Backend;

namespace PoolProxy.Core.Pooling;

/// <summary>
/// A pool as configured: immutable, replaced whole by RELOAD. Code that needs several values reads <see cref="Pool.Config"/> once.
/// </summary>
internal sealed record PoolConfig
{
    public required PoolMode Mode { get; init; }

    /// <summary>The first host, or the only one; the others differ from it in nothing but where they are.</summary>
    public required ServerTarget Target { get; init; }

    /// <summary>A target for each host, in the file's order.</summary>
    public IReadOnlyList<ServerTarget> Targets { get => field ?? [Target]; init; }

    public LoadBalanceHosts LoadBalanceHosts { get; init; }

    /// <summary>How often each host is asked what it is; zero never.</summary>
    public TimeSpan HostCheckPeriod { get; init; }

    /// <summary>There are several hosts, or a demand on the only one: their state is watched, and clients wait through a failover.</summary>
    public bool ChoosesHosts => Target.AsksNature;

    public required IsolationLevel Isolation { get; init; }

    /// <summary>Server connections; 0 is unlimited.</summary>
    public int PoolSize { get; init; }

    public int MinPoolSize { get; init; }

    /// <summary>Connections beyond the size, once somebody has waited for <see cref="ReservePoolTimeout"/>.</summary>
    public int ReservePoolSize { get; init; }

    public TimeSpan ReservePoolTimeout { get; init; }

    public bool ServerRoundRobin { get; init; }

    /// <summary>Sent when a server changes hands in session mode, or always; empty for nothing.</summary>
    public string ResetQuery { get; init; } = "";

    public bool ResetQueryAlways { get; init; }

    /// <summary>Null: servers are never checked. Empty: an empty query.</summary>
    public string? CheckQuery { get; init; }

    public TimeSpan CheckDelay { get; init; }

    /// <summary>Zero: a server is used once. <see cref="ServerFitness.OverDue"/> is what it comes to.</summary>
    public TimeSpan ServerLifetime { get; init; } = TimeSpan.FromHours(1);

    public TimeSpan ServerIdleTimeout { get; init; }

    public TimeSpan ServerLoginRetry { get; init; }

    public TimeSpan QueryWaitNotify { get; init; }

    /// <summary><c>log_connections</c>: a server's beginning leaves a line in the log.</summary>
    public bool LogsConnections { get; init; }

    /// <summary><c>log_disconnections</c>: so does its end.</summary>
    public bool LogsDisconnections { get; init; }

    /// <summary><c>statement_sharing = "trusted"</c> of its login: prepared statements outlive a change of identity.</summary>
    public bool KeepsStatements { get; init; }

    /// <summary><c>pipelining</c>: independent statements of several clients may be sent behind one another (isolation.md §9).</summary>
    public bool Pipelines { get; init; }

    /// <summary><c>pipelining_max_time</c>: what is short enough for that.</summary>
    public long PipeliningMaxMilliseconds { get; init; }

    /// <summary>Servers are opened before a client comes: possible only where the login does not depend on one.</summary>
    public bool MayPrefill { get; init; }
}
