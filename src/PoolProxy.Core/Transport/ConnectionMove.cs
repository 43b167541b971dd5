using System.Net;
using PoolProxy.Core.Loops;

namespace PoolProxy.Core.Transport;

/// <summary>A connection between two loops: what the old one has let go of and the new one will take up.</summary>
internal sealed record ConnectionMove(
    Loop Loop, int Descriptor, IPEndPoint? Remote, SocketEndpoint? Target, ITlsChannel? Tls, Action<Connection, object?> OnArrived, object? State)
{
    /// <summary>On the new loop.</summary>
    public void Arrive() => OnArrived(new Connection(Loop, Descriptor, Remote, Target, Tls), State);
}
