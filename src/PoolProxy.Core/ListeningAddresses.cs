using System.Net;
using Microsoft.Extensions.Logging;
using PoolProxy.Configuration.Model;
using PoolProxy.Core.Loops;
using PoolProxy.Core.Transport;

namespace PoolProxy.Core;

/// <summary>Opens what listen_addr, listen_port and unix_socket_dir name. The listeners live on the first loop and hand newcomers to all in turn.</summary>
internal static class ListeningAddresses
{
    /// <summary>The listeners, started. Called on the first of the <paramref name="loops"/>; each newcomer is accepted on the one it lives on.</summary>
    /// <exception cref="ProxyFaultException">An address cannot be listened on, or there is none; those opened before are stopped.</exception>
    public static List<Listener> Open(ProxySettings proxy, IReadOnlyList<Loop> loops, Action<Connection> accept, ILogger log)
    {
        var settings = new ListenerSettings
        {
            Backlog = proxy.ListenBacklog,
            DeferAccept = proxy.TcpDeferAccept,
            UnixMode = proxy.UnixSocketMode,
            UnixGroupId = GroupOf(proxy),
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
        var listeners = new List<Listener>();
        try
        {
            foreach (var endpoint in Endpoints(proxy))
            {
                var listener = new Listener(loops[0], ListeningSocket.Open(endpoint, settings), loops, accept, log);
                listeners.Add(listener);
                listener.Start();
            }
        }
        catch (ListenFailedException failure)
        {
            listeners.ForEach(listener => listener.Stop());
            throw new ProxyFaultException([failure.Message], isBadFile: false);
        }

        return listeners.Count > 0 ? listeners : throw new ProxyFaultException(["nothing to listen on: set listen_addr or unix_socket_dir"], isBadFile: true);
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

    private static IEnumerable<SocketEndpoint> Endpoints(ProxySettings proxy)
    {
        foreach (var address in proxy.ListenAddr)
        {
            if (address == "*")
            {
                yield return SocketEndpoint.Tcp(IPAddress.IPv6Any, proxy.ListenPort);
            }
            else
            {
                foreach (var resolved in IPAddress.TryParse(address, out var literal) ? [literal] : Dns.GetHostAddresses(address))
                {
                    yield return SocketEndpoint.Tcp(resolved, proxy.ListenPort);
                }
            }
        }

        if (proxy.UnixSocketDir.Length > 0)
        {
            yield return SocketEndpoint.Unix($"{proxy.UnixSocketDir}/.s.PGSQL.{proxy.ListenPort}");
        }
    }
}
