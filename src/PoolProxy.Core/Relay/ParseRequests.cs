using System.Text;
using PoolProxy.Core.Errors;
using PoolProxy.Core.PreparedStatements;
using PoolProxy.Protocol.Conversation;
using PoolProxy.Protocol.Framing;
using PoolProxy.Protocol.Sql;

namespace PoolProxy.Core.Relay;

/// <summary>
/// Parse: a named statement becomes a shared one, prepared at the server at hand unless that holds it already; an unnamed one goes as it
/// is and is remembered, unless <see cref="KeptParses"/> serves it; one too long to look into goes as it is and ties its client to the server.
/// </summary>
internal sealed class ParseRequests(RelayClient client, StatementRequests statements)
{
    private readonly KeptParses _kept = new(client, statements);

    public RequestFate Handle(in RequestBytes input, int offset, ReadOnlySpan<byte> body, long total, int available)
    {
        var nameEnd = body.IndexOf((byte)0);
        if (nameEnd < 0)
        {
            return available == total ? client.ViolateBody("Parse") : RequestFate.NeedsMore;
        }

        var name = body[..nameEnd];
        if (available != total || total > client.Settings.MaxStatementBytes + Frame.HeaderLength)
        {
            return ParseUnshared(name);
        }

        var definition = body[(nameEnd + 1)..];
        var textLength = definition.IndexOf((byte)0);
        if (textLength < 0 || definition.Length < textLength + 3)
        {
            return client.ViolateBody("Parse");
        }

        if (nameEnd == 0)
        {
            return ParseUnnamed(in input, offset, available, definition, textLength);
        }

        if (!client.Settings.TracksStatements)
        {
            var untracked = Scan(definition[..textLength]);
            if (client.Rights.RefusalOf(untracked) is { } denied)
            {
                statements.Refusals.Refuse(OwedKind.Parse, denied);
                return RequestFate.Done;
            }

            if (client.Session.AwaitsListening(definition[..textLength], untracked))
            {
                return client.BlockForChannels();
            }

            // Under which portal it will run is not followed where names are the client's own: it counts as run with its Parse.
            if (client.Session.Concerns(untracked) && client.Session.Look(definition[..textLength], untracked) is { } refused)
            {
                statements.Refusals.Refuse(OwedKind.Parse, refused);
                return RequestFate.Done;
            }

            if (!statements.Names.TryNoteUntracked(name, untracked))
            {
                statements.Refusals.Refuse(OwedKind.Parse, ProxyErrors.TooManyStatements(ClientStatements.Capacity));
                return RequestFate.Done;
            }

            client.Server.Expect(OwedKind.Parse, OwedOrigin.Client);
            client.Route.Pool.Stats.ServerParseCount++;
            return RequestFate.Pass;
        }

        return ParseNamed(name, definition, textLength);
    }

    private RequestFate ParseNamed(ReadOnlySpan<byte> name, ReadOnlySpan<byte> definition, int textLength)
    {
        if (statements.Names.IsUnsure(name))
        {
            return RequestFate.Blocked;
        }

        var scope = client.Route.Dresser.ScopeOf(client.Identity);
        if (statements.Names.TryFind(name, out var known) && client.Link.IsSentAgain && known.Is(scope, client.Parameters.FoldedKey, definition))
        {
            // This very message has defined it, before its batch came to nothing.
            statements.Names.Forget(name);
        }

        if (statements.Names.IsTaken(name))
        {
            statements.Refusals.Refuse(OwedKind.Parse, ProxyErrors.DuplicateStatement(Encoding.UTF8.GetString(name)));
            return RequestFate.Done;
        }

        if (statements.Names.Full is { } full)
        {
            statements.Refusals.Refuse(OwedKind.Parse, full);
            return RequestFate.Done;
        }

        var statement = client.Route.Catalogue.Acquire(scope, client.Parameters.FoldedKey, definition, textLength, client.StandardConformingStrings);
        if (client.Rights.RefusalOf(statement.Traits) is { } denied)
        {
            client.Route.Catalogue.Release(statement);
            statements.Refusals.Refuse(OwedKind.Parse, denied);
            return RequestFate.Done;
        }

        if (client.Rights.RefusesStatementName(statement.Traits))
        {
            client.Route.Catalogue.Release(statement);
            statements.Refusals.Refuse(OwedKind.Parse, ProxyErrors.ReservedStatementName);
            return RequestFate.Done;
        }

        if (client.Session.AwaitsListening(statement.Text, statement.Traits))
        {
            client.Route.Catalogue.Release(statement);
            return client.BlockForChannels();
        }

        if (client.Session.LookAhead(statement.Text, statement.Traits) is { } refused)
        {
            client.Route.Catalogue.Release(statement);
            statements.Refusals.Refuse(OwedKind.Parse, refused);
            return RequestFate.Done;
        }

        // Behind a SET in its own batch the text is folded under parameters that nobody knows yet: no copy made before will do.
        var use = client.Link.MayHaveChangedSettings ? CopyUse.Missing : statements.Copies.Touch(statement);
        if (use == CopyUse.Unsettled)
        {
            client.Route.Catalogue.Release(statement);
            return RequestFate.Blocked;
        }

        statements.Names.Define(name, statement);
        if (use == CopyUse.Usable)
        {
            statements.KeepBatch();
            client.Batch.Tells(statement.Id);
            client.Server.Expect(OwedKind.Parse, OwedOrigin.Made, statement.Id);
        }
        else
        {
            statements.Copies.Parse(statement, OwedOrigin.Client, statement.Id);
        }

        return RequestFate.Done;
    }

    private RequestFate ParseUnnamed(in RequestBytes input, int offset, int available, ReadOnlySpan<byte> definition, int textLength)
    {
        if (client.Settings.KeepsUnnamed && _kept.TryParse(definition, textLength))
        {
            return RequestFate.Done;
        }

        var scanner = new StatementScanner(client.StandardConformingStrings);
        scanner.Feed(definition[..textLength]);
        var traits = scanner.Finish();
        if (client.TakeUntoldLoss(traits) is { } loss)
        {
            statements.Refusals.Refuse(OwedKind.Parse, loss);
            return RequestFate.Done;
        }

        if (client.Rights.RefusalOf(traits) is { } denied)
        {
            statements.Refusals.Refuse(OwedKind.Parse, denied);
            return RequestFate.Done;
        }

        if (client.Rights.RefusesStatementName(traits))
        {
            statements.Refusals.Refuse(OwedKind.Parse, ProxyErrors.ReservedStatementName);
            return RequestFate.Done;
        }

        if ((traits & StatementTraits.Deallocate) != 0 && statements.Names.IsUnsure(scanner.DeallocatedName))
        {
            return RequestFate.Blocked;
        }

        if (client.Session.AwaitsListening(definition[..textLength], traits))
        {
            return client.BlockForChannels();
        }

        if (client.Session.LookAhead(definition[..textLength], traits) is { } refused)
        {
            statements.Refusals.Refuse(OwedKind.Parse, refused);
            return RequestFate.Done;
        }

        if ((traits & (StatementTraits.Deallocate | StatementTraits.Multiple)) == StatementTraits.Deallocate
            && statements.Deallocations.TakesStandIn(scanner.DeallocatedName))
        {
            var message = client.Shared.Scratch;
            message.Clear();
            message.Begin(FrontendType.Parse);
            message.WriteCString(""u8);
            message.WriteCString(Deallocations.Text);
            message.WriteInt16(0);
            message.End();
            statements.Unnamed.Remember(message.WrittenSpan, traits, scanner.DeallocatedName.ToArray());
            message.WrittenSpan.CopyTo(client.Shared.ToServer.AddScratch(message.WrittenLength));
        }
        else
        {
            statements.Unnamed.Remember(input.Span.Slice(offset, available), traits);
            input.AddTo(client.Shared.ToServer, offset, available);
        }

        client.Server.Expect(OwedKind.Parse, OwedOrigin.Client);
        client.Route.Pool.Stats.ServerParseCount++;
        return RequestFate.Done;
    }

    /// <summary>Too long to look into or to keep: it goes to the server at hand under the client's own name, and the client stays there.</summary>
    private RequestFate ParseUnshared(ReadOnlySpan<byte> name)
    {
        if (client.Rights.MustSeeStatements)
        {
            statements.Refusals.Refuse(OwedKind.Parse, ProxyErrors.StatementTooLongToInspect(client.Settings.MaxStatementBytes));
            return RequestFate.Done;
        }

        var tag = 0;
        if (name.IsEmpty)
        {
            statements.Unnamed.Pin();
        }
        else if (client.Settings.TracksStatements)
        {
            if (statements.Names.IsUnsure(name))
            {
                return RequestFate.Blocked;
            }

            if (statements.Names.IsTaken(name) || name.StartsWith("poolproxy_"u8))
            {
                statements.Refusals.Refuse(OwedKind.Parse, ProxyErrors.DuplicateStatement(Encoding.UTF8.GetString(name)));
                return RequestFate.Done;
            }

            if (statements.Names.Full is { } full)
            {
                statements.Refusals.Refuse(OwedKind.Parse, full);
                return RequestFate.Done;
            }

            statements.Names.Pin(name);
            tag = StatementTag.OwnName;
        }
        else if (!statements.Names.TryNoteUntracked(name, StatementTraits.Unknown | StatementTraits.SetsParameter))
        {
            statements.Refusals.Refuse(OwedKind.Parse, ProxyErrors.TooManyStatements(ClientStatements.Capacity));
            return RequestFate.Done;
        }

        client.Link.Note(StatementTraits.Unknown | StatementTraits.SetsParameter);
        client.Server.Expect(OwedKind.Parse, OwedOrigin.Client, tag);
        client.Route.Pool.Stats.ServerParseCount++;
        return RequestFate.Pass;
    }

    private StatementTraits Scan(ReadOnlySpan<byte> text)
    {
        var scanner = new StatementScanner(client.StandardConformingStrings);
        scanner.Feed(text);
        return scanner.Finish();
    }
}
