using PoolProxy.Core.Loops.Native;

namespace PoolProxy.Core.Transport;

/// <summary>An address could not be listened on; <see cref="Error"/> is the errno.</summary>
internal sealed class ListenFailedException(SocketEndpoint endpoint, int error)
    : Exception($"could not listen on {endpoint}: {Errno.TextOf(error)}")
{
    public SocketEndpoint Endpoint { get; } = endpoint;

    public int Error { get; } = error;
}
