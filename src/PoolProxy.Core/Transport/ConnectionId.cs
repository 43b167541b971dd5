using PoolProxy.Core.Loops;

namespace PoolProxy.Core.Transport;

/// <summary>The name of a connection for as long as it lives on one loop; never used for another afterwards.</summary>
internal readonly record struct ConnectionId(int LoopIndex, SocketId Socket)
{
    public override string ToString() => $"{LoopIndex}.{Socket.Slot}.{Socket.Generation}";
}
