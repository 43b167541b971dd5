using PoolProxy.Core.Backend;
using PoolProxy.Core.Transport;

namespace PoolProxy.Core.Pooling;

/// <summary>A server as logs name it, <c>S-0x2…: database/user@address</c>, and as SHOW does, by the same number.</summary>
internal sealed class ServerName(PoolKey pool, ServerConnection server)
{
    /// <summary>The number of SHOW's <c>ptr</c>: that of its first connection, with the side as its first digit.</summary>
    public static string PtrOf(ServerConnection server) => PtrOf(server.Origin);

    /// <summary>The same for a connection that is no pool's.</summary>
    public static string PtrOf(ConnectionId first) => $"0x2{first.LoopIndex:x2}{first.Socket.Generation:x6}{first.Socket.Slot:x5}";

    /// <inheritdoc/>
    public override string ToString()
    {
        var address = server.Connection.RemoteEndPoint is { } remote ? $"{remote}" : "unix";
        return $"S-{PtrOf(server)}: {pool}@{address}";
    }
}
