using PoolProxy.Core.Backend;

namespace PoolProxy.Core.Pooling;

/// <summary>A server as logs name it, <c>S-0x2…: database/user@address</c>, and as SHOW does, by the same number.</summary>
internal sealed class ServerName(PoolKey pool, ServerConnection server)
{
    /// <summary>The number of SHOW's <c>ptr</c>: that of its first connection, with the side as its first digit.</summary>
    public static string PtrOf(ServerConnection server) => $"0x2{server.Origin.LoopIndex:x2}{server.Origin.Socket.Generation:x6}{server.Origin.Socket.Slot:x5}";

    /// <inheritdoc/>
    public override string ToString()
    {
        var address = server.Connection.RemoteEndPoint is { } remote ? $"{remote}" : "unix";
        return $"S-{PtrOf(server)}: {pool}@{address}";
    }
}
