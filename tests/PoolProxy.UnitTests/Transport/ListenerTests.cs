using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using PoolProxy.Core.Loops.Native;
using PoolProxy.Core.Transport;
using PoolProxy.Testing.Loops;
using Xunit;

namespace PoolProxy.UnitTests.Transport;

[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public abstract class ListenerTests : IDisposable
{
    private readonly TestEngine _engine;
    private readonly LoopThread _thread;

    protected ListenerTests(TestEngine engine)
    {
        _engine = engine;
        _thread = new LoopThread(engine: engine);
    }

    private readonly SocketFolder _folder = new();
    private readonly List<Connection> _accepted = [];

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public void It_accepts_over_TCP_and_knows_the_peer(string address)
    {
        using var listener = TestListener.Open(_thread, _accepted.Add, SocketEndpoint.Tcp(IPAddress.Parse(address), 0));
        using var client = Connect(listener.Endpoint);
        var connection = WaitForOne();

        Assert.Equal(client.LocalEndPoint, connection.RemoteEndPoint);
        Assert.Equal(client.RemoteEndPoint, _thread.Do(() => connection.LocalEndPoint));
    }

    [Fact]
    public void The_same_port_can_be_listened_on_for_both_families()
    {
        using var v6 = TestListener.Open(_thread, _accepted.Add, SocketEndpoint.Tcp(IPAddress.IPv6Any, 0));
        using var v4 = TestListener.Open(_thread, _accepted.Add, SocketEndpoint.Tcp(IPAddress.Any, v6.Endpoint.Address!.Port));
        using var client = Connect(SocketEndpoint.Tcp(IPAddress.Loopback, v4.Endpoint.Address!.Port));

        Assert.Equal(AddressFamily.InterNetwork, WaitForOne().RemoteEndPoint!.AddressFamily);
    }

    [Fact]
    public void A_port_in_use_is_refused_with_its_errno()
    {
        using var first = TestListener.Open(_thread, _accepted.Add);

        var failure = Assert.Throws<ListenFailedException>(() => ListeningSocket.Open(first.Endpoint, new ListenerSettings()));

        Assert.Equal(Errno.EADDRINUSE, failure.Error);
    }

    [Fact]
    public void With_defer_accept_a_client_is_shown_when_its_first_bytes_are_there()
    {
        using var listener = TestListener.Open(_thread, _accepted.Add, settings: new ListenerSettings());
        using var silent = Connect(listener.Endpoint);
        using var talking = Connect(listener.Endpoint);
        talking.Send("x"u8);

        Assert.Equal(talking.LocalEndPoint, WaitForOne().RemoteEndPoint);
    }

    [Fact]
    public void What_changes_of_TCP_holds_for_those_accepted_from_then_on_and_zero_is_the_systems_own_again()
    {
        var before = new SocketTuning { KeepIdle = TimeSpan.FromSeconds(77), KeepCount = 3, SocketBufferBytes = 20_000 };
        using var listener = TestListener.Open(_thread, _accepted.Add, settings: new ListenerSettings { DeferAccept = false, Tuning = before });
        using var first = Connect(listener.Endpoint);
        _thread.WaitUntil(() => _accepted.Count == 1);
        var after = new SocketTuning { KeepInterval = TimeSpan.FromSeconds(5), UserTimeout = TimeSpan.FromMilliseconds(1234) };
        _thread.Do(() => listener.Listener.Change(new ListenerSettings { DeferAccept = false, Tuning = after }));
        using var second = Connect(listener.Endpoint);
        _thread.WaitUntil(() => _accepted.Count == 2);
        _thread.Do(() => listener.Listener.Change(new ListenerSettings { DeferAccept = false, Tuning = new SocketTuning { KeepAlive = false } }));
        using var third = Connect(listener.Endpoint);
        _thread.WaitUntil(() => _accepted.Count == 3);

        using var fresh = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        var system = OptionsOf((int)fresh.Handle);
        Assert.Equal(system with { KeepAlive = 1, KeepIdle = 77, KeepCount = 3, SendBuffer = 40_000 }, _thread.Do(() => OptionsOf(_accepted[0].Descriptor)));
        Assert.Equal(system with { KeepAlive = 1, KeepInterval = 5, UserTimeout = 1234 }, _thread.Do(() => OptionsOf(_accepted[1].Descriptor)) with { SendBuffer = system.SendBuffer });
        Assert.Equal(system, _thread.Do(() => OptionsOf(_accepted[2].Descriptor)) with { SendBuffer = system.SendBuffer });
        Assert.NotEqual(40_000, _thread.Do(() => OptionsOf(_accepted[1].Descriptor)).SendBuffer);
    }

    [Fact]
    public void Tcp_defer_accept_can_be_turned_on_and_off()
    {
        using var listener = TestListener.Open(_thread, _accepted.Add);
        _thread.Do(() => listener.Listener.Change(new ListenerSettings()));
        using var silent = Connect(listener.Endpoint);
        using var talking = Connect(listener.Endpoint);
        talking.Send("x"u8);
        Assert.Equal(talking.LocalEndPoint, WaitForOne().RemoteEndPoint);

        _thread.Do(() => listener.Listener.Change(new ListenerSettings { DeferAccept = false }));
        using var another = Connect(listener.Endpoint);
        _thread.WaitUntil(() => _accepted.Exists(connection => connection.RemoteEndPoint!.Equals(another.LocalEndPoint)));
    }

    [Fact]
    public void A_burst_larger_than_a_turns_share_is_accepted_whole()
    {
        const int Count = 200;
        using var listener = TestListener.Open(_thread, _accepted.Add, settings: new ListenerSettings { DeferAccept = false, Backlog = Count });
        var clients = _thread.Do(() => Enumerable.Range(0, Count).Select(_ => Connect(listener.Endpoint)).ToList());

        _thread.WaitUntil(() => _accepted.Count == Count);

        Assert.Equal(Count, listener.Listener.AcceptedCount);
        clients.ForEach(client => client.Dispose());
    }

    [Fact]
    public void Several_loops_get_the_newcomers_in_turn()
    {
        using var second = new LoopThread(index: 1, engine: _engine);
        var places = new List<int>();
        using var listener = TestListener.Open(
            _thread,
            connection =>
            {
                connection.Loop.AssertCurrent();
                lock (places)
                {
                    places.Add(connection.Loop.Index);
                }
            },
            targets: [_thread.Loop, second.Loop]);
        var clients = Enumerable.Range(0, 6).Select(_ => Connect(listener.Endpoint)).ToList();

        _thread.WaitUntil(() =>
        {
            lock (places)
            {
                return places.Count == 6;
            }
        });

        Assert.Equal(3, places.Count(place => place == 1));
        clients.ForEach(client => client.Dispose());
    }

    [Fact]
    public void A_suspended_listener_leaves_newcomers_in_the_queue_until_it_is_resumed()
    {
        using var listener = TestListener.Open(_thread, _accepted.Add);
        _thread.Do(listener.Listener.Suspend);
        using var client = Connect(listener.Endpoint);
        for (var i = 0; i < 5; i++)
        {
            Assert.Empty(_thread.Do(() => _accepted.ToList()));
        }

        _thread.Do(listener.Listener.Resume);

        WaitForOne();
    }

    [Fact]
    public void A_newcomer_whose_handler_throws_is_closed_and_the_next_is_served()
    {
        using var listener = TestListener.Open(_thread, connection =>
        {
            _accepted.Add(connection);
            if (_accepted.Count == 1)
            {
                throw new InvalidOperationException("mine");
            }
        });
        using var first = Connect(listener.Endpoint);
        Assert.Equal(0, first.Receive(new byte[1]));
        using var second = Connect(listener.Endpoint);

        _thread.WaitUntil(() => _accepted.Count == 2);

        Assert.True(_accepted[0].IsClosed);
        Assert.False(_accepted[1].IsClosed);
    }

    [Fact]
    public void A_socket_file_has_the_group_asked_for()
    {
        // The only group that an unprivileged process may give to a file for certain: one of its own.
        var endpoint = _folder.EndpointOf("s");
        var (name, number) = (Run("id", "-gn"), Run("id", "-g"));
        Assert.Equal(int.Parse(number, CultureInfo.InvariantCulture), SystemGroups.Find(name));
        Assert.Null(SystemGroups.Find("no such group"));
        using (TestListener.Open(_thread, _accepted.Add, endpoint, new ListenerSettings { UnixGroupId = SystemGroups.Find(number) }))
        {
            Assert.Equal(number, Run("stat", "-c", "%g", endpoint.Path!));
        }
    }

    [Fact]
    public void A_socket_file_has_the_mode_asked_for_tells_who_connects_and_goes_with_the_listener()
    {
        var endpoint = _folder.EndpointOf("s");
        using (TestListener.Open(_thread, _accepted.Add, endpoint, new ListenerSettings { UnixMode = 0b110_000_000 }))
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(endpoint.Path!));
            using var client = Connect(endpoint);
            var connection = WaitForOne();
            Assert.True(connection.IsUnix);
            Assert.Equal(endpoint.Path, connection.UnixPath);
            Assert.Equal(Environment.ProcessId, _thread.Do(connection.ReadPeerCredentials)!.Value.ProcessId);
        }

        Assert.False(File.Exists(endpoint.Path));
    }

    [Fact]
    public void A_socket_file_left_by_a_dead_process_is_taken_over()
    {
        var endpoint = _folder.EndpointOf("s");
        ListeningSocket.Open(endpoint, new ListenerSettings()).Close(removesFile: false);
        Assert.True(File.Exists(endpoint.Path));

        using var listener = TestListener.Open(_thread, _accepted.Add, endpoint);
        using var client = Connect(endpoint);

        WaitForOne();
    }

    [Fact]
    public void The_socket_file_of_a_living_process_is_left_alone()
    {
        var endpoint = _folder.EndpointOf("s");
        using var living = TestListener.Open(_thread, _accepted.Add, endpoint);

        var failure = Assert.Throws<ListenFailedException>(() => ListeningSocket.Open(endpoint, new ListenerSettings()));

        // Two: the look whether somebody lives there was a connection too.
        Assert.Equal(Errno.EADDRINUSE, failure.Error);
        using var client = Connect(endpoint);
        _thread.WaitUntil(() => _accepted.Count == 2);
    }

    [Fact]
    public void A_file_that_is_no_socket_is_left_alone()
    {
        var endpoint = _folder.EndpointOf("s");
        File.WriteAllText(endpoint.Path!, "precious");

        Assert.Throws<ListenFailedException>(() => ListeningSocket.Open(endpoint, new ListenerSettings()));

        Assert.Equal("precious", File.ReadAllText(endpoint.Path!));
    }

    [Fact]
    public void The_file_of_a_successor_is_left_alone()
    {
        var endpoint = _folder.EndpointOf("s");
        var old = ListeningSocket.Open(endpoint, new ListenerSettings());
        File.Move(endpoint.Path!, _folder.PathOf("aside"));
        var successor = ListeningSocket.Open(endpoint, new ListenerSettings());

        old.Close(removesFile: true);
        Assert.True(File.Exists(endpoint.Path));

        successor.Close(removesFile: true);
        Assert.False(File.Exists(endpoint.Path));
    }

    public void Dispose()
    {
        _thread.Dispose();
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    private static Socket Connect(SocketEndpoint endpoint)
    {
        EndPoint target = endpoint.IsUnix ? new UnixDomainSocketEndPoint(endpoint.Path!) : endpoint.Address!;
        var socket = new Socket(target.AddressFamily, SocketType.Stream, ProtocolType.Unspecified)
        {
            ReceiveTimeout = (int)LoopThread.Deadline.TotalMilliseconds,
        };
        socket.Connect(target);
        return socket;
    }

    private Connection WaitForOne()
    {
        _thread.WaitUntil(() => _accepted.Count > 0);
        return Assert.Single(_thread.Do(() => _accepted.ToList()));
    }

    private static TcpOptions OptionsOf(int descriptor) => new(
        SocketOptions.Get(descriptor, Libc.SOL_SOCKET, Libc.SO_KEEPALIVE),
        SocketOptions.Get(descriptor, Libc.IPPROTO_TCP, Libc.TCP_KEEPIDLE),
        SocketOptions.Get(descriptor, Libc.IPPROTO_TCP, Libc.TCP_KEEPINTVL),
        SocketOptions.Get(descriptor, Libc.IPPROTO_TCP, Libc.TCP_KEEPCNT),
        SocketOptions.Get(descriptor, Libc.IPPROTO_TCP, Libc.TCP_USER_TIMEOUT),
        SocketOptions.Get(descriptor, Libc.SOL_SOCKET, Libc.SO_SNDBUF));

    private sealed record TcpOptions(int KeepAlive, int KeepIdle, int KeepInterval, int KeepCount, int UserTimeout, int SendBuffer);

    private static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output.Trim();
    }
}
