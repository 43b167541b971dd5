using System.Net.Sockets;
using PoolProxy.Core.Loops;
using PoolProxy.Core.Loops.Uring;
using PoolProxy.Core.Transport;
using PoolProxy.Testing.Loops;
using Xunit;

namespace PoolProxy.UnitTests.Loops;

/// <summary>Many connections at once, and an engine whose queues and buffers are so small that their ends are met all the time.</summary>
[NeedsUring]
public sealed class UringStressTests
{
    private static readonly UringSizes[] Sizes =
    [
        UringSizes.Default,
        new() { BufferCount = 2, BufferBytes = 512 },
        new() { BufferCount = 16, BufferBytes = 4096 },
        new() { CompletionEntries = 16, SubmissionEntries = 8 },
        new() { BufferCount = 4, BufferBytes = 1000, CompletionEntries = 32, SubmissionEntries = 4 },
        new() { BufferBytes = 1000, BufferWindow = 1, FixedFiles = 16 },
        new() { FixedFiles = 0 },
        new() { AsksForIndexArray = true, SubmissionEntries = 16 },
    ];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    public async Task Random_pieces_come_back_whole_and_in_order_on_every_connection(int sizes)
    {
        const int Connections = 24;
        using var thread = new LoopThread(null, 0, loop => new UringEngine(loop, Sizes[sizes]));
        var rentedAtFirst = thread.Do(() => thread.Loop.Buffers.RentedBytes);
        var pairs = Enumerable.Range(0, Connections).Select(i => Open(thread, i)).ToArray();

        await Task.WhenAll(pairs.Select((pair, i) => ExchangeAsync(pair.Peer, seed: i, totalBytes: 2 * 1024 * 1024)));

        foreach (var pair in pairs)
        {
            pair.Dispose();
        }

        thread.WaitUntil(() => pairs.All(pair => pair.Connection.IsClosed));
        var engine = (UringEngine)thread.Loop.Engine;
        thread.WaitUntil(() => engine.Buffers.HeldCount == 0 && engine.EntryCount == 0);
        Assert.Equal(rentedAtFirst, thread.Do(() => thread.Loop.Buffers.RentedBytes));
        Assert.Empty(thread.Logger.Entries);
    }

    [Fact]
    public async Task A_hundred_megabytes_reach_a_reader_with_a_small_window_while_the_source_is_held_up()
    {
        const int TotalBytes = 100 * 1024 * 1024;
        using var thread = new LoopThread(engine: TestEngine.Uring);
        using var source = SocketPair.Open(thread, startsReading: false);
        using var sink = SocketPair.Open(thread, startsReading: false, socketBufferBytes: 16 * 1024);
        var forward = new ForwardingHandler(thread.Loop, new Random(1)) { Target = sink.Connection };
        var back = new ForwardingHandler(thread.Loop, new Random(2)) { Target = source.Connection, Source = source.Connection };
        thread.Do(() =>
        {
            source.Connection.Handler = forward;
            sink.Connection.Handler = back;
            source.Connection.StartReading();
            sink.Connection.StartReading();
        });

        var writing = Write(source.Peer, seed: 7, TotalBytes);
        await Read(sink.Peer, seed: 7, TotalBytes);
        await writing;

        Assert.Equal(TotalBytes, thread.Do(() => forward.ReceivedBytes));
        Assert.True(thread.Do(() => forward.PauseCount) > 0, "the source had to wait");

        // What waits for the sink: the high-water mark and one burst, which the buffers of the ring bound.
        var burst = UringSizes.Default.BufferBytes * 64;
        Assert.InRange(thread.Do(() => forward.LargestBacklogBytes), 1, burst);
    }

    [Fact]
    public async Task Connections_that_move_between_loops_all_the_time_lose_nothing()
    {
        const int Connections = 8;
        var sizes = new UringSizes { BufferCount = 64, BufferBytes = 1024 };
        using var first = new LoopThread(null, 0, loop => new UringEngine(loop, sizes));
        using var second = new LoopThread(null, 1, loop => new UringEngine(loop, sizes));
        var walkers = Enumerable.Range(0, Connections).Select(i => new Walker(first.Loop, second.Loop, i)).ToArray();
        var pairs = walkers.Select(walker =>
        {
            var pair = SocketPair.Open(first, startsReading: false);
            first.Do(() => walker.Take(pair.Connection));
            return pair;
        }).ToArray();

        await Task.WhenAll(pairs.Select((pair, i) => ExchangeAsync(pair.Peer, seed: 100 + i, totalBytes: 512 * 1024)));

        Assert.All(walkers, walker => Assert.True(walker.MoveCount > 10, "it moved"));
        Array.ForEach(pairs, pair => pair.Dispose());
    }

    private static SocketPair Open(LoopThread thread, int index)
    {
        var pair = SocketPair.Open(thread, startsReading: false, socketBufferBytes: index % 2 == 0 ? 8 * 1024 : 0);
        thread.Do(() =>
        {
            pair.Connection.Handler = new ForwardingHandler(thread.Loop, new Random(index));
            pair.Connection.StartReading();
        });
        return pair;
    }

    private static Task ExchangeAsync(Socket peer, int seed, int totalBytes) =>
        Task.WhenAll(Write(peer, seed, totalBytes), Read(peer, seed, totalBytes));

    private static Task Write(Socket peer, int seed, int totalBytes) => Task.Factory.StartNew(
        () =>
        {
            var content = new Random(seed);
            var cuts = new Random(seed + 1);
            var piece = new byte[64 * 1024];
            for (var sent = 0; sent < totalBytes;)
            {
                var length = Math.Min(totalBytes - sent, cuts.Next(3) == 0 ? cuts.Next(1, 64) : cuts.Next(1, piece.Length));
                content.NextBytes(piece.AsSpan(0, length));
                for (var offset = 0; offset < length;)
                {
                    offset += peer.Send(piece, offset, length - offset, SocketFlags.None);
                }

                sent += length;
            }
        },
        CancellationToken.None,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);

    // The content is made in the same pieces as it was written, and compared however it is cut.
    private static Task Read(Socket peer, int seed, int totalBytes) => Task.Factory.StartNew(
        () =>
        {
            var content = new Random(seed);
            var cuts = new Random(seed + 1);
            var expected = new byte[64 * 1024];
            var received = new byte[64 * 1024];
            for (var read = 0; read < totalBytes;)
            {
                var length = Math.Min(totalBytes - read, cuts.Next(3) == 0 ? cuts.Next(1, 64) : cuts.Next(1, expected.Length));
                content.NextBytes(expected.AsSpan(0, length));
                for (var offset = 0; offset < length;)
                {
                    var count = peer.Receive(received, offset, length - offset, SocketFlags.None);
                    Assert.True(count > 0, $"the end came after {read + offset} of {totalBytes} bytes");
                    offset += count;
                }

                Assert.True(expected.AsSpan(0, length).SequenceEqual(received.AsSpan(0, length)), $"other bytes between {read} and {read + length}");
                read += length;
            }
        },
        CancellationToken.None,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);

    /// <summary>Echoes one piece, and moves to the other loop when it has gone.</summary>
    private sealed class Walker(Loop first, Loop second, int seed) : IConnectionHandler
    {
        private readonly Random _random = new(seed);

        public int MoveCount { get; private set; }

        public void Take(Connection connection)
        {
            connection.Handler = this;
            connection.StartReading();
        }

        public void OnReceived(Connection connection, in ReceivedBytes bytes)
        {
            connection.Send(bytes.Span);
            if (connection.BacklogBytes == 0 && _random.Next(2) == 0)
            {
                Move(connection);
            }
        }

        public void OnDrained(Connection connection)
        {
        }

        public void OnEnd(Connection connection, ConnectionEnd end) => connection.Close();

        private void Move(Connection connection)
        {
            MoveCount++;
            connection.MoveTo(connection.Loop == first ? second : first, static (arrived, walker) => ((Walker)walker!).Take(arrived), this);
        }
    }
}
