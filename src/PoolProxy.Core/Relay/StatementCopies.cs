using System.Buffers.Binary;
using PoolProxy.Core.PreparedStatements;
using PoolProxy.Protocol.Conversation;
using PoolProxy.Protocol.Framing;
using PoolProxy.Protocol.Messages.Frontend;

namespace PoolProxy.Core.Relay;

/// <summary>Sees to it that the server at hand holds a copy of a statement before it is used.</summary>
internal sealed class StatementCopies(RelayClient client)
{
    /// <summary>What a client's DEALLOCATE takes from the server in place of its own name, which no server knows.</summary>
    public static ReadOnlySpan<byte> StandIn => "poolproxy_deallocated"u8;

    /// <summary>
    /// Prepares the statement there if the server lacks it; the answer is swallowed, an error is the client's. False while only an answer
    /// that is still to come will tell: an earlier batch was to prepare it.
    /// </summary>
    public bool TryEnsure(Statement statement)
    {
        var use = Touch(statement);
        if (use == CopyUse.Missing)
        {
            Parse(statement, OwedOrigin.Proxy, statement.Id);
        }

        return use != CopyUse.Unsettled;
    }

    /// <summary>Whether the server at hand has a copy that serves the client; one that has failed its batch does not.</summary>
    public CopyUse Touch(Statement statement)
    {
        if (client.Server.Conversation.AwaitsSync)
        {
            // Whatever is sent now is skipped: there is nothing to prepare for it.
            return CopyUse.Usable;
        }

        if (client.Link.TakeRepeated(statement.Id))
        {
            client.Server.Statements.MarkStale(statement.Id);
        }

        return client.Server.Statements.Touch(statement, client.Parameters.FoldedKey);
    }

    /// <summary>Sends the statement's Parse, closing first what stands in its way: a copy of its own that cannot be used, or one unused for longest.</summary>
    public unsafe void Parse(Statement statement, OwedOrigin origin, int tag)
    {
        var server = client.Server;
        if (server.Statements.TakeUnusable(statement))
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

        server.Statements.Add(statement, client.Link.MayHaveChangedSettings ? null : client.Parameters.FoldedKey, client.Route.Schema.Now);
        server.Expect(OwedKind.Parse, origin, tag);
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

    /// <summary>
    /// Prepares a stand-in under this name. Without text, because that is taken in a failed transaction too. With
    /// <paramref name="endsBatch"/> a Sync follows: ahead of a Query nobody else would send one, should it fail all the same.
    /// </summary>
    public void PutStandIn(bool endsBatch, ReadOnlySpan<byte> name)
    {
        var message = client.Shared.Scratch;
        message.Clear();
        Protocol.Messages.Frontend.Close.Write(message, StatementOrPortal.Statement, name);
        Protocol.Messages.Frontend.Parse.Write(message, name, ""u8);
        client.Server.Expect(OwedKind.Close, OwedOrigin.Proxy);
        client.Server.Expect(OwedKind.Parse, OwedOrigin.Proxy);
        if (endsBatch)
        {
            Sync.Write(message);
            client.Server.Expect(OwedKind.Sync, OwedOrigin.Proxy);
        }

        message.WrittenSpan.CopyTo(client.Shared.ToServer.AddScratch(message.WrittenLength));
    }

    private void Close(Statement statement)
    {
        Put(FrontendType.Close, statement);
        client.Server.Expect(OwedKind.Close, OwedOrigin.Proxy, statement.Id);
    }
}
