using PoolProxy.Core.Loops.Native;

namespace PoolProxy.Core.Transport;

/// <summary>How and why a connection ended. <paramref name="Error"/> is the errno, or 0; <paramref name="Detail"/> is TLS's reason, or null.</summary>
internal readonly record struct ConnectionEnd(ConnectionEndKind Kind, int Error = 0, string? Detail = null)
{
    /// <summary>In words for the log.</summary>
    public string Reason => Detail ?? Kind switch
    {
        ConnectionEndKind.EndOfStream => "end of stream",
        ConnectionEndKind.Truncated => "end of stream without close_notify",
        ConnectionEndKind.HandlerFault => "internal error",
        ConnectionEndKind.ClosedHere => "closed by the proxy",
        _ => Errno.TextOf(Error),
    };

    internal static ConnectionEnd FromError(int error) => error switch
    {
        0 => new ConnectionEnd(ConnectionEndKind.EndOfStream),
        Errno.ECONNRESET or Errno.EPIPE => new ConnectionEnd(ConnectionEndKind.Reset, error),
        _ => new ConnectionEnd(ConnectionEndKind.Failed, error),
    };
}
