using System.ComponentModel;
using PoolProxy.Core.Loops.Native;

namespace PoolProxy.Core.Transport;

/// <summary>A bound and listening descriptor, and the file that belongs to it if it is a Unix socket. Made before the loops run.</summary>
internal sealed class ListeningSocket
{
    /// <summary>
    /// How long the kernel keeps a silent newcomer to itself; then it is accepted all the same, at the client's next answer to a repeated SYN-ACK.
    /// Short, unlike PgBouncer's 45, because client_login_timeout begins to count only then.
    /// </summary>
    private const int DeferAcceptSeconds = 1;

    private FileIdentity? _file;
    private ListenerSettings _settings;

    private ListeningSocket(SocketEndpoint endpoint, int descriptor, ListenerSettings settings)
    {
        Endpoint = endpoint;
        Descriptor = descriptor;
        _settings = settings;
    }

    /// <summary>Where it listens; with port 0 asked for, the port that was given.</summary>
    public SocketEndpoint Endpoint { get; private set; }

    /// <summary>−1 once closed.</summary>
    public int Descriptor { get; private set; }

    /// <summary>Binds and listens. Throws <see cref="ListenFailedException"/>; nothing is left open or on disk then.</summary>
    public static ListeningSocket Open(SocketEndpoint endpoint, ListenerSettings settings)
    {
        var descriptor = Libc.socket(
            SocketAddress.FamilyOf(endpoint), Libc.SOCK_STREAM | Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC, 0);
        if (descriptor < 0)
        {
            throw new ListenFailedException(endpoint, Libc.LastError);
        }

        var socket = new ListeningSocket(endpoint, descriptor, settings);
        try
        {
            if (endpoint.IsUnix)
            {
                socket.BindUnix(settings);
            }
            else
            {
                socket.BindTcp(settings);
            }

            socket.Require(Libc.listen(descriptor, settings.Backlog));
            return socket;
        }
        catch (Win32Exception exception)
        {
            socket.Close(removesFile: true);
            throw new ListenFailedException(endpoint, exception.NativeErrorCode);
        }
        catch (ListenFailedException)
        {
            socket.Close(removesFile: true);
            throw;
        }
    }

    /// <summary>
    /// Takes a listening socket that was made elsewhere, by a service manager or the process before this one, and gives its connections our settings. Null where
    /// the descriptor is no listening stream socket; it stays open then. Where <paramref name="ownsFile"/>, the file of a Unix socket goes with it.
    /// </summary>
    public static ListeningSocket? Adopt(int descriptor, ListenerSettings settings, bool ownsFile)
    {
        if (SocketOptions.ListeningEndpointOf(descriptor) is not { } endpoint || DescriptorCalls.MakeOwn(descriptor) != 0)
        {
            return null;
        }

        var socket = new ListeningSocket(endpoint, descriptor, settings);
        if (!endpoint.IsUnix)
        {
            _ = SocketOptions.Apply(settings.Tuning, descriptor);
            SocketOptions.Set(descriptor, Libc.IPPROTO_TCP, Libc.TCP_DEFER_ACCEPT, settings.DeferAccept ? DeferAcceptSeconds : 0);
        }
        else if (ownsFile && !endpoint.IsAbstract && FileIdentity.TryRead(endpoint.Path!, out var file) && file.IsSocket)
        {
            socket._file = file;
        }

        return socket;
    }

    /// <summary>
    /// RELOAD: connections accepted from here on get what the settings say of TCP; those that are there keep what they have, as in PgBouncer. What else the settings say needs another
    /// socket. Returns the first errno; 0 when nothing was refused.
    /// </summary>
    public int Change(ListenerSettings settings)
    {
        var before = _settings;
        if (Descriptor < 0 || Endpoint.IsUnix || (settings.Tuning == before.Tuning && settings.DeferAccept == before.DeferAccept))
        {
            return 0;
        }

        _settings = before with { Tuning = settings.Tuning, DeferAccept = settings.DeferAccept };
        var error = SocketOptions.Change(before.Tuning, settings.Tuning, Descriptor);
        var deferring = SocketOptions.TrySet(Descriptor, Libc.IPPROTO_TCP, Libc.TCP_DEFER_ACCEPT, settings.DeferAccept ? DeferAcceptSeconds : 0);
        return error != 0 ? error : deferring;
    }

    /// <summary>
    /// Stops listening. The file goes too, but only while it is still ours: a successor may have put its own in its place.
    /// </summary>
    public void Close(bool removesFile)
    {
        if (Descriptor < 0)
        {
            return;
        }

        if (removesFile && _file is { } file && FileIdentity.TryRead(Endpoint.Path!, out var present) && present == file)
        {
            _ = Libc.unlink(Endpoint.Path!);
        }

        _ = Libc.close(Descriptor);
        Descriptor = -1;
    }

    private void BindTcp(ListenerSettings settings)
    {
        SocketOptions.Set(Descriptor, Libc.SOL_SOCKET, Libc.SO_REUSEADDR, 1);
        if (settings.ReusePort)
        {
            SocketOptions.Set(Descriptor, Libc.SOL_SOCKET, Libc.SO_REUSEPORT, 1);
        }

        if (SocketAddress.FamilyOf(Endpoint) == Libc.AF_INET6)
        {
            // listen_addr = * means two sockets, one of each family; with both on the IPv6 one the second bind would fail.
            SocketOptions.Set(Descriptor, Libc.IPPROTO_IPV6, Libc.IPV6_V6ONLY, 1);
        }

        // Inherited by every socket accepted (tcp(7)), so that a newcomer costs no calls for it. Before listen: the receive buffer decides on the
        // window scale of the handshake. A refusal means a value beyond what configuration has bounded; the system's default holds then.
        _ = SocketOptions.Apply(settings.Tuning, Descriptor);
        Bind();
        if (settings.DeferAccept)
        {
            SocketOptions.Set(Descriptor, Libc.IPPROTO_TCP, Libc.TCP_DEFER_ACCEPT, DeferAcceptSeconds);
        }

        if (SocketOptions.LocalAddressOf(Descriptor) is { } bound)
        {
            Endpoint = SocketEndpoint.Tcp(bound.Address, bound.Port);
        }
    }

    private void BindUnix(ListenerSettings settings)
    {
        if (Endpoint.IsAbstract)
        {
            Bind();
            return;
        }

        RemoveLeftover();
        Bind();
        if (FileIdentity.TryRead(Endpoint.Path!, out var file))
        {
            _file = file;
        }

        // Before listen: until then nobody can connect, whatever the umask has made of the file.
        if (settings.UnixGroupId is { } group)
        {
            Require(Libc.chown(Endpoint.Path!, -1, group));
        }

        Require(Libc.chmod(Endpoint.Path!, (uint)settings.UnixMode));
    }

    // A socket file that nobody listens on is left from a process that was killed. One that answers belongs to a living one, and a file that
    // is no socket is not ours to remove: bind then says EADDRINUSE.
    private unsafe void RemoveLeftover()
    {
        if (!FileIdentity.TryRead(Endpoint.Path!, out var file) || !file.IsSocket)
        {
            return;
        }

        var probe = Libc.socket(Libc.AF_UNIX, Libc.SOCK_STREAM | Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC, 0);
        Require(probe);
        var address = stackalloc byte[SocketAddress.LargestBytes];
        var length = SocketAddress.Write(Endpoint, new Span<byte>(address, SocketAddress.LargestBytes));
        var isDead = Libc.connect(probe, address, (uint)length) < 0 && Libc.LastError == Errno.ECONNREFUSED;
        _ = Libc.close(probe);
        if (isDead)
        {
            Require(Libc.unlink(Endpoint.Path!));
        }
    }

    private unsafe void Bind()
    {
        var address = stackalloc byte[SocketAddress.LargestBytes];
        var length = SocketAddress.Write(Endpoint, new Span<byte>(address, SocketAddress.LargestBytes));
        Require(Libc.bind(Descriptor, address, (uint)length));
    }

    private void Require(int result)
    {
        if (result < 0)
        {
            throw new ListenFailedException(Endpoint, Libc.LastError);
        }
    }
}
