using System.Buffers.Binary;
using PoolProxy.Core.PreparedStatements;
using PoolProxy.Protocol.Conversation;
using PoolProxy.Protocol.Framing;

namespace PoolProxy.Core.Relay;

/// <summary>Sees to it that the server at hand holds a copy of a statement before it is used.</summary>
internal sealed class StatementCopies(RelayClient client)
{
    /// <summary>Prepares the statement there if the server lacks it; the answer is swallowed, an error is the client's.</summary>
    public void Ensure(Statement statement)
    {
        if (!client.Server.Statements.Touch(statement.Id))
        {
            Parse(statement, OwedOrigin.Proxy);
        }
    }

    /// <summary>Sends the statement's Parse, closing first what stands in its way: a stale copy of its own, or one unused for longest.</summary>
    public unsafe void Parse(Statement statement, OwedOrigin origin)
    {
        var server = client.Server;
        if (server.Statements.TakeStale(statement))
        {
            Close(statement);
        }

        if (server.Statements.TryEvict(server.MaxPreparedStatements, out var evicted))
        {
            Close(evicted);
        }

        // The array is pinned, and referenced by the client's name or the catalogue until the write has returned.
        fixed (byte* pointer = statement.ParseMessage)
        {
            client.Shared.ToServer.AddBorrowed(pointer, statement.ParseMessage.Length);
        }

        server.Statements.Add(statement);
        server.Expect(OwedKind.Parse, origin, statement.Id);
        client.Route.Pool.Stats.ServerParseCount++;
    }

    /// <summary>A message of a kind and a name: Describe or Close of the server's copy.</summary>
    public void Put(byte type, Statement statement)
    {
        var message = client.Shared.ToServer.AddScratch(Frame.HeaderLength + 2 + statement.ServerName.Length);
        message[0] = type;
        BinaryPrimitives.WriteInt32BigEndian(message[1..], message.Length - 1);
        message[5] = (byte)'S';
        statement.ServerName.CopyTo(message[6..]);
        message[^1] = 0;
    }

    private void Close(Statement statement)
    {
        Put(FrontendType.Close, statement);
        client.Server.Expect(OwedKind.Close, OwedOrigin.Proxy, statement.Id);
    }
}
