namespace PoolProxy.Core.Transport;

/// <summary>
/// The settings <c>tcp_keepalive</c> and its neighbours, of each TCP socket. Zero leaves the system's default.
/// TCP_NODELAY is always on: what is written is a whole batch already.
/// </summary>
internal sealed record SocketTuning
{
    /// <summary>PgBouncer's defaults.</summary>
    public static readonly SocketTuning Default = new();

    /// <summary><c>tcp_keepalive</c>; default on.</summary>
    public bool KeepAlive { get; init; } = true;

    /// <summary><c>tcp_keepidle</c>: silence before the first probe; whole seconds.</summary>
    public TimeSpan KeepIdle { get; init; }

    /// <summary><c>tcp_keepintvl</c>: time between probes; whole seconds.</summary>
    public TimeSpan KeepInterval { get; init; }

    /// <summary><c>tcp_keepcnt</c>: unanswered probes before the connection counts as lost.</summary>
    public int KeepCount { get; init; }

    /// <summary><c>tcp_user_timeout</c>: how long sent data may stay unacknowledged.</summary>
    public TimeSpan UserTimeout { get; init; }

    /// <summary><c>tcp_socket_buffer</c>: bytes for the kernel's send and receive buffer each.</summary>
    public int SocketBufferBytes { get; init; }
}
