using System.Net;
using PoolProxy.Core.Loops;

namespace PoolProxy.Core.Transport;

/// <summary>A connection between two loops: what the old one has let go of and the new one will take up.</summary>
internal sealed class ConnectionMove(
    Loop target, IPEndPoint? remote, SocketEndpoint? endpoint, ITlsChannel? tls, Action<Connection, object?> onArrived, object? state)
{
    private int _descriptor;
    private byte[] _received = [];

    /// <summary>On the old loop, whose engine has let go of the descriptor.</summary>
    public void Begin(int descriptor, byte[] received)
    {
        _descriptor = descriptor;
        _received = received;
        target.Post(static item => ((ConnectionMove)item!).Arrive(), this);
    }

    // On the new loop.
    private void Arrive() => onArrived(new Connection(target, _descriptor, remote, endpoint, tls, _received), state);
}
