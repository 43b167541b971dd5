using PoolProxy.Core.PreparedStatements;
using PoolProxy.Protocol.Sql;

namespace PoolProxy.Core.Relay;

/// <summary>A client's DEALLOCATE of a statement that servers know by a name of ours: the server is given a stand-in to deallocate, and the client's own name goes.</summary>
internal sealed class Deallocations(RelayClient client, StatementRequests statements)
{
    /// <summary>What goes upstream for a client's DEALLOCATE of a shared statement, behind <see cref="StatementCopies.PutStandIn"/>.</summary>
    public static ReadOnlySpan<byte> Text => "DEALLOCATE poolproxy_deallocated"u8;

    /// <summary>
    /// A DEALLOCATE of this name takes a shared statement from the client: only its own name goes, if PostgreSQL carries the DEALLOCATE of
    /// a stand-in out; servers keep their copies for whoever else has a name for the statement. One too long to share is the server's to
    /// deallocate, by the same name.
    /// </summary>
    public bool TakesStandIn(ReadOnlySpan<byte> name)
    {
        if (!client.Settings.TracksStatements)
        {
            return false;
        }

        if (statements.Names.IsPinned(name))
        {
            statements.Names.Deallocating(name);
        }

        return statements.Names.TryFind(name, out _);
    }

    /// <summary>The name that a statement, which is a DEALLOCATE and nothing else, takes.</summary>
    public static byte[] NameIn(Statement statement)
    {
        // A name is read alike whatever plain literals mean; one in the text makes it unknown.
        var scanner = new StatementScanner(standardConformingStrings: true);
        scanner.Feed(statement.Definition[..statement.Definition.IndexOf((byte)0)]);
        scanner.Finish();
        return scanner.DeallocatedName.ToArray();
    }

    /// <summary>The statement that deallocates the stand-in.</summary>
    public Statement AcquireStandIn() => client.Route.Catalogue.Acquire(
        client.Route.Dresser.ScopeOf(client.Identity), client.Parameters.FoldedKey, [.. Text, 0, 0, 0], Text.Length, standardConformingStrings: true);

    /// <summary>What is bound next deallocates the stand-in, and by that the client's name.</summary>
    public void Put(byte[] name)
    {
        statements.Copies.PutStandIn(endsBatch: false, StatementCopies.StandIn);
        statements.Names.Deallocating(name);
    }
}
