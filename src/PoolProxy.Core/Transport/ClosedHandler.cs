using PoolProxy.Core.Loops;

namespace PoolProxy.Core.Transport;

/// <summary>Stands in before a connection has a handler and after it was closed. Without a handler an end closes the connection.</summary>
internal sealed class ClosedHandler : IConnectionHandler
{
    public static readonly ClosedHandler Instance = new();

    private ClosedHandler()
    {
    }

    public void OnReceived(Connection connection, in ReceivedBytes bytes) => connection.Abort();

    public void OnDrained(Connection connection)
    {
    }

    public void OnEnd(Connection connection, ConnectionEnd end) => connection.Abort();
}
