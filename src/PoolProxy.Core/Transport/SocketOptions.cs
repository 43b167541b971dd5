using System.ComponentModel;
using System.Net;
using PoolProxy.Core.Loops.Native;

namespace PoolProxy.Core.Transport;

/// <summary>Reads and sets what the kernel keeps for a socket.</summary>
internal static unsafe class SocketOptions
{
    private const int SO_TYPE = 3;
    private const int SO_ACCEPTCONN = 30;

    /// <summary>Applies <see cref="SocketTuning"/> to a TCP socket, all of it, and returns the first errno; 0 when nothing was refused.</summary>
    public static int Apply(SocketTuning tuning, int descriptor)
    {
        var error = SetPositive(descriptor, Libc.IPPROTO_TCP, Libc.TCP_NODELAY, 1);
        Add(SetPositive(descriptor, Libc.SOL_SOCKET, Libc.SO_SNDBUF, tuning.SocketBufferBytes));
        Add(SetPositive(descriptor, Libc.SOL_SOCKET, Libc.SO_RCVBUF, tuning.SocketBufferBytes));
        Add(SetPositive(descriptor, Libc.IPPROTO_TCP, Libc.TCP_USER_TIMEOUT, (int)tuning.UserTimeout.TotalMilliseconds));
        if (tuning.KeepAlive)
        {
            Add(SetPositive(descriptor, Libc.SOL_SOCKET, Libc.SO_KEEPALIVE, 1));
            Add(SetPositive(descriptor, Libc.IPPROTO_TCP, Libc.TCP_KEEPIDLE, (int)tuning.KeepIdle.TotalSeconds));
            Add(SetPositive(descriptor, Libc.IPPROTO_TCP, Libc.TCP_KEEPINTVL, (int)tuning.KeepInterval.TotalSeconds));
            Add(SetPositive(descriptor, Libc.IPPROTO_TCP, Libc.TCP_KEEPCNT, tuning.KeepCount));
        }

        return error;

        void Add(int result) => error = error == 0 ? result : error;
    }

    /// <summary>Sets an integer option; throws <see cref="Win32Exception"/> (with the errno) if the kernel refuses.</summary>
    public static void Set(int descriptor, int level, int option, int value)
    {
        if (Libc.setsockopt(descriptor, level, option, &value, sizeof(int)) < 0)
        {
            throw new Win32Exception(Libc.LastError, $"socket option {level}/{option} was refused");
        }
    }

    /// <summary>Takes the pending error of a socket (SO_ERROR); 0 if none.</summary>
    public static int TakeError(int descriptor)
    {
        int error;
        uint length = sizeof(int);
        return Libc.getsockopt(descriptor, Libc.SOL_SOCKET, Libc.SO_ERROR, &error, &length) < 0 ? Libc.LastError : error;
    }

    /// <summary>The address a TCP socket has on our side; null if it cannot be told.</summary>
    public static IPEndPoint? LocalAddressOf(int descriptor)
    {
        if (descriptor < 0)
        {
            return null;
        }

        var address = stackalloc byte[SocketAddress.LargestBytes];
        uint length = SocketAddress.LargestBytes;
        return Libc.getsockname(descriptor, address, &length) < 0 ? null : SocketAddress.Read(new ReadOnlySpan<byte>(address, (int)length));
    }

    /// <summary>What a listening stream socket is bound to; null where the descriptor is none.</summary>
    public static SocketEndpoint? ListeningEndpointOf(int descriptor)
    {
        if (Get(descriptor, SO_ACCEPTCONN) != 1 || Get(descriptor, SO_TYPE) != Libc.SOCK_STREAM)
        {
            return null;
        }

        var address = stackalloc byte[SocketAddress.LargestBytes];
        uint length = SocketAddress.LargestBytes;
        return Libc.getsockname(descriptor, address, &length) < 0 ? null : SocketAddress.ReadEndpoint(new ReadOnlySpan<byte>(address, (int)length));
    }

    private static int Get(int descriptor, int option)
    {
        int value;
        uint length = sizeof(int);
        return Libc.getsockopt(descriptor, Libc.SOL_SOCKET, option, &value, &length) < 0 ? -1 : value;
    }

    /// <summary>Who is at the other end of a Unix socket.</summary>
    public static PeerCredentials? CredentialsOf(int descriptor)
    {
        // struct ucred: pid, uid, gid.
        var credentials = stackalloc uint[3];
        uint length = 3 * sizeof(uint);
        return Libc.getsockopt(descriptor, Libc.SOL_SOCKET, Libc.SO_PEERCRED, credentials, &length) < 0
            ? null
            : new PeerCredentials((int)credentials[0], credentials[1], credentials[2]);
    }

    // Zero leaves the system's default. Returns the errno.
    private static int SetPositive(int descriptor, int level, int option, int value) =>
        value <= 0 || Libc.setsockopt(descriptor, level, option, &value, sizeof(int)) >= 0 ? 0 : Libc.LastError;
}
