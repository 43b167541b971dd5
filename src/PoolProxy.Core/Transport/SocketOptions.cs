using System.ComponentModel;
using System.Net;
using PoolProxy.Core.Loops.Native;

namespace PoolProxy.Core.Transport;

/// <summary>Reads and sets what the kernel keeps for a socket.</summary>
internal static unsafe class SocketOptions
{
    private const int SO_TYPE = 3;
    private const int SO_ACCEPTCONN = 30;

    // From Linux 5.14 on (asm-generic/socket.h): whether the kernel may choose the buffers' sizes itself.
    private const int SO_BUF_LOCK = 72;

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

    /// <summary>
    /// Applies to a TCP socket that was tuned as <paramref name="before"/>, and returns the first errno; 0 when nothing was refused. What is zero now goes back to what the system gives a new
    /// socket; before Linux 5.14 the buffers get that size, and the kernel does not fit them to the connection.
    /// </summary>
    public static int Change(SocketTuning before, SocketTuning tuning, int descriptor)
    {
        var fresh = Libc.socket(Libc.AF_INET, Libc.SOCK_STREAM | Libc.SOCK_CLOEXEC, 0);
        if (fresh < 0)
        {
            return Libc.LastError;
        }

        var error = TrySet(descriptor, Libc.SOL_SOCKET, Libc.SO_KEEPALIVE, tuning.KeepAlive ? 1 : 0);
        Put(Libc.IPPROTO_TCP, Libc.TCP_KEEPIDLE, (int)tuning.KeepIdle.TotalSeconds);
        Put(Libc.IPPROTO_TCP, Libc.TCP_KEEPINTVL, (int)tuning.KeepInterval.TotalSeconds);
        Put(Libc.IPPROTO_TCP, Libc.TCP_KEEPCNT, tuning.KeepCount);
        Put(Libc.IPPROTO_TCP, Libc.TCP_USER_TIMEOUT, (int)tuning.UserTimeout.TotalMilliseconds);
        if (tuning.SocketBufferBytes != before.SocketBufferBytes)
        {
            // The kernel takes half of what it tells (socket(7), SO_SNDBUF).
            Put(Libc.SOL_SOCKET, Libc.SO_SNDBUF, tuning.SocketBufferBytes, divisor: 2);
            Put(Libc.SOL_SOCKET, Libc.SO_RCVBUF, tuning.SocketBufferBytes, divisor: 2);
            if (tuning.SocketBufferBytes == 0)
            {
                _ = TrySet(descriptor, Libc.SOL_SOCKET, SO_BUF_LOCK, 0);
            }
        }

        _ = Libc.close(fresh);
        return error;

        void Put(int level, int option, int value, int divisor = 1)
        {
            var result = TrySet(descriptor, level, option, value > 0 ? value : Get(fresh, level, option) / divisor);
            error = error == 0 ? result : error;
        }
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
        if (Get(descriptor, Libc.SOL_SOCKET, SO_ACCEPTCONN) != 1 || Get(descriptor, Libc.SOL_SOCKET, SO_TYPE) != Libc.SOCK_STREAM)
        {
            return null;
        }

        var address = stackalloc byte[SocketAddress.LargestBytes];
        uint length = SocketAddress.LargestBytes;
        return Libc.getsockname(descriptor, address, &length) < 0 ? null : SocketAddress.ReadEndpoint(new ReadOnlySpan<byte>(address, (int)length));
    }

    /// <summary>An integer option as it stands; −1 where it cannot be told.</summary>
    public static int Get(int descriptor, int level, int option)
    {
        int value;
        uint length = sizeof(int);
        return Libc.getsockopt(descriptor, level, option, &value, &length) < 0 ? -1 : value;
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
    private static int SetPositive(int descriptor, int level, int option, int value) => value <= 0 ? 0 : TrySet(descriptor, level, option, value);

    /// <summary>Sets an integer option and returns the errno; 0 when it was not refused.</summary>
    public static int TrySet(int descriptor, int level, int option, int value) =>
        Libc.setsockopt(descriptor, level, option, &value, sizeof(int)) >= 0 ? 0 : Libc.LastError;
}
