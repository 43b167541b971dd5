using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using PoolProxy.Core.Loops;
using PoolProxy.Core.Transport;
using PoolProxy.Testing.Loops;
using Xunit;

namespace PoolProxy.UnitTests.Transport;

public abstract class AllocationTests
{
    private readonly TestEngine _engine;

    protected AllocationTests(TestEngine engine) => _engine = engine;

    [Fact]
    public void A_warm_echo_with_deadline_posts_and_deferred_work_allocates_nothing()
    {
        using var loop = new Loop(0, TimeProvider.System, NullLogger.Instance, _engine.Factory());
        loop.RunTurn(0);
        using var pair = SocketPair.Open(loop);
        pair.Connection.Handler = new Echo(loop);
        var bytes = new byte[300];
        Exchange(2000);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Exchange(2000);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        pair.Connection.Abort();

        void Exchange(int count)
        {
            for (var i = 0; i < count; i++)
            {
                _ = pair.Peer.Send(bytes, 0, bytes.Length, SocketFlags.None);
                loop.Post(static _ => { }, null);
                for (var received = 0; received < bytes.Length;)
                {
                    loop.RunTurn(0);
                    while (pair.Peer.Available > 0)
                    {
                        received += pair.Peer.Receive(bytes, 0, bytes.Length, SocketFlags.None);
                    }
                }
            }
        }
    }

    [Fact]
    public void A_warm_backlog_allocates_nothing()
    {
        using var loop = new Loop(0, TimeProvider.System, NullLogger.Instance, _engine.Factory());
        loop.RunTurn(0);
        using var pair = SocketPair.Open(loop, socketBufferBytes: 16 * 1024);
        var sent = new byte[1024 * 1024];
        var received = new byte[64 * 1024];
        Exchange();
        Exchange();

        var before = GC.GetAllocatedBytesForCurrentThread();
        Exchange();

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        pair.Connection.Abort();

        void Exchange()
        {
            pair.Connection.Send(sent);
            for (var taken = 0; taken < sent.Length;)
            {
                loop.RunTurn(1);
                while (pair.Peer.Available > 0)
                {
                    taken += pair.Peer.Receive(received, 0, received.Length, SocketFlags.None);
                }
            }
        }
    }

    private sealed class Echo(Loop loop) : IConnectionHandler
    {
        private readonly SegmentList _segments = new(loop);
        private readonly CallbackTimer _deadline = new(static (_, _) => { }, null);

        public void OnReceived(Connection connection, in ReceivedBytes bytes)
        {
            var half = bytes.Length / 2;
            _segments.AddReceived(bytes, half, bytes.Length - half);
            _segments.AddConstant(""u8);
            _segments.AddReceived(bytes, 0, half);
            connection.Send(_segments);
            loop.Timers.Arm(_deadline, loop.NowMilliseconds + 5000);
            loop.Defer(static _ => { }, null);
        }

        public void OnDrained(Connection connection)
        {
        }

        public void OnEnd(Connection connection, ConnectionEnd end) => connection.Close();
    }
}
