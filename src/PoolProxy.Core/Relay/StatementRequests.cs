using System.Text;
using PoolProxy.Core.Errors;
using PoolProxy.Core.PreparedStatements;
using PoolProxy.Protocol.Conversation;
using PoolProxy.Protocol.Framing;

namespace PoolProxy.Core.Relay;

/// <summary>
/// Describe and Close, and what they share with Parse and Bind: a client's names are private to it, servers know statements by names of ours,
/// and a statement that the server at hand lacks is prepared on it first. The unnamed statement is the client's own too: it is remembered
/// and sent again where the server's unnamed one is somebody else's.
/// </summary>
internal sealed class StatementRequests
{
    private readonly RelayClient _client;

    public StatementRequests(RelayClient client)
    {
        _client = client;
        Names = new StatementNames(client);
        Unnamed = new UnnamedStatement(client);
        Refusals = new Refusals(client);
        Copies = new StatementCopies(client);
        Deallocations = new Deallocations(client, this);
    }

    public StatementNames Names { get; }

    public UnnamedStatement Unnamed { get; }

    public Refusals Refusals { get; }

    public StatementCopies Copies { get; }

    public Deallocations Deallocations { get; }

    /// <summary>Statements too long to share live on one server under the client's own names: it cannot leave that server.</summary>
    public bool IsPinned => Unnamed.IsPinned || Names.HasPinned;

    /// <summary>Nothing is under way, and nothing is on one server alone.</summary>
    public bool IsAtRest => Names.IsAtRest && Unnamed.IsAtRest && Refusals.IsEmpty;

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

                    // Whoever's it was: the server has none from here on.
                    _client.Server.UnnamedOwner = null;
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

    /// <summary>The tag under which an answer about the statement is owed.</summary>
    public static int Tag(Statement statement, bool isUnnamed) => isUnnamed ? StatementTag.ForUnnamed(statement.Id) : statement.Id;

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
    public bool IsReady(Statement statement, bool isUnnamed) => (!isUnnamed || Unnamed.IsSharedSure) && Copies.TryEnsure(statement);

    /// <summary>A Bind or Describe of the client's unnamed statement, which no statement of ours serves.</summary>
    public RequestFate UseUnnamed(OwedKind kind)
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
            Deallocations.Put(deallocated);
        }

        _client.Link.Note(Unnamed.Traits);
        _client.Server.Expect(kind, OwedOrigin.Client);
        return RequestFate.Pass;
    }
}
