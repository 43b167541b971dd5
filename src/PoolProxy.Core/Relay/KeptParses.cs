using PoolProxy.Core.PreparedStatements;
using PoolProxy.Protocol.Conversation;

namespace PoolProxy.Core.Relay;

/// <summary>
/// <c>cache_unnamed_statements</c>: a client's unnamed Parse is served by a prepared statement of ours, whose plan PostgreSQL keeps.
/// 1. Only a text of which a Parse of today makes what a Parse of yesterday made (<see cref="Protocol.Sql.KeptParse"/>), at its second use,
///    in a transaction that has changed nothing it depends on (<see cref="ClientLink.IsUndisturbed"/>).
/// 2. Where the server holds a current copy, the proxy answers ParseComplete; elsewhere the copy's Parse goes in place of the client's, and
///    its error is the client's.
/// 3. Bind and Describe of the unnamed statement are put into the copy's name (<see cref="StatementRequests"/>).
/// 4. A copy that turns out not to fit fails the client's batch, which is then sent again (<see cref="BatchCopy"/>), behind a fresh Parse.
/// </summary>
internal sealed class KeptParses(RelayClient client, StatementRequests statements)
{
    /// <summary>Handles the client's Parse, if a statement of ours may serve it; else the client's own has to go, and nothing was done.</summary>
    /// <param name="definition">Text, NUL and types.</param>
    /// <param name="textLength">The text's length in bytes.</param>
    public bool TryParse(ReadOnlySpan<byte> definition, int textLength)
    {
        if (!client.Link.IsUndisturbed || client.Link.IsRepeating || Find(definition, textLength) is not { } statement)
        {
            return false;
        }

        var server = client.Server;
        var use = server.Conversation.AwaitsSync ? CopyUse.Usable : server.Statements.TouchCurrent(statement, client.Parameters.FoldedKey, client.Route.Schema.Now);
        if (use == CopyUse.Unsettled)
        {
            // An earlier batch in the pipeline prepares it. No need to wait: the client's own Parse does as well.
            if (!ReferenceEquals(statement, statements.Unnamed.Shared))
            {
                client.Route.Catalogue.Release(statement);
            }

            return false;
        }

        statements.Unnamed.Share(statement);
        if (client.TakeUntoldLoss(statement.Traits) is { } loss)
        {
            statements.Unnamed.SharedAnswered(isParsed: false);
            statements.Refusals.Refuse(OwedKind.Parse, loss);
            return true;
        }

        var tag = StatementTag.ForUnnamed(statement.Id);
        if (use == CopyUse.Missing)
        {
            statements.Copies.Parse(statement, OwedOrigin.Client, tag);
            return true;
        }

        statements.KeepBatch();
        client.Batch.Tells(statement.Id);
        server.Expect(OwedKind.Parse, OwedOrigin.Made, tag);
        return true;
    }

    /// <summary>The statement that serves the text, one name of it acquired unless it serves the client already.</summary>
    private Statement? Find(ReadOnlySpan<byte> definition, int textLength)
    {
        var scope = client.Route.Dresser.ScopeOf(client.Identity);
        var folded = client.Parameters.FoldedKey;
        if (statements.Unnamed.Shared is { } current && current.Is(scope, folded, definition))
        {
            return current;
        }

        var catalogue = client.Route.Catalogue;
        var hash = ByteStringComparer.Hash(definition);
        if (catalogue.TryFind(scope, folded, definition, hash, out var known))
        {
            return known;
        }

        if (!client.Shared.SeenTexts.Notice(hash))
        {
            return null;
        }

        var statement = catalogue.Acquire(scope, folded, definition, textLength, client.StandardConformingStrings);
        if (statement.IsKept)
        {
            return statement;
        }

        // It stays known for a while, which saves looking at it again.
        catalogue.Release(statement);
        return null;
    }
}
