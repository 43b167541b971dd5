using System.Net.Security;
using System.Net.Sockets;
using PoolProxy.Configuration.Model;
using PoolProxy.Core.Loops;
using PoolProxy.Core.Transport;
using PoolProxy.Testing.Loops;
using PoolProxy.UnitTests.Transport.Tls;
using Xunit;

namespace PoolProxy.UnitTests.Transport;

public abstract class TlsConnectionTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly ManualTime _time = new();
    private readonly TestEngine _engine;
    private readonly LoopThread _thread;

    protected TlsConnectionTests(TestEngine engine)
    {
        _engine = engine;
        _thread = new LoopThread(_time, 0, engine);
    }


    private Loop Loop => _thread.Loop;

    [Fact]
    public async Task A_real_client_shakes_hands_and_every_byte_arrives_both_ways()
    {
        using var authority = new TestAuthority();
        using var context = TlsPair.ServerContext(authority.Issue("db.test", ["db.test"]));
        using var pair = SocketPair.Open(_thread, startsReading: false);
        pair.Handler.WhenReceived = static (connection, bytes) => connection.Send(bytes);
        var server = _thread.RunAsync(() => pair.Connection.StartTlsAsync(context.Open(), Patience));
        using var client = new SslStream(new NetworkStream(pair.Peer), false, static (_, certificate, _, _) => certificate?.Subject.Contains("CN=db.test", StringComparison.Ordinal) == true);
        await client.AuthenticateAsClientAsync("db.test");
        await server;
        Assert.True(_thread.Do(() => pair.Connection.IsTls));
        Assert.Equal("TLSv1.3", _thread.Do(() => pair.Connection.Tls!.Version));

        var sent = TlsPair.Bytes(1_000_000);
        var writing = client.WriteAsync(sent).AsTask();
        var heard = new byte[sent.Length];
        await client.ReadExactlyAsync(heard);
        await writing;
        Assert.Equal(sent, heard);

        _thread.Do(pair.Connection.Close);
        Assert.Equal(0, await client.ReadAsync(heard));
    }

    [Fact]
    public async Task Two_of_our_connections_talk_through_TLS_and_one_moves_to_another_loop_with_it()
    {
        using var authority = new TestAuthority();
        using var serverContext = TlsPair.ServerContext(authority.Issue("db.test", ["db.test"]));
        using var clientContext = TlsPair.ClientContext(TlsMode.VerifyFull, authority.File);
        using var second = new LoopThread(_time, 1, _engine);
        using var listener = TestListener.Open(_thread, connection =>
        {
            connection.Handler = new RecordingHandler { WhenReceived = static (self, bytes) => self.Send(bytes) };
            Loop.Run(_ => connection.StartTlsAsync(serverContext.Open(), Patience), null);
        });
        var handler = new RecordingHandler();
        var connection = await _thread.RunAsync(async () =>
        {
            var opened = await Connector.ConnectAsync(Loop, listener.Endpoint, Patience, SocketTuning.Default);
            opened.Handler = handler;
            await opened.StartTlsAsync(clientContext.Open("db.test"), Patience);
            opened.Send("first"u8);
            return opened;
        });
        _thread.WaitUntil(() => handler.Received.Count == 5);

        var moved = new TaskCompletionSource<Connection>(TaskCreationOptions.RunContinuationsAsynchronously);
        _thread.Do(() => connection.MoveTo(second.Loop, (arrived, _) => moved.SetResult(arrived), null));
        var there = await moved.Task;
        second.Do(() =>
        {
            there.Handler = handler;
            there.StartReading();
            there.Send("second"u8);
        });
        second.WaitUntil(() => handler.Received.Count == 11);

        Assert.Equal("firstsecond"u8, handler.Received.ToArray());
        second.Do(there.Abort);
    }

    [Fact]
    public async Task A_batch_of_small_segments_is_one_record_and_whole_records_are_not_gathered()
    {
        var (pair, tls) = await Open();
        var segments = new SegmentList(Loop);
        _thread.Do(() =>
        {
            segments.AddConstant("abc"u8);
            "12"u8.CopyTo(segments.AddScratch(2));
            segments.AddConstant("xyz"u8);
            pair.Connection.Send(segments);
        });
        Assert.Equal("abc12xyz"u8, pair.ReadAtPeer(8));
        Assert.Equal([8], tls.Writes);

        tls.Writes.Clear();
        _thread.Do(() =>
        {
            var buffer = Loop.Buffers.Rent(64 * 1024);
            buffer.Length = buffer.Capacity;
            unsafe
            {
                segments.AddConstant("abc"u8);
                segments.AddBorrowed(buffer.Pointer, 40_000);
            }

            pair.Connection.Send(segments);
            buffer.Return();
        });
        Assert.Equal(40_003, pair.ReadAtPeer(40_003).Length);
        Assert.Equal([16 * 1024, 16 * 1024, 40_003 - (2 * 16 * 1024)], tls.Writes);
    }

    [Fact]
    public async Task A_pause_holds_back_what_was_decrypted_already_and_resuming_delivers_it_without_a_new_event()
    {
        var (pair, tls) = await Open();
        tls.ReadAtMost = 2;
        pair.Handler.WhenReceived = static (connection, _) => connection.PauseReading();

        pair.Peer.Send("abcdef."u8);
        _thread.WaitUntil(() => pair.Handler.Received.Count == 2);
        Assert.Equal(2, AfterTurns(() => pair.Handler.Received.Count));

        // Never from inside the call.
        Assert.Equal(2, _thread.Do(() =>
        {
            pair.Connection.ResumeReading();
            return pair.Handler.Received.Count;
        }));
        _thread.WaitUntil(() => pair.Handler.Received.Count == 4);
        Assert.Equal(4, AfterTurns(() => pair.Handler.Received.Count));
        pair.Handler.WhenReceived = null;
        _thread.Do(pair.Connection.ResumeReading);
        _thread.WaitUntil(() => pair.Handler.Ends.Count == 1);

        Assert.Equal("abcdef"u8, pair.Handler.Received.ToArray());
        Assert.Equal(ConnectionEndKind.EndOfStream, pair.Handler.Ends[0].Kind);
    }

    [Fact]
    public async Task Resuming_inside_the_callback_that_paused_loses_nothing()
    {
        var (pair, tls) = await Open();
        tls.ReadAtMost = 1;
        pair.Handler.WhenReceived = static (connection, _) =>
        {
            connection.PauseReading();
            connection.ResumeReading();
        };

        pair.Peer.Send("abcdef"u8);

        _thread.WaitUntil(() => pair.Handler.Received.Count == 6);
    }

    [Fact]
    public async Task The_end_without_close_notify_is_told_as_cut_short()
    {
        var (pair, _) = await Open();
        pair.Peer.Send("half"u8);
        pair.Peer.Shutdown(SocketShutdown.Send);
        _thread.WaitUntil(() => pair.Handler.Ends.Count > 0);

        Assert.Equal(ConnectionEndKind.Truncated, Assert.Single(pair.Handler.Ends).Kind);
        Assert.Equal("half"u8, pair.Handler.Received.ToArray());
    }

    [Fact]
    public async Task A_write_that_fails_ends_the_connection_later_and_not_inside_the_call()
    {
        var (pair, tls) = await Open();
        tls.FailsAtWrite = true;

        Assert.Empty(_thread.Do(() =>
        {
            pair.Connection.Send("x"u8);
            pair.Connection.Send("y"u8);
            return pair.Handler.Ends.ToList();
        }));
        _thread.WaitUntil(() => pair.Handler.Ends.Count > 0);

        Assert.Equal(new ConnectionEnd(ConnectionEndKind.TlsFailed, 0, "cannot encrypt"), Assert.Single(pair.Handler.Ends));
        Assert.Equal([1], tls.Writes);
        Assert.Equal("!"u8, pair.ReadAtPeer(1));
    }

    [Fact]
    public async Task Close_says_goodbye_and_frees_the_channel()
    {
        var (pair, tls) = await Open();

        _thread.Do(() =>
        {
            pair.Connection.Send("bye"u8);
            pair.Connection.Close();
        });

        Assert.Equal("bye."u8, pair.ReadToEndAtPeer());
        Assert.True(tls.IsDisposed);
    }

    [Fact]
    public async Task A_refused_handshake_fails_the_task_sends_the_alert_and_tells_the_handler()
    {
        using var pair = SocketPair.Open(_thread, startsReading: false);
        var handshake = _thread.RunAsync(() => pair.Connection.StartTlsAsync(new ScriptedTlsChannel(), Patience));
        pair.Peer.Send("?"u8);

        var failure = await Assert.ThrowsAsync<ConnectionEndedException>(() => handshake);

        Assert.Equal(ConnectionEndKind.TlsFailed, failure.End.Kind);
        Assert.Equal("!"u8, pair.ReadAtPeer(1));
        Assert.Equal(failure.End, Assert.Single(_thread.Do(() => pair.Handler.Ends)));
    }

    [Fact]
    public async Task A_handshake_that_takes_too_long_fails()
    {
        using var pair = SocketPair.Open(_thread, startsReading: false);
        var handshake = _thread.RunAsync(() => pair.Connection.StartTlsAsync(new ScriptedTlsChannel(), Patience));
        _thread.WaitUntil(() => pair.Connection.Tls is not null);
        _time.Advance((long)Patience.TotalMilliseconds + TimerWheel.TickMilliseconds);
        _thread.Do(static () => { });

        var failure = await Assert.ThrowsAsync<ConnectionEndedException>(() => handshake);

        Assert.Equal(ConnectionEndKind.TlsFailed, failure.End.Kind);
        Assert.Equal(0, _thread.Do(() => Loop.Timers.Count));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_handshake_whose_connection_is_closed_by_either_side_fails(bool byPeer)
    {
        using var pair = SocketPair.Open(_thread, startsReading: false);
        var channel = new ScriptedTlsChannel();
        var handshake = _thread.RunAsync(() => pair.Connection.StartTlsAsync(channel, Patience));
        _thread.WaitUntil(() => pair.Connection.Tls is not null);

        if (byPeer)
        {
            pair.Peer.Close();
        }
        else
        {
            _thread.Do(pair.Connection.Abort);
        }

        var failure = await Assert.ThrowsAsync<ConnectionEndedException>(() => handshake);
        Assert.Equal(byPeer ? ConnectionEndKind.Truncated : ConnectionEndKind.ClosedHere, failure.End.Kind);
        _thread.Do(pair.Connection.Abort);
        Assert.True(channel.IsDisposed);
    }

    [Fact]
    public async Task A_burst_of_handshakes_is_spread_over_turns_and_all_of_them_succeed()
    {
        const int Count = 20;
        var pairs = Enumerable.Range(0, Count).Select(_ => SocketPair.Open(_thread, startsReading: false)).ToList();
        var channels = pairs.ConvertAll(_ => new ScriptedTlsChannel { Turn = () => Loop.TurnNumber });
        var all = _thread.RunAsync(async () =>
        {
            var handshakes = pairs.Select((pair, i) => pair.Connection.StartTlsAsync(channels[i], Patience)).ToList();

            // All first flights wait in the kernel before the loop looks.
            pairs.ForEach(pair => pair.Peer.Send("Hx"u8));
            await Task.WhenAll(handshakes);
        });
        await all;
        _thread.WaitUntil(() => pairs.TrueForAll(pair => pair.Handler.Received.Count == 1));

        Assert.All(
            channels.SelectMany(channel => channel.HandshakeTurns).GroupBy(turn => turn),
            turn => Assert.InRange(turn.Count(), 1, Loop.HandshakesPerTurn));
        pairs.ForEach(pair => pair.Dispose());
    }

    [Fact]
    public async Task Nothing_can_be_sent_during_the_handshake()
    {
        using var pair = SocketPair.Open(_thread, startsReading: false);
        var handshake = _thread.RunAsync(() => pair.Connection.StartTlsAsync(new ScriptedTlsChannel(), Patience));
        _thread.WaitUntil(() => pair.Connection.Tls is not null);

        Assert.Throws<InvalidOperationException>(() => _thread.Do(() => pair.Connection.Send("x"u8)));

        pair.Peer.Send("H"u8);
        await handshake;
    }

    public void Dispose()
    {
        _thread.Dispose();
        GC.SuppressFinalize(this);
    }

    private async Task<(SocketPair Pair, ScriptedTlsChannel Tls)> Open()
    {
        var pair = SocketPair.Open(_thread, startsReading: false);
        var tls = new ScriptedTlsChannel();
        var handshake = _thread.RunAsync(() => pair.Connection.StartTlsAsync(tls, Patience));
        pair.Peer.Send("H"u8);
        Assert.Equal("H"u8, pair.ReadAtPeer(1));
        await handshake;
        return (pair, tls);
    }

    private T AfterTurns<T>(Func<T> look)
    {
        for (var i = 0; i < 5; i++)
        {
            _thread.Do(static () => { });
        }

        return _thread.Do(look);
    }
}
