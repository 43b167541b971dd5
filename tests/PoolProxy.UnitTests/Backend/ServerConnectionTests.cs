using System.Net.Sockets;
using PoolProxy.Core.Backend;
using PoolProxy.Core.Backend.Parameters;
using PoolProxy.Protocol.Conversation;
using PoolProxy.Testing.Loops;
using Xunit;

namespace PoolProxy.UnitTests.Backend;

/// <summary>The order in which a server tells those around it what happens to it.</summary>
public sealed class ServerConnectionTests
{
    private static readonly byte[] NoticeAndTornRow = [(byte)'N', 0, 0, 0, 5, 0, (byte)'D', 0, 0, 0, 9, 0];

    [Theory]
    [InlineData(nameof(CloseReason.ProtocolViolation))]
    [InlineData(nameof(CloseReason.ServerLost))]
    [InlineData(nameof(CloseReason.Administrator))]
    public void A_server_that_closes_sends_what_it_has_read_before_its_pool_may_serve_anybody_else(string reason)
    {
        using var loop = new LoopThread();
        var told = new RecordingLink();
        using var pair = SocketPair.Open(loop, startsReading: false);
        loop.Do(() =>
        {
            var server = ServerOf(pair, told);
            server.Expect(OwedKind.Query, OwedOrigin.Client);
            server.Close(Enum.Parse<CloseReason>(reason));
        });
        Assert.Equal(["Flush", "ServerClosed", "ServerLost"], told.Calls);
    }

    [Fact]
    public void An_unforeseen_fault_while_reading_leaves_nothing_in_the_shared_list()
    {
        using var loop = new LoopThread();
        var told = new RecordingLink { FailsAt = "ForwardCopy" };
        using var pair = SocketPair.Open(loop, startsReading: false);
        loop.Do(() =>
        {
            var server = ServerOf(pair, told);
            server.Expect(OwedKind.Query, OwedOrigin.Client);
            pair.Connection.StartReading();
        });
        // A whole message, then one whose header is cut: the second read completes it by a copy.
        pair.Peer.Send(NoticeAndTornRow.AsSpan(0, 8));
        loop.WaitUntil(() => told.Calls.Contains("EndOfBytes"));
        pair.Peer.Send(NoticeAndTornRow.AsSpan(8), SocketFlags.None);
        loop.WaitUntil(() => told.Calls.Contains("ForwardCopy"));
        loop.WaitUntil(() => told.Calls[^1] != "ForwardCopy");
        Assert.Equal("Flush", told.Calls.SkipWhile(call => call != "ForwardCopy").ElementAt(1));
    }

    private static ServerConnection ServerOf(SocketPair pair, RecordingLink told)
    {
        var registry = new ParameterRegistry(isShared: false);
        var server = new ServerConnection(pair.Connection, new ServerFacts(1, [1, 2, 3, 4], registry.Empty, []), registry, told, maxPreparedStatements: 10)
        {
            Target = new ServerTarget { DatabaseName = "app", Host = "127.0.0.1", Port = 5432, Dbname = "app", User = "pp", Signature = "" },
        };
        server.Attach([]);
        server.Join(told);
        return server;
    }
}
