using System.Net.Sockets;
using PoolProxy.Core.Loops;
using PoolProxy.Core.Transport;
using PoolProxy.Testing.Loops;
using Xunit;

namespace PoolProxy.UnitTests.Transport;

public abstract class ConnectionTests : IDisposable
{
    private readonly ManualTime _time = new();
    private readonly LoopThread _thread;

    private readonly TestEngine _engine;
    private readonly long _rentedAtFirst;

    protected ConnectionTests(TestEngine engine)
    {
        _engine = engine;
        _thread = new LoopThread(_time, 0, engine);
        _rentedAtFirst = _thread.Do(() => Loop.Buffers.RentedBytes);
    }

    private Loop Loop => _thread.Loop;

    [Fact]
    public void What_a_peer_sends_is_delivered_and_what_is_sent_arrives()
    {
        using var pair = SocketPair.Open(_thread);
        pair.Handler.WhenReceived = static (connection, bytes) => connection.Send(bytes);

        pair.Peer.Send("hello"u8);

        Assert.Equal("hello"u8, pair.ReadAtPeer(5));
    }

    [Fact]
    public void Segments_of_every_origin_go_out_in_one_piece_and_in_order()
    {
        using var pair = SocketPair.Open(_thread);
        var segments = new SegmentList(Loop);
        _thread.Do(() =>
        {
            segments.AddConstant("abc"u8);
            "12"u8.CopyTo(segments.AddScratch(2));
            segments.AddConstant("xyz"u8);
            pair.Connection.Send(segments);
        });

        Assert.Equal("abc12xyz"u8, pair.ReadAtPeer(8));
        Assert.Equal(0, _thread.Do(() => segments.Count));
    }

    [Fact]
    public void A_slow_reader_gets_everything_in_order_and_the_drain_is_told_once()
    {
        using var pair = SocketPair.Open(_thread, socketBufferBytes: 16 * 1024);
        var sent = RandomBytes(6 * 1024 * 1024);
        var segments = new SegmentList(Loop);
        _thread.Do(() =>
        {
            SendInSegments(pair.Connection, segments, sent);
            Assert.True(pair.Connection.BacklogBytes > sent.Length / 2, "the peer's buffers are small");
        });

        Assert.Equal(sent, pair.ReadAtPeer(sent.Length));

        _thread.WaitUntil(() => pair.Handler.DrainedCount > 0);
        Assert.Equal(1, _thread.Do(() => pair.Handler.DrainedCount));
        Assert.Equal(0, _thread.Do(() => pair.Connection.BacklogBytes));
        Assert.Equal(_rentedAtFirst, _thread.Do(() => Loop.Buffers.RentedBytes));
    }

    [Fact]
    public void The_end_of_the_stream_is_told_once_and_sending_still_works()
    {
        using var pair = SocketPair.Open(_thread);
        pair.Peer.Send("last"u8);
        pair.Peer.Shutdown(SocketShutdown.Send);
        _thread.WaitUntil(() => pair.Handler.Ends.Count > 0);

        _thread.Do(() => pair.Connection.Send("answer"u8));
        Assert.Equal("answer"u8, pair.ReadAtPeer(6));
        _thread.Do(pair.Connection.Close);

        Assert.Equal(ConnectionEndKind.EndOfStream, Assert.Single(pair.Handler.Ends).Kind);
        Assert.Equal("last"u8, pair.Handler.Received.ToArray());
        Assert.Empty(pair.ReadToEndAtPeer());
    }

    [Fact]
    public void A_reset_is_told_as_such_once()
    {
        using var pair = SocketPair.Open(_thread);

        pair.Reset();
        _thread.WaitUntil(() => pair.Handler.Ends.Count > 0);
        _thread.Do(() => pair.Connection.Send("into the void"u8));
        _thread.Do(pair.Connection.Close);

        Assert.Equal(ConnectionEndKind.Reset, Assert.Single(pair.Handler.Ends).Kind);
    }

    [Fact]
    public void A_failed_send_never_calls_back_from_inside()
    {
        using var pair = SocketPair.Open(_thread, startsReading: false);
        pair.Reset();

        var wasTold = _thread.Do(() =>
        {
            for (var i = 0; i < 3; i++)
            {
                pair.Connection.Send("x"u8);
            }

            return pair.Handler.Ends.Count > 0;
        });
        _thread.WaitUntil(() => pair.Handler.Ends.Count > 0);

        Assert.False(wasTold);
        Assert.Equal(ConnectionEndKind.Reset, Assert.Single(pair.Handler.Ends).Kind);
    }

    [Fact]
    public void What_a_peer_said_before_it_went_is_delivered_although_a_send_fails_first()
    {
        using var pair = SocketPair.Open(_thread);
        _thread.Do(() =>
        {
            // The loop stands still here: last words and reset both wait in the kernel when the send fails.
            pair.Peer.Send("FATAL"u8);
            pair.Reset();
            pair.Connection.Send("query"u8);
            pair.Connection.Send("query"u8);
        });

        _thread.WaitUntil(() => pair.Handler.Ends.Count > 0);

        Assert.Equal("FATAL"u8, pair.Handler.Received.ToArray());
        Assert.Equal(ConnectionEndKind.Reset, Assert.Single(pair.Handler.Ends).Kind);
    }

    [Fact]
    public void Close_sends_the_backlog_first()
    {
        using var pair = SocketPair.Open(_thread, socketBufferBytes: 16 * 1024);
        var sent = RandomBytes(2 * 1024 * 1024);
        _thread.Do(() =>
        {
            pair.Connection.Send(sent);
            pair.Connection.Close();
            Assert.True(pair.Connection.IsClosed);
        });

        Assert.Equal(sent, pair.ReadToEndAtPeer());
        Assert.Equal(0, _thread.Do(() => pair.Handler.Calls));
    }

    [Fact]
    public void Close_gives_a_peer_that_takes_nothing_five_seconds()
    {
        using var pair = SocketPair.Open(_thread, socketBufferBytes: 16 * 1024);
        var sent = new byte[4 * 1024 * 1024];
        _thread.Do(() =>
        {
            pair.Connection.Send(sent);
            pair.Connection.Close();
        });

        _time.Advance(CloseDeadline.PatienceMilliseconds - TimerWheel.TickMilliseconds);
        Assert.True(_thread.Do(() => pair.Connection.BacklogBytes) > 0);
        _time.Advance(2 * TimerWheel.TickMilliseconds);

        Assert.Equal(0, AfterTurns(() => pair.Connection.BacklogBytes));
        Assert.Equal(_rentedAtFirst, _thread.Do(() => Loop.Buffers.RentedBytes));
        Assert.Equal(0, _thread.Do(() => Loop.Timers.Count));
        Assert.Equal(0, pair.Handler.Calls);
    }

    [Fact]
    public void Last_words_reach_a_peer_that_has_sent_more_than_was_read()
    {
        using var pair = SocketPair.Open(_thread, startsReading: false);
        pair.Peer.Send(new byte[100_000]);

        _thread.Do(() =>
        {
            pair.Connection.Send("FATAL"u8);
            pair.Connection.Close();
        });

        // A reset in its place would make the read after it fail.
        Assert.Equal("FATAL"u8, pair.ReadToEndAtPeer());
    }

    [Fact]
    public void After_Abort_nothing_is_called_back_and_the_backlog_is_gone()
    {
        using var pair = SocketPair.Open(_thread, socketBufferBytes: 16 * 1024);
        pair.Handler.WhenReceived = static (connection, _) => connection.Abort();
        _thread.Do(() => pair.Connection.Send(new byte[1024 * 1024]));
        pair.Peer.Send("x"u8);
        _thread.WaitUntil(() => pair.Connection.IsClosed);

        _thread.Do(() =>
        {
            pair.Connection.Send("ignored"u8);
            pair.Connection.ResumeReading();
            pair.Connection.Close();
            pair.Connection.Abort();
        });

        Assert.Equal(1, AfterTurns(() => pair.Handler.Calls));
        Assert.Equal(_rentedAtFirst, _thread.Do(() => Loop.Buffers.RentedBytes));
    }

    [Fact]
    public void A_paused_connection_delivers_nothing_not_even_its_end_until_it_is_resumed()
    {
        using var pair = SocketPair.Open(_thread);
        _thread.Do(pair.Connection.PauseReading);
        pair.Peer.Send("held"u8);
        pair.Peer.Shutdown(SocketShutdown.Both);

        Assert.Equal(0, AfterTurns(() => pair.Handler.Calls));

        _thread.Do(pair.Connection.ResumeReading);
        _thread.WaitUntil(() => pair.Handler.Ends.Count > 0);
        Assert.Equal("held"u8, pair.Handler.Received.ToArray());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_connection_that_is_not_read_does_not_keep_the_loop_awake_when_its_peer_has_gone(bool isReset)
    {
        using var loop = new Loop(0, _time, _thread.Logger, _engine.Factory());
        loop.RunTurn(0);
        var engine = loop.Engine;
        using var paused = SocketPair.Open(loop, startsReading: false);
        using var ended = SocketPair.Open(loop);
        using var hungUp = SocketPair.Open(loop);
        hungUp.Peer.Shutdown(SocketShutdown.Send);
        RunUntil(() => hungUp.Handler.Ends.Count > 0);
        foreach (var pair in new[] { paused, ended })
        {
            if (isReset)
            {
                pair.Reset();
            }
            else
            {
                pair.Peer.Close();
            }
        }

        hungUp.Peer.Close();
        RunUntil(() => ended.Handler.Ends.Count > 0);

        // What the kernel still has to say of the others it says once.
        for (var i = 0; i < 10; i++)
        {
            loop.RunTurn(10);
        }

        engine.Wait(0);

        Assert.Equal(0, engine.ReadyCount);
        Assert.Equal(0, paused.Handler.Calls);
        Assert.Single(ended.Handler.Ends);
        Assert.Single(hungUp.Handler.Ends);

        paused.Connection.ResumeReading();
        RunUntil(() => paused.Handler.Ends.Count > 0);
        Assert.Single(paused.Handler.Ends);

        void RunUntil(Func<bool> isDone)
        {
            // How many turns it takes is the engine's and the kernel's affair.
            for (var i = 0; i < 1000 && !isDone(); i++)
            {
                loop.RunTurn(20);
            }
        }
    }

    [Fact]
    public void An_event_for_a_descriptor_that_was_closed_and_given_out_again_in_the_same_turn_is_dropped()
    {
        var pairs = _thread.Do(() => new[] { SocketPair.Open(Loop), SocketPair.Open(Loop) });
        SocketPair? successor = null;
        foreach (var (self, other) in new[] { (pairs[0], pairs[1]), (pairs[1], pairs[0]) })
        {
            // Whichever is served first takes the other's place away and gives its descriptor and slot to a third.
            self.Handler.WhenReceived = (_, _) =>
            {
                other.Connection.Abort();
                successor ??= SocketPair.Open(Loop);
            };
        }

        _thread.Do(() =>
        {
            pairs[0].Peer.Send("0"u8);
            pairs[1].Peer.Send("1"u8);
        });
        _thread.WaitUntil(() => successor is not null);

        Assert.Equal(1, AfterTurns(() => pairs.Sum(pair => pair.Handler.Calls)));
        Assert.Equal(0, _thread.Do(() => successor!.Handler.Calls));
        var closed = pairs.Single(pair => pair.Connection.IsClosed).Connection;
        if (_engine == TestEngine.Epoll)
        {
            // io_uring keeps the slot until the kernel has let go of the socket.
            Assert.Equal(closed.Id.Socket.Slot, successor!.Connection.Id.Socket.Slot);
        }

        Assert.NotEqual(closed.Id, successor!.Connection.Id);
        Assert.Null(_thread.Do(() => Connection.Find(Loop, closed.Id)));
        Assert.Same(successor.Connection, _thread.Do(() => Connection.Find(Loop, successor.Connection.Id)));
        pairs[0].Dispose();
        pairs[1].Dispose();
        successor.Dispose();
    }

    [Fact]
    public void A_handler_that_throws_ends_its_own_connection_only()
    {
        using var faulty = SocketPair.Open(_thread);
        using var other = SocketPair.Open(_thread);
        faulty.Handler.WhenReceived = static (_, _) => throw new InvalidOperationException("mine");
        other.Handler.WhenReceived = static (connection, bytes) => connection.Send(bytes);

        faulty.Peer.Send("x"u8);
        _thread.WaitUntil(() => faulty.Handler.Ends.Count > 0);
        other.Peer.Send("y"u8);

        Assert.Equal("y"u8, other.ReadAtPeer(1));
        Assert.Equal(ConnectionEndKind.HandlerFault, Assert.Single(faulty.Handler.Ends).Kind);
        Assert.Equal("mine", Assert.Single(_thread.Logger.Entries).Exception!.Message);
    }

    [Fact]
    public void Two_thousand_connections_are_served_side_by_side()
    {
        const int Count = 2000;
        var pairs = new List<SocketPair>(Count);
        for (var i = 0; i < Count; i++)
        {
            var pair = SocketPair.Open(_thread);
            pair.Handler.WhenReceived = static (connection, bytes) => connection.Send(bytes);
            pairs.Add(pair);
        }

        for (var i = 0; i < Count; i++)
        {
            pairs[i].Peer.Send(BitConverter.GetBytes(i));
        }

        for (var i = 0; i < Count; i++)
        {
            Assert.Equal(i, BitConverter.ToInt32(pairs[i].ReadAtPeer(sizeof(int))));
        }

        pairs.ForEach(pair => pair.Dispose());
        _thread.WaitUntil(() => pairs.TrueForAll(pair => pair.Handler.Ends.Count == 1));
        _thread.Do(() => pairs.ForEach(pair => pair.Connection.Close()));
    }

    [Fact]
    public void A_connection_at_rest_moves_to_another_loop_with_what_the_kernel_holds_for_it()
    {
        using var second = new LoopThread(_time, 1, _engine);
        using var pair = SocketPair.Open(_thread);
        var arrived = new TaskCompletionSource<Connection>();
        _thread.Do(() =>
        {
            pair.Peer.Send("on the way"u8);
            pair.Connection.MoveTo(
                second.Loop,
                static (connection, state) =>
                {
                    var (handler, completion) = ((RecordingHandler, TaskCompletionSource<Connection>))state!;
                    connection.Handler = handler;
                    connection.StartReading();
                    completion.SetResult(connection);
                },
                (new RecordingHandler { WhenReceived = static (connection, bytes) => connection.Send(bytes) }, arrived));
        });

        Assert.Equal("on the way"u8, pair.ReadAtPeer(10));
        Assert.True(pair.Connection.IsClosed);
        Assert.Equal(1, second.Do(() => arrived.Task.IsCompletedSuccessfully ? 1 : 0));
        Assert.Equal(0, _thread.Do(() => pair.Handler.Calls));
    }

    [Fact]
    public void Its_addresses_are_known_and_stay_known_after_its_end()
    {
        using var pair = SocketPair.Open(_thread);
        var (local, remote) = (pair.Peer.LocalEndPoint, pair.Peer.RemoteEndPoint);

        // Ours is asked of the kernel, which no longer knows it once the socket is closed.
        Assert.Equal(remote, _thread.Do(() => pair.Connection.LocalEndPoint));
        _thread.Do(pair.Connection.Abort);

        Assert.Equal(local, pair.Connection.RemoteEndPoint);
        Assert.Equal(remote, _thread.Do(() => pair.Connection.LocalEndPoint));
        Assert.False(pair.Connection.IsUnix);
    }

    public void Dispose()
    {
        _thread.Dispose();
        GC.SuppressFinalize(this);
    }

    private static byte[] RandomBytes(int length)
    {
        var bytes = new byte[length];
        new Random(42).NextBytes(bytes);
        return bytes;
    }

    private static unsafe void SendInSegments(Connection connection, SegmentList segments, byte[] bytes)
    {
        const int Piece = 10_007;
        fixed (byte* pointer = bytes)
        {
            for (var offset = 0; offset < bytes.Length; offset += Piece)
            {
                if (!segments.HasRoom(2, 0))
                {
                    connection.Send(segments);
                }

                // Two odd halves, so that neighbouring segments are cut everywhere.
                var length = Math.Min(Piece, bytes.Length - offset);
                segments.AddBorrowed(pointer + offset, length / 3);
                segments.AddBorrowed(pointer + offset + (length / 3), length - (length / 3));
            }

            connection.Send(segments);
        }
    }

    // What holds after the loop has slept and woken a few times.
    private T AfterTurns<T>(Func<T> look)
    {
        for (var i = 0; i < 5; i++)
        {
            _thread.Do(static () => { });
        }

        return _thread.Do(look);
    }
}
