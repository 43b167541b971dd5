namespace PoolProxy.Core.Transport;

/// <summary>How listening sockets are made and what their connections get.</summary>
internal sealed record ListenerSettings
{
    /// <summary><c>listen_backlog</c>: connections that may wait to be accepted; default 128.</summary>
    public int Backlog { get; init; } = 128;

    /// <summary><c>so_reuseport</c>: other processes may listen on the same port; default off.</summary>
    public bool ReusePort { get; init; }

    /// <summary><c>tcp_defer_accept</c>: a connection is accepted when its first bytes are there; default on.</summary>
    public bool DeferAccept { get; init; } = true;

    /// <summary><c>unix_socket_mode</c>: permission bits of the socket's file; default 0777.</summary>
    public int UnixMode { get; init; } = 0b111_111_111;

    /// <summary><c>unix_socket_group</c>, looked up: the group of the socket's file, or null to leave it.</summary>
    public int? UnixGroupId { get; init; }

    /// <summary>What each accepted TCP connection has: it inherits it from the listening socket.</summary>
    public SocketTuning Tuning { get; init; } = SocketTuning.Default;
}
