using PoolProxy.Core.Loops.Uring;
using PoolProxy.Testing.Loops;
using Xunit;

namespace PoolProxy.UnitTests.Loops;

/// <summary>Sockets that are registered with the ring once they have shown to be busy.</summary>
[NeedsUring]
public sealed class FixedFileTests
{
    // More sends than a socket makes before it is registered.
    private const int Busy = 40;

    [Fact]
    public void A_socket_is_registered_when_it_is_busy_and_taken_out_before_it_is_closed()
    {
        using var thread = new LoopThread(engine: TestEngine.Uring);
        var files = ((UringEngine)thread.Loop.Engine).Files;
        using var quiet = SocketPair.Open(thread);
        using var busy = SocketPair.Open(thread);
        Echo(quiet, times: 5);
        Echo(busy, Busy);

        Assert.Equal(UringSizes.Default.FixedFiles, thread.Do(() => files.Capacity));
        Assert.Equal(1, thread.Do(() => files.Count));

        thread.Do(busy.Connection.Close);

        // The table does not keep the socket: its peer sees the end.
        Assert.Empty(busy.ReadToEndAtPeer());
        Assert.Equal(0, thread.Do(() => files.Count));
    }

    [Fact]
    public void A_place_that_is_used_again_sends_to_its_new_socket()
    {
        using var thread = Open(fixedFiles: 16);
        for (var round = 0; round < 20; round++)
        {
            using var first = SocketPair.Open(thread);
            using var second = SocketPair.Open(thread);
            Echo(first, Busy);
            Echo(second, Busy);
            Assert.Equal(0, first.Peer.Available + second.Peer.Available);
            thread.Do(first.Connection.Abort);
            thread.Do(second.Connection.Abort);
        }

        Assert.Equal(0, thread.Do(() => ((UringEngine)thread.Loop.Engine).Files.Count));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(16, 16)]
    public void Sockets_beyond_the_table_are_served_by_their_descriptors(int fixedFiles, int registered)
    {
        using var thread = Open(fixedFiles);
        var pairs = Enumerable.Range(0, 20).Select(_ => SocketPair.Open(thread)).ToArray();

        Array.ForEach(pairs, pair => Echo(pair, Busy));

        Assert.Equal(registered, thread.Do(() => ((UringEngine)thread.Loop.Engine).Files.Count));
        Array.ForEach(pairs, pair => pair.Dispose());
    }

    [Fact]
    public void A_registered_socket_that_moves_leaves_its_place()
    {
        using var first = new LoopThread(engine: TestEngine.Uring);
        using var second = new LoopThread(null, 1, loop => new UringEngine(loop));
        using var pair = SocketPair.Open(first);
        Echo(pair, Busy);
        using var arrived = new ManualResetEventSlim();

        first.Do(() => pair.Connection.MoveTo(
            second.Loop,
            (connection, _) =>
            {
                connection.Handler = new RecordingHandler { WhenReceived = static (there, bytes) => there.Send(bytes) };
                connection.StartReading();
                arrived.Set();
            },
            null));

        Assert.True(arrived.Wait(LoopThread.Deadline));
        Assert.Equal(0, first.Do(() => ((UringEngine)first.Loop.Engine).Files.Count));
        Exchange(pair, Busy);
        Assert.Equal(1, second.Do(() => ((UringEngine)second.Loop.Engine).Files.Count));
    }

    [Fact]
    public void A_table_is_made_as_large_as_the_process_may_have()
    {
        // No process may open that many.
        using var thread = Open(fixedFiles: 1 << 24);

        Assert.InRange(thread.Do(() => ((UringEngine)thread.Loop.Engine).Files.Capacity), 16, 1 << 22);
    }

    private static LoopThread Open(int fixedFiles) =>
        new(null, 0, loop => new UringEngine(loop, new UringSizes { FixedFiles = fixedFiles }));

    private static void Echo(SocketPair pair, int times)
    {
        pair.Handler.WhenReceived = static (connection, bytes) => connection.Send(bytes);
        Exchange(pair, times);
    }

    private static void Exchange(SocketPair pair, int times)
    {
        for (var i = 0; i < times; i++)
        {
            byte[] said = [(byte)i, (byte)(i >> 8), 7];
            pair.Peer.Send(said);
            Assert.Equal(said, pair.ReadAtPeer(said.Length));
        }
    }
}
