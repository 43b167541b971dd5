using PoolProxy.Core.Loops;
using PoolProxy.Core.Transport;

namespace PoolProxy.Testing.Loops;

/// <summary>A handler that keeps what it is given and can be told to do more. Touched on the loop.</summary>
internal sealed class RecordingHandler : IConnectionHandler
{
    public List<byte> Received { get; } = [];

    public List<ConnectionEnd> Ends { get; } = [];

    public int DrainedCount { get; private set; }

    public int Calls { get; private set; }

    public Action<Connection, byte[]>? WhenReceived { get; set; }

    public Action<Connection>? WhenDrained { get; set; }

    public Action<Connection, ConnectionEnd>? WhenEnded { get; set; }

    public void OnReceived(Connection connection, in ReceivedBytes bytes)
    {
        Calls++;
        Received.AddRange(bytes.Span);
        WhenReceived?.Invoke(connection, bytes.Span.ToArray());
    }

    public void OnDrained(Connection connection)
    {
        Calls++;
        DrainedCount++;
        WhenDrained?.Invoke(connection);
    }

    public void OnEnd(Connection connection, ConnectionEnd end)
    {
        Calls++;
        Ends.Add(end);
        WhenEnded?.Invoke(connection, end);
    }
}
