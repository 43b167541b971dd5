using PoolProxy.Core.Loops;

namespace PoolProxy.Core.Transport;

/// <summary>Opens connections to servers, for cold code.</summary>
internal static class Connector
{
    /// <summary>
    /// Connects, and gives back a silent connection on <paramref name="loop"/>. Throws <see cref="ConnectFailedException"/> when the system
    /// refuses or <paramref name="timeout"/> passes, and <see cref="OperationCanceledException"/>; nothing is left open then.
    /// </summary>
    public static Task<Connection> ConnectAsync(
        Loop loop, SocketEndpoint endpoint, TimeSpan timeout, SocketTuning tuning, CancellationToken cancellation = default)
    {
        loop.AssertCurrent();
        return new ConnectAttempt(loop, endpoint, tuning).BeginAsync(timeout, cancellation);
    }
}
