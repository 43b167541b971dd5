using Microsoft.Extensions.Logging;
using PoolProxy.Configuration.Model;
using PoolProxy.Core.Admin;
using PoolProxy.Core.Loops;
using PoolProxy.Core.Transport;

namespace PoolProxy.Core;

/// <summary>
/// The listeners of a proxy, which live on its first loop and hand newcomers to all loops in turn: opened, suspended, passed on and stopped together. On that loop,
/// but for <see cref="Addresses"/>, <see cref="Port"/> and what the console asks.
/// </summary>
internal sealed class ProxyListeners(IReadOnlyList<ProxyLoop> loops, ILogger log) : IListenerControl
{
    private readonly List<Listener> _listeners = [];
    private long? _successor;
    private bool _areShared;

    private Loop First => loops[0].Loop;

    /// <summary>The addresses it listens on, with the ports that were really taken.</summary>
    public IReadOnlyList<string> Addresses => _listeners.ConvertAll(listener => listener.Endpoint.ToString());

    /// <summary>The TCP port of the first listener; 0 where it listens on Unix sockets only.</summary>
    public int Port => _listeners.Find(listener => !listener.Endpoint.IsUnix)?.Endpoint.Address!.Port ?? 0;

    /// <summary>Begins to accept on all of them. Where they <paramref name="areShared"/> with another process, the files of Unix sockets are not removed at the end.</summary>
    public void Start(IReadOnlyList<ListeningSocket> sockets, bool areShared)
    {
        _areShared = areShared;
        foreach (var socket in sockets)
        {
            var listener = new Listener(First, socket, [.. loops.Select(loop => loop.Loop)], connection => loops[connection.Loop.Index].Accept(connection), log);
            _listeners.Add(listener);
            listener.Start();
        }
    }

    /// <summary>RELOAD: what can change of sockets that are there.</summary>
    public void Apply(ProxySettings proxy) => _listeners.ForEach(listener => listener.Change(ListeningAddresses.TcpSettingsOf(proxy)));

    /// <inheritdoc/>
    public Task SuspendAsync(bool isSuspended) => First.CallAsync(() => _listeners.ForEach(listener =>
    {
        if (isSuspended)
        {
            listener.Suspend();
        }
        else
        {
            listener.Resume();
        }
    }));

    /// <inheritdoc/>
    public Task<IReadOnlyList<(int Descriptor, SocketEndpoint Endpoint)>> PassAsync(long? clientId) => First.AskAsync<IReadOnlyList<(int, SocketEndpoint)>>(() =>
    {
        _successor = clientId ?? _successor;
        return [.. _listeners.Where(listener => listener.Descriptor >= 0).Select(listener => (listener.Descriptor, listener.Endpoint))];
    });

    /// <inheritdoc/>
    public Task<bool> HavePassedToAsync(long clientId) => First.AskAsync(() => _successor == clientId);

    /// <summary>The process that they were taken from has stopped accepting: they are this one's alone.</summary>
    public void Keep() => _areShared = false;

    /// <summary>The process that was passed the sockets accepts on them from here on; files and queues are its own.</summary>
    public void GiveAway()
    {
        _areShared = true;
        Stop();
    }

    /// <summary>Stops at once. What waits in a queue that is nobody else's is lost.</summary>
    public void Stop() => _listeners.ForEach(listener => listener.Stop(removesFile: !_areShared));

    /// <summary>Stops; where other processes may have sockets of their own on the port (<c>so_reuseport</c>), without losing anybody who is on the way in.</summary>
    public async Task StopAsync(bool isPortShared)
    {
        if (isPortShared && !_areShared)
        {
            await Task.WhenAll(_listeners.Where(listener => !listener.Endpoint.IsUnix).Select(listener => listener.DrainAsync()));
        }

        Stop();
    }
}
