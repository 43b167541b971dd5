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

    [Fact]
    public void What_goes_wrong_with_one_client_whose_turn_is_over_does_not_hold_up_the_others()
    {
        using var loop = new LoopThread();
        RecordingLink first = new() { FailsAt = "AfterTurn" }, second = new(), last = new();
        using var pair = SocketPair.Open(loop, startsReading: false);
        loop.Do(() =>
        {
            Ride(ServerOf(pair, first), second, last);
            pair.Connection.StartReading();
        });
        pair.Peer.Send([.. ReadyForQuery, .. ReadyForQuery, .. ReadyForQuery]);
        loop.WaitUntil(() => last.Calls.Contains("EndOfBytes"));
        Assert.Contains("GiveUp", first.Calls);
        Assert.Contains("AfterTurn", second.Calls);
        Assert.DoesNotContain("GiveUp", second.Calls);
        Assert.Equal(1, loop.Loop.FaultCount);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void What_goes_wrong_with_one_client_of_a_lost_server_keeps_it_from_nobody_else(int failing)
    {
        using var loop = new LoopThread();
        RecordingLink[] clients = [.. Enumerable.Range(0, 3).Select(number => new RecordingLink { FailsAt = number == failing ? "ServerLost" : "" })];
        using var pair = SocketPair.Open(loop, startsReading: false);
        loop.Do(() =>
        {
            var server = ServerOf(pair, clients[0]);
            Ride(server, clients[1..]);
            server.Close(CloseReason.ServerLost);
        });
        Assert.All(clients, client => Assert.Contains("ServerLost", client.Calls));
        Assert.Equal([failing], Enumerable.Range(0, 3).Where(number => clients[number].Calls.Contains("GiveUp")));
        Assert.Equal(1, loop.Loop.FaultCount);
    }

    private static ReadOnlySpan<byte> ReadyForQuery => [(byte)'Z', 0, 0, 0, 5, (byte)'I'];

    /// <summary>Each of the clients has sent a Query, one behind the other.</summary>
    private static void Ride(ServerConnection server, params RecordingLink[] others)
    {
        server.Expect(OwedKind.Query, OwedOrigin.Client);
        foreach (var other in others)
        {
            server.JoinBehind(other);
            server.Expect(OwedKind.Query, OwedOrigin.Client);
        }
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
