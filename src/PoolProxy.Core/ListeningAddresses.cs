using System.Net;
using System.Net.Sockets;
using PoolProxy.Configuration.Model;
using PoolProxy.Core.Loops.Native;
using PoolProxy.Core.Transport;

namespace PoolProxy.Core;

/// <summary>
/// The sockets that listen_addr, listen_port and unix_socket_dir name: made, or taken from the process before this one. A service manager's are taken in their
/// place, whatever they are bound to. Called while starting, before there are loops. It blocks.
/// </summary>
internal static class ListeningAddresses
{
    /// <summary>Where PgBouncer has its Unix socket, and where a pgbouncer.ini that says nothing means it to be.</summary>
    private const string UsualFolder = "/tmp";

    /// <summary>The sockets, bound and listening; <paramref name="passed"/> ones that nothing names are closed.</summary>
    /// <param name="proxy">The settings.</param>
    /// <param name="passed">Sockets that are there already.</param>
    /// <param name="tcpIsOpen">Called behind the TCP sockets, whose ports may need rights, and before Unix sockets, whose files belong to whom the process runs as.</param>
    /// <param name="notes">What the log is to say, once there is one.</param>
    /// <exception cref="ProxyFaultException">An address cannot be listened on, or there is none; those opened before are closed.</exception>
    public static List<ListeningSocket> Open(ProxySettings proxy, PassedSockets passed, Action tcpIsOpen, List<string> notes)
    {
        var settings = SettingsOf(proxy);
        var sockets = new List<ListeningSocket>();
        List<ListeningSocket> inherited = [];
        try
        {
            if (passed.AreServiceManagers)
            {
                TakeAll(proxy, passed, settings, sockets, notes);
                tcpIsOpen();
            }
            else
            {
                inherited = passed.Descriptors.Select(descriptor => ListeningSocket.Adopt(descriptor, settings, ownsFile: true)).OfType<ListeningSocket>().ToList();
                OpenTcp(proxy, inherited, settings, sockets, notes);
                tcpIsOpen();
                if (UnixEndpoint(proxy) is { } unix)
                {
                    sockets.Add(Take(inherited, unix) ?? ListeningSocket.Open(unix, settings));
                }

                // Nothing in the configuration means them any more.
                inherited.ForEach(socket => socket.Close(removesFile: true));
            }
        }
        catch (Exception failure)
        {
            sockets.ForEach(socket => socket.Close(removesFile: !passed.Any));
            inherited.ForEach(socket => socket.Close(removesFile: false));
            if (failure is not ListenFailedException)
            {
                throw;
            }

            throw new ProxyFaultException([failure.Message], isBadFile: false);
        }

        return sockets.Count > 0 ? sockets : throw new ProxyFaultException(["nothing to listen on: set listen_addr or unix_socket_dir"], isBadFile: true);
    }

    /// <summary>A Unix socket in the place of one whose file went with the process that it was taken from: PgBouncer removes it. Empty where the file is there.</summary>
    /// <exception cref="ProxyFaultException">It cannot be made.</exception>
    public static List<ListeningSocket> OpenMissing(ProxySettings proxy)
    {
        try
        {
            return UnixEndpoint(proxy) is { IsAbstract: false } unix && !FileIdentity.TryRead(unix.Path!, out _) ? [ListeningSocket.Open(unix, SettingsOf(proxy))] : [];
        }
        catch (ListenFailedException failure)
        {
            throw new ProxyFaultException([failure.Message], isBadFile: false);
        }
    }

    /// <summary>The Unix socket of the configuration, through which a running proxy is reached; null where there is none.</summary>
    public static SocketEndpoint? UnixEndpoint(ProxySettings proxy) =>
        proxy.UnixSocketDir.Length > 0 ? SocketEndpoint.Unix($"{proxy.UnixSocketDir}/.s.PGSQL.{proxy.ListenPort}") : null;

    private static ListenerSettings SettingsOf(ProxySettings proxy) => TcpSettingsOf(proxy) with
    {
        Backlog = proxy.ListenBacklog,
        ReusePort = proxy.SoReuseport,
        UnixMode = proxy.UnixSocketMode,
        UnixGroupId = GroupOf(proxy),
    };

    /// <summary>What the settings say of the connections of TCP sockets: it may change with a RELOAD.</summary>
    public static ListenerSettings TcpSettingsOf(ProxySettings proxy) => new()
    {
        DeferAccept = proxy.TcpDeferAccept,
        Tuning = new SocketTuning
        {
            KeepAlive = proxy.TcpKeepalive,
            KeepCount = proxy.TcpKeepcnt,
            KeepIdle = proxy.TcpKeepidle,
            KeepInterval = proxy.TcpKeepintvl,
            UserTimeout = proxy.TcpUserTimeout,
            SocketBufferBytes = proxy.TcpSocketBuffer,
        },
    };

    private static void TakeAll(ProxySettings proxy, PassedSockets passed, ListenerSettings settings, List<ListeningSocket> sockets, List<string> notes)
    {
        if (proxy.ListenAddr.Count > 0)
        {
            notes.Add("sockets passed from service manager, listen_addr ignored");
        }

        if (proxy.UnixSocketDir.Length > 0 && proxy.UnixSocketDir != UsualFolder)
        {
            notes.Add("sockets passed from service manager, unix_socket_dir ignored");
        }

        foreach (var descriptor in passed.Descriptors)
        {
            // The file of a Unix socket is the service manager's, and stays for the next process.
            sockets.Add(ListeningSocket.Adopt(descriptor, settings, ownsFile: false)
                ?? throw new ProxyFaultException([$"descriptor {descriptor}, passed by the service manager, is no listening stream socket"], isBadFile: false));
        }
    }

    private static ListeningSocket? Take(List<ListeningSocket> inherited, SocketEndpoint endpoint)
    {
        var found = inherited.Find(socket => socket.Endpoint == endpoint);
        if (found is not null)
        {
            inherited.Remove(found);
        }

        return found;
    }

    // By itself: where only addresses are named, the library for names is not loaded.
    private static IPAddress[] Resolve(string name)
    {
        try
        {
            return Dns.GetHostAddresses(name);
        }
        catch (SocketException failure)
        {
            throw new ProxyFaultException([$"listen_addr: \"{name}\" cannot be resolved: {failure.Message}"], isBadFile: false);
        }
    }

    private static int? GroupOf(ProxySettings proxy)
    {
        if (proxy.UnixSocketGroup.Length == 0)
        {
            return null;
        }

        return SystemGroups.Find(proxy.UnixSocketGroup)
            ?? throw new ProxyFaultException([$"unix_socket_group: there is no group \"{proxy.UnixSocketGroup}\" here"], isBadFile: true);
    }

    // Each address once: a host name may stand for one that is named besides.
    private static void OpenTcp(ProxySettings proxy, List<ListeningSocket> inherited, ListenerSettings settings, List<ListeningSocket> sockets, List<string> notes)
    {
        foreach (var address in proxy.ListenAddr)
        {
            IPAddress[] resolved = address == "*" ? [IPAddress.Any, IPAddress.IPv6Any] : IPAddress.TryParse(address, out var literal) ? [literal] : Resolve(address);
            ListenFailedException? missing = null;
            SocketEndpoint[] meant = [.. resolved.Select(one => SocketEndpoint.Tcp(one, proxy.ListenPort))];
            SocketEndpoint[] missed = [.. meant.Where(one => !sockets.Exists(socket => socket.Endpoint == one))];
            var isOpen = missed.Length < meant.Length;
            foreach (var endpoint in missed)
            {
                try
                {
                    sockets.Add(Take(inherited, endpoint) ?? ListeningSocket.Open(endpoint, settings));
                    isOpen = true;
                }
                catch (ListenFailedException failure) when (resolved.Length > 1 && failure.Error is Errno.EAFNOSUPPORT or Errno.EADDRNOTAVAIL)
                {
                    // The system has no such family or address: "localhost" on a machine without IPv6, say. The others serve.
                    missing = failure;
                }
            }

            if (missing is not null)
            {
                notes.Add(isOpen ? missing.Message : throw missing);
            }
        }
    }
}
