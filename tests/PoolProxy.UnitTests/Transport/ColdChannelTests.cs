using System.Buffers.Binary;
using System.Text;
using PoolProxy.Core.Loops;
using PoolProxy.Core.Transport;
using PoolProxy.Testing.Loops;
using Xunit;

namespace PoolProxy.UnitTests.Transport;

public abstract class ColdChannelTests : IDisposable
{
    private readonly LoopThread _thread;
    private readonly long _rentedAtFirst;
    private readonly SocketPair _pair;
    private readonly ColdChannel _channel;

    protected ColdChannelTests(TestEngine engine)
    {
        _thread = new LoopThread(engine: engine);
        _rentedAtFirst = _thread.Do(() => Loop.Buffers.RentedBytes);
        _pair = SocketPair.Open(_thread, startsReading: false);
        _channel = _thread.Do(() => new ColdChannel(_pair.Connection));
    }

    private Loop Loop => _thread.Loop;

    [Fact]
    public async Task Messages_are_read_whole_wherever_the_stream_is_cut()
    {
        var startup = Startup("user\0me\0\0");
        byte[] stream = [.. startup, .. Message('p', "secret\0"), .. Message('X', "")];
        for (var cut = 1; cut < stream.Length; cut++)
        {
            using var pair = SocketPair.Open(_thread, startsReading: false);
            var channel = _thread.Do(() => new ColdChannel(pair.Connection));
            var reading = _thread.RunAsync(async () =>
            {
                var first = Encoding.ASCII.GetString((await channel.ReadStartupAsync(100)).Span);
                var second = await channel.ReadMessageAsync(100);
                var text = (char)second.Type + Encoding.ASCII.GetString(second.Body.Span);
                var third = await channel.ReadMessageAsync(100);
                return (first, text, (char)third.Type, third.Body.Length, channel.BufferedBytes);
            });
            pair.Peer.Send(stream, 0, cut, default);

            // A turn in between, so that the loop has read the first piece alone.
            _thread.Do(static () => { });
            pair.Peer.Send(stream, cut, stream.Length - cut, default);

            Assert.Equal(("user\0me\0\0", "psecret\0", 'X', 0, 0), await reading);
            _thread.Do(pair.Connection.Abort);
        }
    }

    [Theory]
    [InlineData(0, 100)]
    [InlineData(3, 100)]
    [InlineData(-1, 100)]
    [InlineData(int.MinValue, 100)]
    [InlineData(int.MaxValue, 100)]
    [InlineData(105, 100)]
    public async Task A_length_out_of_bounds_is_refused_as_soon_as_it_is_known(int length, int max)
    {
        var reading = _thread.RunAsync(async () => await _channel.ReadMessageAsync(max));
        _pair.Peer.Send([(byte)'p', .. BigEndian(length)]);

        await Assert.ThrowsAsync<ProtocolViolationException>(() => reading);
    }

    [Theory]
    [InlineData(7)]
    [InlineData(105)]
    public async Task A_startup_packet_has_at_least_its_code_and_at_most_what_is_allowed(int length)
    {
        var reading = _thread.RunAsync(async () => await _channel.ReadStartupAsync(100));
        _pair.Peer.Send(BigEndian(length));

        await Assert.ThrowsAsync<ProtocolViolationException>(() => reading);
    }

    [Fact]
    public async Task A_message_of_exactly_the_bound_is_read()
    {
        var reading = _thread.RunAsync(async () => (await _channel.ReadMessageAsync(100_000)).Body.Length);
        _pair.Peer.Send(Message('p', new string('x', 100_000)));

        Assert.Equal(100_000, await reading);
    }

    [Fact]
    public async Task A_message_in_hand_keeps_its_bytes_while_more_comes()
    {
        var text = await _thread.RunAsync(async () =>
        {
            _pair.Peer.Send(Message('p', "secret"));
            var message = await _channel.ReadMessageAsync(100);
            for (var size = 2000; size < 300_000; size *= 3)
            {
                var before = _channel.BufferedBytes;
                _pair.Peer.Send(new byte[size], 0, Math.Min(size, 16_000), default);
                while (_channel.BufferedBytes == before && before < ColdChannel.HighWaterBytes)
                {
                    await Task.Yield();
                }
            }

            return Encoding.ASCII.GetString(message.Body.Span);
        });

        Assert.Equal("secret", text);
    }

    [Fact]
    public async Task A_peer_that_sends_more_than_anyone_reads_is_held_up()
    {
        await _thread.RunAsync(async () =>
        {
            while (_channel.BufferedBytes < ColdChannel.HighWaterBytes)
            {
                _pair.Peer.Send(new byte[8000]);
                await Task.Yield();
            }
        });

        Assert.True(_thread.Do(() => _pair.Connection.IsReadingPaused));
        Assert.InRange(_thread.Do(() => _channel.BufferedBytes), ColdChannel.HighWaterBytes, ColdChannel.HighWaterBytes + EpollEngine.ReceiveBufferBytes);
    }

    [Fact]
    public async Task The_first_byte_can_be_looked_at_and_a_single_byte_be_read()
    {
        _pair.Peer.Send([0x16, 0x03, (byte)'S']);

        var bytes = await _thread.RunAsync(async () => new[]
        {
            await _channel.PeekByteAsync(), await _channel.ReadByteAsync(), await _channel.ReadByteAsync(), await _channel.ReadByteAsync(),
        });

        Assert.Equal([0x16, 0x16, 0x03, (byte)'S'], bytes);
    }

    [Fact]
    public async Task What_came_whole_before_the_end_is_still_read_and_then_the_end_is_thrown()
    {
        _pair.Peer.Send([.. Message('p', "one"), .. Message('p', "two")[..4]]);
        _pair.Peer.Close();

        var (text, end) = await _thread.RunAsync(async () =>
        {
            var first = await _channel.ReadMessageAsync(100);
            var copy = Encoding.ASCII.GetString(first.Body.Span);
            var failure = await Assert.ThrowsAsync<ConnectionEndedException>(async () => await _channel.ReadMessageAsync(100));
            return (copy, failure.End);
        });

        Assert.Equal("one", text);
        Assert.Equal(ConnectionEndKind.EndOfStream, end.Kind);
        Assert.Equal(end, _thread.Do(() => _channel.End));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_read_throws_when_our_own_side_closes_the_connection(bool isAborted)
    {
        var reading = _thread.RunAsync(async () => await _channel.ReadMessageAsync(100));
        _thread.Do(isAborted ? _pair.Connection.Abort : _pair.Connection.Close);

        var failure = await Assert.ThrowsAsync<ConnectionEndedException>(() => reading);

        Assert.Equal(ConnectionEndKind.ClosedHere, failure.End.Kind);
        Assert.Equal(_rentedAtFirst, _thread.Do(() => Loop.Buffers.RentedBytes));
    }

    [Fact]
    public async Task A_continuation_runs_on_the_loop_and_not_inside_the_call_that_completed_the_read()
    {
        var isInside = false;
        var wasInside = false;
        var reading = _thread.RunAsync(async () =>
        {
            try
            {
                await _channel.ReadMessageAsync(100);
            }
            catch (ConnectionEndedException)
            {
                wasInside = isInside;
            }

            return Loop.IsCurrent;
        });
        await _thread.RunAsync(() =>
        {
            isInside = true;
            _pair.Connection.Abort();
            isInside = false;
            return Task.CompletedTask;
        });

        Assert.True(await reading);
        Assert.False(wasInside);
    }

    [Fact]
    public async Task Two_reads_at_once_are_refused()
    {
        var reading = _thread.RunAsync(async () => await _channel.ReadMessageAsync(100));

        await Assert.ThrowsAsync<InvalidOperationException>(() => _thread.RunAsync(async () => await _channel.ReadByteAsync()));

        _pair.Peer.Send(Message('p', "x"));
        Assert.Equal((byte)'p', (await reading).Type);
    }

    [Fact]
    public async Task A_flush_ends_when_the_peer_has_taken_everything()
    {
        using var pair = SocketPair.Open(_thread, startsReading: false, socketBufferBytes: 16 * 1024);
        var channel = _thread.Do(() => new ColdChannel(pair.Connection));
        var sent = new byte[1024 * 1024];
        var flush = _thread.RunAsync(async () =>
        {
            channel.Write(sent);
            Assert.True(pair.Connection.BacklogBytes > 0);
            await channel.FlushAsync();
            Assert.Equal(0, pair.Connection.BacklogBytes);
            await channel.FlushAsync();
        });

        Assert.Equal(sent.Length, pair.ReadAtPeer(sent.Length).Length);
        await flush;
    }

    [Fact]
    public async Task Detach_gives_out_what_was_not_read_and_the_next_handler_goes_on_where_it_ended()
    {
        var next = new RecordingHandler();
        _pair.Peer.Send([.. Message('p', "login"), .. "Qrest"u8]);
        var leftover = await _thread.RunAsync(async () =>
        {
            await _channel.ReadMessageAsync(100);
            while (_channel.BufferedBytes < 5)
            {
                await Task.Yield();
            }

            return _channel.Detach();
        });
        Assert.Equal("Qrest"u8, leftover.Span);
        Assert.Equal(_rentedAtFirst, _thread.Do(() => Loop.Buffers.RentedBytes));

        _pair.Peer.Send("more"u8);
        _thread.Do(static () => { });
        _thread.Do(() =>
        {
            _pair.Connection.Handler = next;
            _pair.Connection.ResumeReading();
        });
        _thread.WaitUntil(() => next.Received.Count == 4);

        Assert.Equal("more"u8, next.Received.ToArray());
    }

    [Fact]
    public void An_end_that_came_before_Detach_is_told_to_the_next_handler()
    {
        var next = new RecordingHandler();
        _pair.Peer.Send("Q"u8);
        _pair.Peer.Close();
        _thread.WaitUntil(() => _channel.End is not null);

        _thread.Do(() =>
        {
            Assert.Equal(1, _channel.Detach().Length);
            _pair.Connection.Handler = next;
            _pair.Connection.ResumeReading();
            Assert.Empty(next.Ends);
        });
        _thread.WaitUntil(() => next.Ends.Count > 0);

        Assert.Equal(ConnectionEndKind.EndOfStream, Assert.Single(next.Ends).Kind);
    }

    [Fact]
    public async Task TLS_is_not_begun_over_bytes_that_came_ahead_of_it()
    {
        _pair.Peer.Send("Q"u8);
        _thread.WaitUntil(() => _channel.BufferedBytes == 1);

        await Assert.ThrowsAsync<InvalidOperationException>(
            () => _thread.RunAsync(() => _channel.StartTlsAsync(new ScriptedTlsChannel(), LoopThread.Deadline, isDirect: false)));
    }

    [Fact]
    public async Task Direct_TLS_takes_the_bytes_that_were_looked_at_for_its_first_flight()
    {
        _pair.Peer.Send([(byte)'H', .. Message('p', "x")]);

        var message = await _thread.RunAsync(async () =>
        {
            Assert.Equal((byte)'H', await _channel.PeekByteAsync());
            await _channel.StartTlsAsync(new ScriptedTlsChannel(), LoopThread.Deadline, isDirect: true);
            return (await _channel.ReadMessageAsync(10)).Type;
        });

        Assert.Equal((byte)'p', message);
        Assert.Equal("H"u8, _pair.ReadAtPeer(1));
    }

    public void Dispose()
    {
        _thread.Dispose();
        _pair.Dispose();
        GC.SuppressFinalize(this);
    }

    private static byte[] BigEndian(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }

    private static byte[] Startup(string body) => [.. BigEndian(body.Length + 4), .. Encoding.ASCII.GetBytes(body)];

    private static byte[] Message(char type, string body) => [(byte)type, .. Startup(body)];
}
