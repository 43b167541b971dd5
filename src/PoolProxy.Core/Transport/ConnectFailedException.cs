using PoolProxy.Core.Loops.Native;

namespace PoolProxy.Core.Transport;

/// <summary>No connection to a server came about: <see cref="Error"/> is the errno (ETIMEDOUT when our own deadline passed).</summary>
internal sealed class ConnectFailedException(SocketEndpoint endpoint, int error)
    : Exception($"could not connect to {endpoint}: {Errno.TextOf(error)}")
{
    public SocketEndpoint Endpoint { get; } = endpoint;

    public int Error { get; } = error;

    /// <summary>The deadline passed, ours or the kernel's.</summary>
    public bool IsTimeout => Error == Errno.ETIMEDOUT;
}
