using System.Net;
using System.Net.Sockets;
using PoolProxy.Testing.Wire;

namespace PoolProxy.Testing;

/// <summary>
/// A fake PostgreSQL on 127.0.0.1 for what a real one will not do. A test either accepts connections one by one, or gives a script
/// that plays on each of them; a script's failure comes out of <see cref="DisposeAsync"/>.
/// </summary>
public sealed class ScriptedBackend : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly List<Task> _scripts = [];
    private readonly Lock _gate = new();
    private Task _accepting = Task.CompletedTask;
    private int _accepted;

    private ScriptedBackend(int port)
    {
        _listener = new TcpListener(IPAddress.Loopback, port);
        _listener.Start();
    }

    /// <summary>The port it listens on.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How many connections scripts have been started for.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>Somebody has connected and waits to be accepted.</summary>
    public bool IsAwaited => _listener.Pending();

    /// <summary>Listens; the test calls <see cref="AcceptAsync"/>.</summary>
    public static ScriptedBackend Start() => new(0);

    /// <summary>Listens, and plays a script on each connection; the connection closes when its script ends.</summary>
    /// <param name="script">What is played.</param>
    /// <param name="port">The port; 0 for one that is free.</param>
    public static ScriptedBackend Start(Func<ScriptedSession, Task> script, int port = 0)
    {
        var backend = new ScriptedBackend(port);
        backend._accepting = backend.AcceptAllAsync(script);
        return backend;
    }

    /// <summary>The next connection. The caller disposes it.</summary>
    public async Task<ScriptedSession> AcceptAsync()
    {
        Socket socket = await _listener.AcceptSocketAsync().WaitAsync(Deadlines.Step);
        return new ScriptedSession(new WireStream(socket, Side.Frontend));
    }

    /// <summary>The next connection that is a login, which is played. CancelRequests that come before it, of statements nobody waits for, are closed.</summary>
    public async Task<ScriptedSession> AcceptLoginAsync()
    {
        while (true)
        {
            ScriptedSession session = await AcceptAsync();
            if (await session.TryReadStartupAsync())
            {
                await session.WelcomeAsync();
                return session;
            }
            await session.DisposeAsync();
        }
    }

    /// <summary>Stops listening, waits for the scripts, and fails with the first that failed.</summary>
    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _accepting;
        Task[] scripts;
        lock (_gate)
        {
            scripts = [.. _scripts];
        }
        await Task.WhenAll(scripts).WaitAsync(Deadlines.Step);
        _listener.Dispose();
    }

    private async Task AcceptAllAsync(Func<ScriptedSession, Task> script)
    {
        while (true)
        {
            Socket socket;
            try
            {
                socket = await _listener.AcceptSocketAsync();
            }
            // The listener was stopped: while it waited, or (InvalidOperationException) between two connections.
            catch (Exception error) when (error is ObjectDisposedException or InvalidOperationException or SocketException { SocketErrorCode: SocketError.OperationAborted })
            {
                return;
            }
            Interlocked.Increment(ref _accepted);
            lock (_gate)
            {
                _scripts.Add(PlayAsync(socket, script));
            }
        }
    }

    private static async Task PlayAsync(Socket socket, Func<ScriptedSession, Task> script)
    {
        await using var session = new ScriptedSession(new WireStream(socket, Side.Frontend));
        await script(session);
    }
}
