using System.Buffers.Binary;
using System.Text;
using PoolProxy.Core.Errors;
using PoolProxy.Core.Loops;
using PoolProxy.Core.PreparedStatements;
using PoolProxy.Protocol.Conversation;
using PoolProxy.Protocol.Framing;
using PoolProxy.Protocol.Sql;

namespace PoolProxy.Core.Relay;

/// <summary>Bind: a statement that servers know by a name of ours is bound by that name, and prepared first on a server that lacks it.</summary>
internal sealed class BindRequests(RelayClient client, StatementRequests statements)
{
    private const int MaxCopiedPortalBytes = 64;

    /// <summary>The head of a long Bind was put in other words: its rest goes upstream behind that.</summary>
    public bool StreamsRest { get; set; }

    private SegmentList Output => client.Shared.ToServer;

    private StatementNames Names => statements.Names;

    public RequestFate Bind(in RequestBytes input, int offset, ReadOnlySpan<byte> body, long total, int available)
    {
        StreamsRest = false;
        var portalEnd = body.IndexOf((byte)0);
        var nameLength = portalEnd < 0 ? -1 : body[(portalEnd + 1)..].IndexOf((byte)0);
        if (nameLength < 0)
        {
            return available == total ? client.ViolateBody("Bind") : RequestFate.NeedsMore;
        }

        var name = body.Slice(portalEnd + 1, nameLength);
        if (nameLength == 0)
        {
            return statements.Unnamed.Shared is { } shared
                ? BindShared(in input, offset, body, portalEnd, nameLength, total, available, shared, isUnnamed: true)
                : statements.UseUnnamed(OwedKind.Bind);
        }

        if (client.Settings.TracksStatements && Names.IsUnsure(name))
        {
            return RequestFate.Blocked;
        }

        if (!client.Settings.TracksStatements || Names.IsPinned(name))
        {
            client.Link.Note(Names.TraitsOfOwn(name));
            client.Server.Expect(OwedKind.Bind, OwedOrigin.Client);
            return RequestFate.Pass;
        }

        if (!Names.TryFind(name, out var statement))
        {
            statements.Refusals.Refuse(OwedKind.Bind, ProxyErrors.UnknownStatement(Encoding.UTF8.GetString(name)));
            return RequestFate.Done;
        }

        return BindShared(in input, offset, body, portalEnd, nameLength, total, available, statement, isUnnamed: false);
    }

    /// <summary>A Bind of a statement that the server knows by a name of ours: the same with that name.</summary>
    private RequestFate BindShared(
        in RequestBytes input, int offset, ReadOnlySpan<byte> body, int portalEnd, int nameLength, long total, int available, Statement statement, bool isUnnamed)
    {
        byte[]? deallocated = null;
        if ((statement.Traits & (StatementTraits.Deallocate | StatementTraits.Unknown)) == StatementTraits.Deallocate)
        {
            deallocated = Deallocations.NameIn(statement);
            if (Names.IsUnsure(deallocated))
            {
                return RequestFate.Blocked;
            }

            if (statements.Deallocations.TakesStandIn(deallocated))
            {
                // Nobody's name stands for it: the server's books keep it for as long as the server does.
                statement = statements.Deallocations.AcquireStandIn();
                client.Route.Catalogue.Release(statement);
            }
            else
            {
                deallocated = null;
            }
        }

        var name = statement.ServerName;
        var rewritten = total - 1 - nameLength + name.Length;
        if (rewritten > client.Settings.MaxPacketSize)
        {
            client.ViolateLength(rewritten + 1, client.Settings.MaxPacketSize);
            return RequestFate.Ended;
        }

        if (client.TakeUntoldLoss(statement.Traits) is { } loss)
        {
            statements.Refusals.Refuse(OwedKind.Bind, loss);
            return RequestFate.Done;
        }

        if (!statements.IsReady(statement, isUnnamed))
        {
            return RequestFate.Blocked;
        }

        if (client.Session.AwaitsListening(statement.Text, statement.Traits))
        {
            return client.BlockForChannels();
        }

        if (client.Session.Concerns(statement.Traits) && client.Session.Look(statement.Text, statement.Traits) is { } refused)
        {
            statements.Refusals.Refuse(OwedKind.Bind, refused);
            return RequestFate.Done;
        }

        if (available == total)
        {
            statements.KeepBatch();
            client.Batch.Binds(statement.Id);
        }

        client.Link.Note(statement.Traits);
        if (deallocated is not null)
        {
            statements.Deallocations.Put(deallocated);
        }

        // The portal's name is short as a rule, so the head makes one piece with it.
        var isShort = portalEnd <= MaxCopiedPortalBytes;
        var head = Output.AddScratch(isShort ? Frame.HeaderLength + portalEnd + 1 + name.Length : Frame.HeaderLength);
        head[0] = FrontendType.Bind;
        BinaryPrimitives.WriteInt32BigEndian(head[1..], (int)rewritten);
        if (isShort)
        {
            body[..(portalEnd + 1)].CopyTo(head[Frame.HeaderLength..]);
            name.CopyTo(head[(Frame.HeaderLength + portalEnd + 1)..]);
        }
        else
        {
            input.AddTo(Output, offset + Frame.HeaderLength, portalEnd + 1);
            name.CopyTo(Output.AddScratch(name.Length));
        }

        input.AddTo(Output, offset + Frame.HeaderLength + portalEnd + 1 + nameLength, available - Frame.HeaderLength - portalEnd - 1 - nameLength);
        client.Server.Expect(OwedKind.Bind, OwedOrigin.Client, StatementRequests.Tag(statement, isUnnamed));
        StreamsRest = true;
        return RequestFate.Done;
    }
}
