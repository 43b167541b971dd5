using System.Net;
using System.Net.Sockets;
using PoolProxy.Core.Loops;
using PoolProxy.Core.Loops.Native;
using PoolProxy.Core.Transport;
using PoolProxy.Testing.Loops;
using Xunit;

namespace PoolProxy.UnitTests.Transport;

public abstract class ConnectorTests : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(15);

    private readonly ManualTime _time = new();
    private readonly LoopThread _thread;

    protected ConnectorTests(TestEngine engine) => _thread = new LoopThread(_time, 0, engine);

    private Loop Loop => _thread.Loop;

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public async Task It_connects_over_TCP_and_knows_both_addresses(string address)
    {
        using var server = Listen(new IPEndPoint(IPAddress.Parse(address), 0), 1);
        var endpoint = (IPEndPoint)server.LocalEndPoint!;

        var connection = await Connect(SocketEndpoint.Tcp(endpoint.Address, endpoint.Port));
        using var peer = server.Accept();
        _thread.Do(() => connection.Send("hello"u8));

        var heard = new byte[5];
        Assert.Equal(5, peer.Receive(heard));
        Assert.Equal(endpoint, connection.RemoteEndPoint);
        Assert.Equal(peer.RemoteEndPoint, _thread.Do(() => connection.LocalEndPoint));
        _thread.Do(connection.Close);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_connects_to_a_Unix_socket_by_file_and_by_abstract_name(bool isAbstract)
    {
        using var folder = new SocketFolder();
        var path = isAbstract ? $"@poolproxy-{Guid.NewGuid():N}" : folder.PathOf("s");
        using var server = Listen(new UnixDomainSocketEndPoint(isAbstract ? $"\0{path[1..]}" : path), 1);

        var connection = await Connect(SocketEndpoint.Unix(path));
        using var peer = server.Accept();

        Assert.True(connection.IsUnix);
        Assert.Equal(path, connection.UnixPath);
        Assert.Equal(Environment.ProcessId, _thread.Do(connection.ReadPeerCredentials)!.Value.ProcessId);
        _thread.Do(connection.Close);
    }

    [Fact]
    public async Task A_refusal_is_told_with_its_errno()
    {
        using var server = Listen(new IPEndPoint(IPAddress.Loopback, 0), 1);
        var endpoint = (IPEndPoint)server.LocalEndPoint!;
        server.Dispose();
        using var folder = new SocketFolder();

        var refused = await Assert.ThrowsAsync<ConnectFailedException>(() => Connect(SocketEndpoint.Tcp(endpoint.Address, endpoint.Port)));
        var missing = await Assert.ThrowsAsync<ConnectFailedException>(() => Connect(folder.EndpointOf("nobody")));

        Assert.Equal(Errno.ECONNREFUSED, refused.Error);
        Assert.Equal(Errno.ENOENT, missing.Error);
        Assert.Equal(0, _thread.Do(() => Loop.Timers.Count));
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_given_up_at_the_deadline()
    {
        // A queue for one, and nobody accepts: the kernel ignores the handshakes that come when it is full.
        using var server = Listen(new IPEndPoint(IPAddress.Loopback, 0), 0);
        var endpoint = (IPEndPoint)server.LocalEndPoint!;
        using var first = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await first.ConnectAsync(endpoint);

        var connecting = Connect(SocketEndpoint.Tcp(endpoint.Address, endpoint.Port));
        _thread.WaitUntil(() => Loop.Timers.Count == 1);
        _time.Advance((long)Timeout.TotalMilliseconds - TimerWheel.TickMilliseconds);
        _thread.Do(static () => { });
        Assert.False(connecting.IsCompleted);
        _time.Advance(2 * TimerWheel.TickMilliseconds);
        _thread.Do(static () => { });

        Assert.True((await Assert.ThrowsAsync<ConnectFailedException>(() => connecting)).IsTimeout);
    }

    [Fact]
    public async Task A_Unix_server_with_a_full_queue_is_tried_again_until_there_is_room()
    {
        using var folder = new SocketFolder();
        using var server = Listen(new UnixDomainSocketEndPoint(folder.PathOf("s")), 0);
        var connected = new List<Connection> { await Connect(folder.EndpointOf("s")) };
        var waiting = Connect(folder.EndpointOf("s"));
        _thread.WaitUntil(() => Loop.Timers.Count == 2);
        for (var i = 0; i < 3; i++)
        {
            _time.Advance(100);
            _thread.Do(static () => { });
        }

        Assert.False(waiting.IsCompleted);
        using var peer = server.Accept();
        _time.Advance(100);
        _thread.Do(static () => { });
        connected.Add(await waiting);

        _thread.Do(() => connected.ForEach(connection => connection.Abort()));
    }

    [Fact]
    public async Task A_cancelled_attempt_leaves_nothing_open()
    {
        using var server = Listen(new IPEndPoint(IPAddress.Loopback, 0), 0);
        var endpoint = (IPEndPoint)server.LocalEndPoint!;
        using var first = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await first.ConnectAsync(endpoint);
        using var cancellation = new CancellationTokenSource();
        var connecting = _thread.RunAsync(() => Connector.ConnectAsync(
            Loop, SocketEndpoint.Tcp(endpoint.Address, endpoint.Port), Timeout, SocketTuning.Default, cancellation.Token));
        _thread.WaitUntil(() => Loop.Timers.Count == 1);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting);
        Assert.Equal(0, _thread.Do(() => Loop.Timers.Count));
    }

    [Fact]
    public async Task The_settings_of_keepalive_reach_the_socket()
    {
        using var server = Listen(new IPEndPoint(IPAddress.Loopback, 0), 8);
        var endpoint = (IPEndPoint)server.LocalEndPoint!;
        var tuning = new SocketTuning
        {
            KeepIdle = TimeSpan.FromSeconds(11),
            KeepInterval = TimeSpan.FromSeconds(12),
            KeepCount = 13,
            UserTimeout = TimeSpan.FromSeconds(14),
            SocketBufferBytes = 20_000,
        };
        var target = SocketEndpoint.Tcp(endpoint.Address, endpoint.Port);
        var tuned = await _thread.RunAsync(() => Connector.ConnectAsync(Loop, target, Timeout, tuning));
        var plain = await _thread.RunAsync(() => Connector.ConnectAsync(Loop, target, Timeout, new SocketTuning { KeepAlive = false }));

        Assert.Equal(1, Option(tuned, Libc.IPPROTO_TCP, Libc.TCP_NODELAY));
        Assert.Equal(1, Option(tuned, Libc.SOL_SOCKET, Libc.SO_KEEPALIVE));
        Assert.Equal(11, Option(tuned, Libc.IPPROTO_TCP, Libc.TCP_KEEPIDLE));
        Assert.Equal(12, Option(tuned, Libc.IPPROTO_TCP, Libc.TCP_KEEPINTVL));
        Assert.Equal(13, Option(tuned, Libc.IPPROTO_TCP, Libc.TCP_KEEPCNT));
        Assert.Equal(14_000, Option(tuned, Libc.IPPROTO_TCP, Libc.TCP_USER_TIMEOUT));

        // socket(7): the kernel doubles what is asked for.
        Assert.Equal(40_000, Option(tuned, Libc.SOL_SOCKET, Libc.SO_SNDBUF));
        Assert.Equal(40_000, Option(tuned, Libc.SOL_SOCKET, Libc.SO_RCVBUF));
        Assert.Equal(0, Option(plain, Libc.SOL_SOCKET, Libc.SO_KEEPALIVE));
        Assert.Equal(1, Option(plain, Libc.IPPROTO_TCP, Libc.TCP_NODELAY));
        _thread.Do(() =>
        {
            tuned.Abort();
            plain.Abort();
        });
    }

    public void Dispose()
    {
        _thread.Dispose();
        GC.SuppressFinalize(this);
    }

    private static Socket Listen(EndPoint endpoint, int backlog)
    {
        var server = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Unspecified);
        server.Bind(endpoint);
        server.Listen(backlog);
        return server;
    }

    private static unsafe int Option(Connection connection, int level, int option)
    {
        int value;
        uint length = sizeof(int);
        Assert.Equal(0, Libc.getsockopt(connection.Descriptor, level, option, &value, &length));
        return value;
    }

    private Task<Connection> Connect(SocketEndpoint endpoint) =>
        _thread.RunAsync(() => Connector.ConnectAsync(Loop, endpoint, Timeout, SocketTuning.Default));
}
