using System.Net.Sockets;
using PoolProxy.Configuration.Model;
using PoolProxy.Core.Loops;
using PoolProxy.Core.Loops.Uring;
using PoolProxy.Testing.Loops;
using Xunit;

namespace PoolProxy.UnitTests.Loops;

[NeedsUring]
public sealed class UringEngineTests : IDisposable
{
    private readonly LoopThread _thread = new(engine: TestEngine.Uring);

    private UringEngine Engine => (UringEngine)_thread.Loop.Engine;

    [Fact]
    public void It_can_be_used_here_and_auto_picks_it()
    {
        Assert.Null(UringProbe.FindObstacle());
        Assert.True(EngineChoice.For(IoEngine.Auto).IsUring);
        Assert.False(EngineChoice.For(IoEngine.Epoll).IsUring);
        Assert.Equal("io_uring", _thread.Loop.EngineName);
    }

    [Fact]
    public void Where_it_is_forbidden_auto_falls_back_and_tells_the_reason()
    {
        var choice = EngineChoice.For(IoEngine.Auto, static () => "io_uring_setup failed: Operation not permitted");

        Assert.False(choice.IsUring);
        Assert.Equal("io_uring_setup failed: Operation not permitted", choice.Obstacle);
    }

    [Fact]
    public void A_descriptor_is_closed_although_a_receive_and_a_send_are_under_way()
    {
        using var pair = SocketPair.Open(_thread, socketBufferBytes: 16 * 1024);
        _thread.Do(() => pair.Connection.Send(new byte[8 * 1024 * 1024]));
        var descriptor = _thread.Do(() => pair.Connection.Descriptor);
        Assert.True(File.Exists($"/proc/self/fd/{descriptor}"));
        var before = pair.Peer.Receive(new byte[1]);

        _thread.Do(pair.Connection.Abort);

        _thread.WaitUntil(() => Engine.EntryCount == 0);
        Assert.Equal(1, before);
        Assert.Equal(0, _thread.Do(() => Engine.Buffers.HeldCount));
        Assert.Equal(0, _thread.Do(() => _thread.Loop.Buffers.RentedBytes));

        // The peer learns of it: the kernel's operations do not keep the socket.
        try
        {
            _ = pair.ReadToEndAtPeer();
        }
        catch (SocketException reset)
        {
            Assert.Equal(SocketError.ConnectionReset, reset.SocketErrorCode);
        }
    }

    [Fact]
    public async Task What_comes_while_reading_is_paused_is_bounded_and_given_out_in_order_afterwards()
    {
        const int TotalBytes = 8 * 1024 * 1024;
        using var pair = SocketPair.Open(_thread);
        _thread.Do(pair.Connection.PauseReading);
        var sent = new byte[TotalBytes];
        new Random(3).NextBytes(sent);
        var writing = Task.Run(() => pair.Peer.Send(sent));

        // The peer is held up although nobody has told the kernel to stop before the first piece came.
        _thread.WaitUntil(() => Engine.Buffers.HeldCount > 0 || _thread.Loop.Buffers.RentedBytes > 0);
        Assert.Equal(0, _thread.Do(() => pair.Handler.Calls));
        Assert.InRange(_thread.Do(() => Engine.Buffers.HeldCount), 0, UringSizes.Default.BufferCount / 2 + 1);

        _thread.Do(pair.Connection.ResumeReading);
        _thread.WaitUntil(() => pair.Handler.Received.Count == TotalBytes);
        Assert.Equal(sent, pair.Handler.Received.ToArray());
        Assert.Equal(TotalBytes, await writing);
    }

    [Fact]
    public void Slow_peers_cannot_take_all_receive_buffers()
    {
        const int Slow = 20;
        using var thread = new LoopThread(null, 0, loop => new UringEngine(loop, new UringSizes { BufferCount = 8, BufferBytes = 4096 }));
        using var source = SocketPair.Open(thread);
        var slow = Enumerable.Range(0, Slow).Select(_ => SocketPair.Open(thread, socketBufferBytes: 4096)).ToArray();
        var segments = new SegmentList(thread.Loop);
        source.Connection.Handler = new Spreader(segments, slow);
        for (var i = 0; i < 200; i++)
        {
            source.Peer.Send(new byte[4096]);
        }

        thread.WaitUntil(() => ((Spreader)source.Connection.Handler).Total == 200 * 4096);

        // Receiving still works, for everybody.
        slow[0].Handler.WhenReceived = static (connection, bytes) => connection.Abort();
        slow[0].Peer.Send("x"u8);
        thread.WaitUntil(() => slow[0].Connection.IsClosed);
        Assert.InRange(thread.Do(() => ((UringEngine)thread.Loop.Engine).Buffers.HeldCount), 0, 5);
        Array.ForEach(slow, pair => pair.Dispose());
    }

    [Fact]
    public async Task Stopping_a_loop_closes_what_has_operations_under_way_and_sends_what_was_just_said()
    {
        var loop = new LoopThread(engine: TestEngine.Uring);
        using var idle = SocketPair.Open(loop);
        using var speaking = SocketPair.Open(loop);
        using var stopped = new ManualResetEventSlim();
        loop.Loop.Post(
            _ =>
            {
                speaking.Connection.Send("FATAL"u8);
                stopped.Wait(LoopThread.Deadline);
            },
            null);
        var stopping = Task.Run(loop.Dispose);
        stopped.Set();
        await stopping;

        Assert.Equal("FATAL"u8, speaking.ReadToEndAtPeer());
        Assert.Empty(idle.ReadToEndAtPeer());
    }

    [Fact]
    public void A_busy_turn_costs_one_system_call()
    {
        using var loop = new Loop(0, TimeProvider.System, _thread.Logger, static loop => new UringEngine(loop));
        loop.RunTurn(0);
        var pairs = Enumerable.Range(0, 50).Select(_ => SocketPair.Open(loop)).ToArray();
        Array.ForEach(pairs, pair => pair.Handler.WhenReceived = static (connection, bytes) => connection.Send(bytes));
        loop.RunTurn(0);
        var engine = (UringEngine)loop.Engine;
        var before = engine.CallCount;
        const int Rounds = 20;
        for (var i = 0; i < Rounds; i++)
        {
            Array.ForEach(pairs, pair => pair.Peer.Send("x"u8));
            while (pairs.Any(pair => pair.Peer.Available == 0))
            {
                loop.RunTurn(0);
            }

            Array.ForEach(pairs, pair => pair.Peer.Receive(new byte[1]));
        }

        // At most a few calls for the hundred operations of each round, however the kernel portions its completions.
        Assert.InRange(engine.CallCount - before, Rounds, Rounds * 20);
        Array.ForEach(pairs, pair => pair.Dispose());
    }

    public void Dispose() => _thread.Dispose();

    /// <summary>Sends each piece to the next of many peers that do not read.</summary>
    private sealed class Spreader(SegmentList segments, SocketPair[] targets) : Core.Transport.IConnectionHandler
    {
        private int _next;

        public long Total { get; private set; }

        public void OnReceived(Core.Transport.Connection connection, in ReceivedBytes bytes)
        {
            Total += bytes.Length;
            foreach (var target in targets[..4])
            {
                segments.AddReceived(bytes, 0, bytes.Length);
                target.Connection.Send(segments);
            }

            segments.AddReceived(bytes, 0, bytes.Length);
            targets[_next++ % targets.Length].Connection.Send(segments);
        }

        public void OnDrained(Core.Transport.Connection connection)
        {
        }

        public void OnEnd(Core.Transport.Connection connection, Core.Transport.ConnectionEnd end) => connection.Close();
    }
}
