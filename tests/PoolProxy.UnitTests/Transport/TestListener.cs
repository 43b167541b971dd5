using System.Net;
using PoolProxy.Core.Transport;
using PoolProxy.Testing.Loops;

namespace PoolProxy.UnitTests.Transport;

/// <summary>A listener on a loop for the length of a test; on a free loopback port unless told otherwise.</summary>
internal sealed class TestListener : IDisposable
{
    private readonly LoopThread _thread;

    private TestListener(LoopThread thread, Listener listener)
    {
        _thread = thread;
        Listener = listener;
    }

    public Listener Listener { get; }

    public SocketEndpoint Endpoint => Listener.Endpoint;

    public static TestListener Open(
        LoopThread thread,
        Action<Connection> onAccepted,
        SocketEndpoint? endpoint = null,
        ListenerSettings? settings = null,
        IReadOnlyList<PoolProxy.Core.Loops.Loop>? targets = null)
    {
        // Without waiting for first bytes, so that a silent client is accepted at once.
        settings ??= new ListenerSettings { DeferAccept = false };
        var socket = ListeningSocket.Open(endpoint ?? SocketEndpoint.Tcp(IPAddress.Loopback, 0), settings);
        var listener = new Listener(thread.Loop, socket, targets ?? [thread.Loop], onAccepted, thread.Logger);
        thread.Do(listener.Start);
        return new TestListener(thread, listener);
    }

    public void Dispose() => _thread.Do(() => Listener.Stop());
}
