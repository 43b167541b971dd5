namespace PoolProxy.Core.Transport;

/// <summary>Thrown by awaited reads and handshakes of cold code when their connection ends, whichever side ended it.</summary>
internal sealed class ConnectionEndedException(ConnectionEnd end) : Exception($"the connection ended: {end.Reason}")
{
    public ConnectionEnd End { get; } = end;
}
