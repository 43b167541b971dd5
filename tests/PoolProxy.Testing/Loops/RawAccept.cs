using System.Net.Sockets;
using PoolProxy.Core.Loops.Native;

namespace PoolProxy.Testing.Loops;

/// <summary>Accepts on a listening socket and gives out the bare descriptor, non-blocking.</summary>
internal static class RawAccept
{
    public static unsafe int Accept(Socket listening)
    {
        // A Socket object's descriptor blocks until asynchronous calls are made on it.
        var descriptor = Libc.accept4((int)listening.Handle, null, null, Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC);
        return descriptor >= 0 ? descriptor : throw new SocketException(Libc.LastError);
    }
}
