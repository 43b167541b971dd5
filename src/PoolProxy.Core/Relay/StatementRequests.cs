using System.Buffers.Binary;
using System.Text;
using PoolProxy.Core.Errors;
using PoolProxy.Core.Loops;
using PoolProxy.Core.PreparedStatements;
using PoolProxy.Protocol.Conversation;
using PoolProxy.Protocol.Framing;
using PoolProxy.Protocol.Sql;

namespace PoolProxy.Core.Relay;

/// <summary>
/// Bind, Describe and Close, and what they share with Parse: a client's names are private to it, servers know statements by names of ours,
/// and a statement that the server at hand lacks is prepared on it first. The unnamed statement is the client's own too: it is remembered
/// and sent again where the server's unnamed one is somebody else's.
/// </summary>
internal sealed class StatementRequests
{
    private const int MaxCopiedPortalBytes = 64;

    private readonly RelayClient _client;

    public StatementRequests(RelayClient client)
    {
        _client = client;
        Names = new StatementNames(client);
        Unnamed = new UnnamedStatement(client);
        Refusals = new Refusals(client);
        Copies = new StatementCopies(client);
    }

    public StatementNames Names { get; }

    public UnnamedStatement Unnamed { get; }

    public Refusals Refusals { get; }

    public StatementCopies Copies { get; }

    /// <summary>The head of a long Bind was put in other words: its rest goes upstream behind that.</summary>
    public bool StreamsRest { get; set; }

    /// <summary>Statements too long to share live on one server under the client's own names: it cannot leave that server.</summary>
    public bool IsPinned => Unnamed.IsPinned || Names.HasPinned;

    /// <summary>Nothing is under way, and nothing is on one server alone.</summary>
    public bool IsAtRest => Names.IsAtRest && Unnamed.IsAtRest && Refusals.IsEmpty;

    private SegmentList Output => _client.Shared.ToServer;

    /// <summary>A server's copy serves, or is to serve, the message at hand: its batch is kept from here on, if it has just begun, in case the copy fails it.</summary>
    public void KeepBatch()
    {
        if (_client.Link.IsFirstRequest && _client.Server.Conversation.Status == TransactionStatus.Idle)
        {
            _client.Batch.Begin();
        }
    }

    /// <summary>Takes up what was kept while the client was idle.</summary>
    public void Restore(ParkedRelay parked)
    {
        if (parked.Names is { } names)
        {
            Names.Restore(names);
        }

        if (parked.Unnamed is { } unnamed)
        {
            Unnamed.Restore(unnamed);
        }
    }

    public RequestFate Bind(in RequestBytes input, int offset, ReadOnlySpan<byte> body, long total, int available)
    {
        StreamsRest = false;
        var portalEnd = body.IndexOf((byte)0);
        var nameLength = portalEnd < 0 ? -1 : body[(portalEnd + 1)..].IndexOf((byte)0);
        if (nameLength < 0)
        {
            return available == total ? _client.ViolateBody("Bind") : RequestFate.NeedsMore;
        }

        var name = body.Slice(portalEnd + 1, nameLength);
        if (nameLength == 0)
        {
            return Unnamed.Shared is { } shared
                ? BindShared(in input, offset, body, portalEnd, nameLength, total, available, shared, isUnnamed: true)
                : UseUnnamed(OwedKind.Bind);
        }

        if (_client.Settings.TracksStatements && Names.IsUnsure(name))
        {
            return RequestFate.Blocked;
        }

        if (!_client.Settings.TracksStatements || Names.IsPinned(name))
        {
            _client.Link.Note(Names.TraitsOfOwn(name));
            _client.Server.Expect(OwedKind.Bind, OwedOrigin.Client);
            return RequestFate.Pass;
        }

        if (!Names.TryFind(name, out var statement))
        {
            Refusals.Refuse(OwedKind.Bind, ProxyErrors.UnknownStatement(Encoding.UTF8.GetString(name)));
            return RequestFate.Done;
        }

        return BindShared(in input, offset, body, portalEnd, nameLength, total, available, statement, isUnnamed: false);
    }

    public RequestFate Describe(ReadOnlySpan<byte> body)
    {
        if (body.Length < 2 || body[^1] != 0 || body[0] is not ((byte)'S' or (byte)'P'))
        {
            return _client.ViolateBody("Describe");
        }

        if (body[0] == 'P')
        {
            _client.Batch.TellsPortal();
            _client.Server.Expect(OwedKind.DescribePortal, OwedOrigin.Client);
            return RequestFate.Pass;
        }

        var name = body[1..^1];
        if (name.IsEmpty)
        {
            return Unnamed.Shared is { } shared ? DescribeShared(shared, isUnnamed: true) : UseUnnamed(OwedKind.DescribeStatement);
        }

        if (_client.Settings.TracksStatements && Names.IsUnsure(name))
        {
            return RequestFate.Blocked;
        }

        if (!_client.Settings.TracksStatements || Names.IsPinned(name))
        {
            _client.Server.Expect(OwedKind.DescribeStatement, OwedOrigin.Client);
            return RequestFate.Pass;
        }

        if (!Names.TryFind(name, out var statement))
        {
            Refusals.Refuse(OwedKind.DescribeStatement, ProxyErrors.UnknownStatement(Encoding.UTF8.GetString(name)));
            return RequestFate.Done;
        }

        return DescribeShared(statement, isUnnamed: false);
    }

    public RequestFate Close(ReadOnlySpan<byte> body)
    {
        if (body.Length < 2 || body[^1] != 0 || body[0] is not ((byte)'S' or (byte)'P'))
        {
            return _client.ViolateBody("Close");
        }

        var name = body[1..^1];
        if (body[0] == 'S' && _client.Settings.TracksStatements && Names.IsUnsure(name))
        {
            return RequestFate.Blocked;
        }

        if (body[0] == 'P' || name.IsEmpty || !_client.Settings.TracksStatements || Names.IsPinned(name))
        {
            var tag = 0;
            if (body[0] == 'S')
            {
                if (name.IsEmpty)
                {
                    Unnamed.Forget();
                }
                else if (Names.IsPinned(name))
                {
                    Names.Remove(name);
                    tag = StatementTag.OwnName;
                }
            }

            _client.Server.Expect(OwedKind.Close, OwedOrigin.Client, tag);
            return RequestFate.Pass;
        }

        // Servers keep their copies for whoever else has a name for the statement; only the client's own name goes.
        KeepBatch();
        if (Names.TryFind(name, out var statement))
        {
            Names.Remove(name);
            _client.Server.Expect(OwedKind.Close, OwedOrigin.Made, statement.Id);
        }
        else
        {
            _client.Server.Expect(OwedKind.Close, OwedOrigin.Made);
        }

        return RequestFate.Done;
    }

    /// <summary>What goes upstream for a client's DEALLOCATE of a shared statement, behind <see cref="StatementCopies.PutStandIn"/>.</summary>
    public static ReadOnlySpan<byte> DeallocateStandIn => "DEALLOCATE poolproxy_deallocated"u8;

    /// <summary>
    /// A DEALLOCATE of this name takes a shared statement from the client: only its own name goes, if PostgreSQL carries the DEALLOCATE of
    /// a stand-in out; servers keep their copies for whoever else has a name for the statement. One too long to share is the server's to
    /// deallocate, by the same name.
    /// </summary>
    public bool TakesStandIn(ReadOnlySpan<byte> name)
    {
        if (!_client.Settings.TracksStatements)
        {
            return false;
        }

        if (Names.IsPinned(name))
        {
            Names.Deallocating(name);
        }

        return Names.TryFind(name, out _);
    }

    private static int Tag(Statement statement, bool isUnnamed) => isUnnamed ? StatementTag.ForUnnamed(statement.Id) : statement.Id;

    /// <summary>A Bind of a statement that the server knows by a name of ours: the same with that name.</summary>
    private RequestFate BindShared(
        in RequestBytes input, int offset, ReadOnlySpan<byte> body, int portalEnd, int nameLength, long total, int available, Statement statement, bool isUnnamed)
    {
        byte[]? deallocated = null;
        if ((statement.Traits & (StatementTraits.Deallocate | StatementTraits.Unknown)) == StatementTraits.Deallocate)
        {
            deallocated = DeallocatedBy(statement);
            if (Names.IsUnsure(deallocated))
            {
                return RequestFate.Blocked;
            }

            if (TakesStandIn(deallocated))
            {
                // Nobody's name stands for it: the server's books keep it for as long as the server does.
                statement = AcquireStandIn();
                _client.Route.Catalogue.Release(statement);
            }
            else
            {
                deallocated = null;
            }
        }

        var name = statement.ServerName;
        var rewritten = total - 1 - nameLength + name.Length;
        if (rewritten > _client.Settings.MaxPacketSize)
        {
            _client.ViolateLength(rewritten + 1, _client.Settings.MaxPacketSize);
            return RequestFate.Ended;
        }

        if (_client.TakeUntoldLoss(statement.Traits) is { } loss)
        {
            Refusals.Refuse(OwedKind.Bind, loss);
            return RequestFate.Done;
        }

        if (!IsReady(statement, isUnnamed))
        {
            return RequestFate.Blocked;
        }

        if (_client.Session.AwaitsListening(statement.Text, statement.Traits))
        {
            return _client.BlockForChannels();
        }

        if (_client.Session.Concerns(statement.Traits) && _client.Session.Look(statement.Text, statement.Traits) is { } refused)
        {
            Refusals.Refuse(OwedKind.Bind, refused);
            return RequestFate.Done;
        }

        if (available == total)
        {
            KeepBatch();
            _client.Batch.Binds(statement.Id);
        }

        _client.Link.Note(statement.Traits);
        if (deallocated is not null)
        {
            PutDeallocated(deallocated);
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
        _client.Server.Expect(OwedKind.Bind, OwedOrigin.Client, Tag(statement, isUnnamed));
        StreamsRest = true;
        return RequestFate.Done;
    }

    private RequestFate DescribeShared(Statement statement, bool isUnnamed)
    {
        if (!IsReady(statement, isUnnamed))
        {
            return RequestFate.Blocked;
        }

        KeepBatch();
        _client.Batch.Tells(statement.Id);
        Copies.Put(FrontendType.Describe, statement);
        _client.Server.Expect(OwedKind.DescribeStatement, OwedOrigin.Client, Tag(statement, isUnnamed));
        return RequestFate.Done;
    }

    /// <summary>False while only an answer that is still to come will tell what the client's name, or the server's, stands for.</summary>
    private bool IsReady(Statement statement, bool isUnnamed) => (!isUnnamed || Unnamed.IsSharedSure) && Copies.TryEnsure(statement);

    private static byte[] DeallocatedBy(Statement statement)
    {
        // A name is read alike whatever plain literals mean; one in the text makes it unknown.
        var scanner = new StatementScanner(standardConformingStrings: true);
        scanner.Feed(statement.Definition[..statement.Definition.IndexOf((byte)0)]);
        scanner.Finish();
        return scanner.DeallocatedName.ToArray();
    }

    /// <summary>The statement that deallocates the stand-in.</summary>
    private Statement AcquireStandIn() => _client.Route.Catalogue.Acquire(
        _client.Route.Dresser.ScopeOf(_client.Identity), _client.Parameters.FoldedKey, [.. DeallocateStandIn, 0, 0, 0], DeallocateStandIn.Length, standardConformingStrings: true);

    /// <summary>What is bound next deallocates the stand-in, and by that the client's name.</summary>
    private void PutDeallocated(byte[] name)
    {
        Copies.PutStandIn(endsBatch: false, StatementCopies.StandIn);
        Names.Deallocating(name);
    }

    private RequestFate UseUnnamed(OwedKind kind)
    {
        var deallocated = kind == OwedKind.Bind ? Unnamed.Deallocates : null;
        if (deallocated is not null)
        {
            if (Names.IsUnsure(deallocated))
            {
                return RequestFate.Blocked;
            }

            if (!Names.TryFind(deallocated, out _))
            {
                Refusals.Refuse(kind, ProxyErrors.UnknownStatement(Encoding.UTF8.GetString(deallocated)));
                return RequestFate.Done;
            }
        }

        if (kind == OwedKind.Bind && Unnamed.IsRemembered && _client.Session.AwaitsListening(Unnamed.Text, Unnamed.Traits))
        {
            return _client.BlockForChannels();
        }

        if (!Unnamed.TryUse())
        {
            if (Unnamed.IsPinned)
            {
                // Its Parse may still fail with the batch before, and it cannot be sent again: the answer will tell.
                return RequestFate.Blocked;
            }

            if (!Unnamed.IsRemembered)
            {
                // Whatever unnamed statement the server has is not this client's.
                Refusals.Refuse(kind, ProxyErrors.UnknownUnnamedStatement);
                return RequestFate.Done;
            }

            Unnamed.Send();
        }

        if (kind == OwedKind.Bind && Unnamed.IsRemembered && _client.Session.Concerns(Unnamed.Traits) && _client.Session.Look(Unnamed.Text, Unnamed.Traits) is { } refused)
        {
            Refusals.Refuse(kind, refused);
            return RequestFate.Done;
        }

        if (deallocated is not null)
        {
            PutDeallocated(deallocated);
        }

        _client.Link.Note(Unnamed.Traits);
        _client.Server.Expect(kind, OwedOrigin.Client);
        return RequestFate.Pass;
    }
}
