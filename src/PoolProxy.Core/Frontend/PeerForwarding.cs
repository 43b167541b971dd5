using System.Net.Sockets;
using PoolProxy.Configuration.Model;
using PoolProxy.Core.Backend;
using PoolProxy.Core.Loops;
using PoolProxy.Core.Naming;
using PoolProxy.Core.Telemetry;
using PoolProxy.Core.Transport;
using PoolProxy.Protocol.Framing;
using PoolProxy.Protocol.Messages.Frontend;

namespace PoolProxy.Core.Frontend;

/// <summary>
/// Passes CancelRequests that came to this process and belong to a peer's client on to that peer: behind one address a balancer sends them anywhere. As PgBouncer does, a
/// request is passed on three times at most, in the clear (as clients send it), and within <c>cancel_wait_timeout</c>, which the lookup of the peer's name counts in too; <c>pool_size</c> of them are under way to a peer at a
/// time. Shared by all loops.
/// </summary>
internal sealed class PeerForwarding(HostResolver resolver)
{
    // A peer that takes a connection and then says nothing is given up, whatever the timeouts are.
    private static readonly TimeSpan LongestConnect = TimeSpan.FromSeconds(15);

    private readonly Lock _gate = new();
    private readonly SortedDictionary<int, PeerPool> _pools = [];

    /// <summary>Those that requests have been passed on to, by the peer's id.</summary>
    public IEnumerable<KeyValuePair<int, PeerPool>> Pools
    {
        get
        {
            lock (_gate)
            {
                return [.. _pools];
            }
        }
    }

    /// <summary>Does it, on the loop that the request came in on; ends when the peer has carried it out, or when there is nothing to be done.</summary>
    /// <param name="services">The loop's.</param>
    /// <param name="peerId">Whose client the key belongs to.</param>
    /// <param name="processId">The key's number.</param>
    /// <param name="secret">Its secret; changed here.</param>
    public async Task ForwardAsync(FrontendServices services, int peerId, int processId, byte[] secret)
    {
        var configuration = services.Routes.Plan.Configuration;
        if (!configuration.PeersById.TryGetValue(peerId, out var peer))
        {
            services.Log.CancelNotPassedOn(peerId, "could not find peer to forward request to");
            return;
        }

        if (!PeerMark.TryTakeHop(secret))
        {
            services.Log.CancelNotPassedOn(peerId, "its TTL was exhausted");
            return;
        }

        var patience = configuration.Proxy.CancelWaitTimeout;
        var pool = PoolOf(peerId);
        if (!await pool.EnterAsync(peer.PoolSize ?? configuration.Proxy.DefaultPoolSize, patience, services.Loop.Time))
        {
            services.Log.CancelNotPassedOn(peerId, "cancel_wait_timeout");
            return;
        }

        try
        {
            await SendAsync(services.Loop, configuration.Proxy, peer, pool, processId, secret);
            services.Log.CancelPassedOn(peerId);
        }
        catch (Exception failure) when (failure is SocketException or ConnectFailedException)
        {
            services.Log.CancelNotPassedOn(peerId, failure.Message);
        }
        catch (TimeoutException)
        {
            services.Log.CancelNotPassedOn(peerId, $"no name server has answered for \"{peer.Host}\" in time");
        }
        finally
        {
            pool.Leave();
        }
    }

    private PeerPool PoolOf(int peerId)
    {
        lock (_gate)
        {
            if (!_pools.TryGetValue(peerId, out var pool))
            {
                _pools.Add(peerId, pool = new PeerPool());
            }

            return pool;
        }
    }

    private async Task SendAsync(Loop loop, ProxySettings proxy, PeerSettings peer, PeerPool pool, int processId, byte[] secret)
    {
        var wait = proxy.CancelWaitTimeout;
        var connect = Shorter(Shorter(LongestConnect, proxy.ServerConnectTimeout), wait);
        Connection connection;
        pool.CountConnecting(+1);
        try
        {
            var start = loop.NowMilliseconds;
            var endpoint = peer.Host[0] is '/' or '@' ? SocketEndpoint.Unix($"{peer.Host}/.s.PGSQL.{peer.Port}")
                : SocketEndpoint.Tcp(await resolver.ResolveAsync(peer.Host).WaitAsync(connect, loop.Time), peer.Port);
            var rest = connect.InMilliseconds() - (loop.NowMilliseconds - start);
            connection = await Connector.ConnectAsync(loop, endpoint, TimeSpan.FromMilliseconds(Math.Max(1, rest)), SocketTuning.Default);
        }
        finally
        {
            pool.CountConnecting(-1);
        }

        pool.CountSent(+1);
        using var deadline = new ConnectDeadline(loop, wait);
        try
        {
            deadline.Watch(connection);
            var channel = new ColdChannel(connection);
            using var message = new MessageWriter();
            CancelRequest.Write(message, processId, secret);
            channel.Write(message.WrittenSpan);

            // The peer closes once the cancel is where it belongs, and the client waits for that.
            await channel.ReadByteAsync();
        }
        catch (ConnectionEndedException)
        {
        }
        finally
        {
            pool.CountSent(-1);
            connection.Abort();
        }
    }

    // Zero is no bound.
    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => other > TimeSpan.Zero && other < one ? other : one;
}
