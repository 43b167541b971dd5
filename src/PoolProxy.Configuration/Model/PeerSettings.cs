namespace PoolProxy.Configuration.Model;

/// <summary>Another proxy behind the same address, which cancels that belong to it are passed on to: <c>[peers.ID]</c>.</summary>
public sealed record PeerSettings
{
    /// <summary>The port where none is given.</summary>
    public const int DefaultPort = 6432;

    /// <summary>The section's name, 1 to 16383: the <c>peer_id</c> of that proxy.</summary>
    public required int Id { get; init; }

    /// <summary><c>host</c>: a host name, an address, or the folder of its Unix socket (with @ in front, an abstract one); required.</summary>
    public required string Host { get; init; }

    /// <summary><c>port</c>: default 6432.</summary>
    public int Port { get; init; } = DefaultPort;

    /// <summary><c>pool_size</c>: cancels under way to it at a time; null takes <c>default_pool_size</c>; 0 is unlimited.</summary>
    public int? PoolSize { get; init; }
}
