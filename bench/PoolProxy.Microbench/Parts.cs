using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging.Abstractions;
using PoolProxy.Configuration.Model;
using PoolProxy.Core.Backend;
using PoolProxy.Core.Backend.Parameters;
using PoolProxy.Core.Loops;
using PoolProxy.Core.Pooling;
using PoolProxy.Core.PreparedStatements;
using PoolProxy.Core.Transport;

namespace PoolProxy.Microbench;

/// <summary>Makes the proxy's parts as the proxy does, for one loop. The only place that knows their constructors.</summary>
internal static partial class Parts
{
    /// <summary>A loop that is not running: benchmarks act in its place.</summary>
    public static Loop Loop() => new(0, TimeProvider.System, NullLogger.Instance);

    /// <summary>An empty catalogue of statements.</summary>
    public static StatementCatalogue Catalogue() => new(isShared: false);

    /// <summary>An empty registry of parameters.</summary>
    public static ParameterRegistry Parameters() => new(isShared: false);

    /// <summary>A pool with that many free servers on real sockets, which nobody logged in to. Clients that came and left have had them opened.</summary>
    public static Pool Pool(Loop loop, int servers)
    {
        var opener = new SilentOpener(loop);
        var directory = new PoolDirectory(loop, new PoolStates(loopCount: 1), opener, NullLogger.Instance);
        Pool pool = directory.Get(new PoolKey("bench", "bench"), () => Config(servers));
        PassingClient[] clients = [.. Enumerable.Range(0, servers).Select(_ => new PassingClient())];
        Array.ForEach(clients, pool.Wait);
        Array.ForEach(clients, client => pool.Release(client.Server ?? throw new InvalidOperationException("the pool has opened no server")));
        return pool;
    }

    private static PoolConfig Config(int servers) => new()
    {
        Mode = PoolMode.Transaction,
        Isolation = IsolationLevel.Partitioned,
        PoolSize = servers,
        Target = new ServerTarget { DatabaseName = "bench", Host = "127.0.0.1", Port = 5432, Dbname = "bench", User = "bench", Signature = "bench" },
    };

    /// <summary>One end of a loopback connection. The other is closed, which nobody hears of: the loop does not run.</summary>
    private static Connection Connected(Loop loop)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1);
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        client.Connect(listener.LocalEndPoint!);
        // A descriptor of its own, so that no Socket object has a claim on it.
        return new Connection(loop, Duplicate((int)client.Handle), (IPEndPoint)listener.LocalEndPoint!, null);
    }

    [LibraryImport("libc", EntryPoint = "dup")]
    private static partial int Duplicate(int descriptor);

    /// <summary>Answers at once, with a server that nobody is behind.</summary>
    private sealed class SilentOpener(Loop loop) : IServerOpener
    {
        private readonly ParameterRegistry _registry = Parameters();
        private int _opened;

        public Task<ServerConnection> OpenAsync(ServerTarget target, IServerOwner owner)
        {
            var facts = new ServerFacts(++_opened, new byte[4], _registry.Empty, []);
            return Task.FromResult(new ServerConnection(Connected(loop), facts, _registry, owner, maxPreparedStatements: 200) { Target = target });
        }

        public Task CancelAsync(CancelAim aim) => Task.CompletedTask;
    }
}
