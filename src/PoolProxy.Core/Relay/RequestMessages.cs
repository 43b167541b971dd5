using System.Buffers.Binary;
using PoolProxy.Core.Errors;
using PoolProxy.Protocol.Conversation;
using PoolProxy.Protocol.Framing;
using PoolProxy.Protocol.Sql;

namespace PoolProxy.Core.Relay;

/// <summary>
/// What each message of a client means. A message that needs a server gets one first (dressed, with the prelude at the head of the
/// list); names of statements are put into the server's words; what isolation forbids is sent upstream as something that fails there,
/// so that the transaction, the skipping to Sync and the order of answers are PostgreSQL's own, and the client gets our words for it.
/// </summary>
internal sealed class RequestMessages
{
    /// <summary>What messages without text or values may be at most: PostgreSQL's own bound (PQ_SMALL_MESSAGE_LIMIT in libpq.h) and the type byte.</summary>
    public const int ShortBytes = 10_001;

    // pg_proc.dat
    private const int SetConfigFunction = 2078;

    private readonly RelayClient _client;
    private readonly StatementRequests _statements;
    private readonly BindRequests _binds;
    private readonly ParseRequests _parses;
    private readonly TokenRenewal _renewal;

    public RequestMessages(RelayClient client)
    {
        _client = client;
        _statements = new StatementRequests(client);
        _parses = new ParseRequests(client, _statements);
        _renewal = new TokenRenewal(client);
        _binds = new BindRequests(client, _statements);
    }

    /// <summary>The rest of a long message that was handled here goes upstream behind what was put in the list for its head.</summary>
    public bool StreamsRest => _binds.StreamsRest;

    public StatementRequests Statements => _statements;

    /// <summary>A token that the client shows in the midst of its session.</summary>
    public TokenRenewal Renewal => _renewal;

    /// <summary>Whether a message of this type is never longer than <see cref="ShortBytes"/>.</summary>
    public static bool IsShort(byte type) => type is FrontendType.Describe or FrontendType.Execute or FrontendType.Close or FrontendType.Sync
        or FrontendType.Flush or FrontendType.CopyDone or FrontendType.CopyFail or FrontendType.Terminate;

    /// <summary>
    /// Whether a message that is not all here may be handled by its head: CopyData, which goes on or is dropped without being looked at, what is
    /// too long to be looked at, and what no client may send, which is refused.
    /// </summary>
    public bool MayStream(byte type, long total) => type switch
    {
        FrontendType.Query or FrontendType.Parse or FrontendType.Bind or FrontendType.Describe or FrontendType.Execute or FrontendType.Close
            or FrontendType.Sync or FrontendType.Flush or FrontendType.FunctionCall or FrontendType.CopyDone or FrontendType.CopyFail
            or FrontendType.Terminate => total > _client.Settings.MaxStatementBytes + Frame.HeaderLength,
        _ => true,
    };

    public RequestFate Handle(in RequestBytes input, int offset, byte type, int available, long total)
    {
        _binds.StreamsRest = false;
        if (_client.SkipsToSync(type))
        {
            _renewal.Over();
            return RequestFate.Done;
        }

        switch (type)
        {
            case FrontendType.Terminate:
                _client.SendRequests();
                _client.End(RelayOutcome.ClientTerminated, null);
                return RequestFate.Ended;
            case FrontendType.CopyData or FrontendType.CopyDone or FrontendType.CopyFail:
                return Copy(type);
            case FrontendType.Sync or FrontendType.Flush when !_client.IsLinked:
                // Nothing was sent that a server could have to answer.
                if (type == FrontendType.Sync)
                {
                    _client.AnswerReadyForQuery();
                }

                return RequestFate.Done;
            case FrontendType.Query when _client.Settings.DisallowsQuery:
                _client.End(RelayOutcome.ClientViolation, ProxyErrors.PqexecDisallowed);
                return RequestFate.Ended;
            case FrontendType.Query or FrontendType.Parse or FrontendType.Bind or FrontendType.Describe or FrontendType.Execute
                or FrontendType.Close or FrontendType.Sync or FrontendType.Flush or FrontendType.FunctionCall:
                break;
            default:
                _client.End(RelayOutcome.ClientViolation, ProxyErrors.UnexpectedMessage(type));
                return RequestFate.Ended;
        }

        if (type is FrontendType.Query or FrontendType.Parse && available == total)
        {
            var renewal = _renewal.Look(in input, offset, type, available);
            if (renewal != RequestFate.Pass)
            {
                return renewal;
            }
        }

        if ((_client.Shared.Audit is not null || _client.Watch is not null) && !_client.PassesAudit(type))
        {
            return RequestFate.Blocked;
        }

        var gate = _client.Link.PassGate();
        if (gate != RequestFate.Pass)
        {
            return gate;
        }

        var body = input.Span.Slice(offset + Frame.HeaderLength, available - Frame.HeaderLength);
        var watch = _client.Watch;
        watch?.Sent(type, body, total - available);
        var fate = HandOver(in input, offset, type, body, available, total);
        if (fate is RequestFate.Pass or RequestFate.Done)
        {
            _renewal.Over();
        }
        else
        {
            watch?.Unsent(type);
        }

        return fate;
    }

    /// <summary>A message that has a server to go to.</summary>
    private RequestFate HandOver(in RequestBytes input, int offset, byte type, ReadOnlySpan<byte> body, int available, long total)
    {
        if (_client.Link.MayBeUndressed && _client.Rights.MustSeeStatements && RefusesUndressed(type))
        {
            return RequestFate.Done;
        }

        if (_renewal.Refuses(type, out var refusal))
        {
            RefuseText(type, refusal);
            return RequestFate.Done;
        }

        switch (type)
        {
            case FrontendType.Query:
                return Query(body, total, available);
            case FrontendType.Parse:
                return Counted(_parses.Handle(in input, offset, body, total, available), ref _client.Route.Pool.Stats.ClientParseCount);
            case FrontendType.Bind:
                return Counted(_binds.Bind(in input, offset, body, total, available), ref _client.Route.Pool.Stats.BindCount);
            case FrontendType.Describe:
                return _statements.Describe(body);
            case FrontendType.Close:
                return _statements.Close(body);
            case FrontendType.Execute:
                _client.Server.Expect(OwedKind.Execute, OwedOrigin.Client);
                return RequestFate.Pass;
            case FrontendType.Flush:
                _client.Flush();
                return RequestFate.Pass;
            case FrontendType.Sync:
                _client.Server.Expect(OwedKind.Sync, OwedOrigin.Client);
                _client.Link.BatchEnded();
                return RequestFate.Pass;
            default:
                // FunctionCall: what the function does cannot be seen, and it may be set_config.
                if (_client.Rights.MustSeeStatements && IsSetConfig(body) && _client.Rights.RefusalOf(StatementTraits.Unknown) is { } denied)
                {
                    RefuseText(type, denied);
                    return RequestFate.Done;
                }

                _client.Server.Expect(OwedKind.FunctionCall, OwedOrigin.Client);
                _client.Link.BatchEnded(StatementTraits.SetsParameter);
                _client.Server.IsDressIntact = false;
                return RequestFate.Pass;
        }
    }

    /// <summary>The function is <c>set_config</c> itself, which has had this number since PostgreSQL 7.3; also where the number cannot be seen.</summary>
    private static bool IsSetConfig(ReadOnlySpan<byte> functionCall) => !BinaryPrimitives.TryReadInt32BigEndian(functionCall, out var function) || function == SetConfigFunction;

    /// <summary>
    /// Under <c>set_role</c> what came behind a DISCARD ALL in its own batch would run as the login of all roles (isolation.md §1). No other
    /// level needs this: there the role comes back by itself.
    /// </summary>
    private bool RefusesUndressed(byte type)
    {
        switch (type)
        {
            case FrontendType.Query or FrontendType.FunctionCall or FrontendType.Parse or FrontendType.Bind:
                RefuseText(type, ProxyErrors.DiscardNotLast);
                return true;
            default:
                return false;
        }
    }

    private void RefuseText(byte type, ProxyError error)
    {
        if (type is FrontendType.Parse or FrontendType.Bind)
        {
            _statements.Refusals.Refuse(OwedKind.Parse, error);
            return;
        }

        _statements.Unnamed.Forget();
        _statements.Refusals.Refuse(OwedKind.Query, error);
        _client.Link.BatchEnded();
    }

    /// <summary>Counts what went on its way; what is blocked comes again, and what comes again was counted.</summary>
    private RequestFate Counted(RequestFate fate, ref long count)
    {
        if (fate is RequestFate.Pass or RequestFate.Done && !_client.Link.IsSentAgain)
        {
            count++;
        }

        return fate;
    }

    private RequestFate Copy(byte type)
    {
        // PostgreSQL ignores these outside of COPY: a client may go on sending after an error ended it. Where nothing is owed there is no
        // COPY, and what passes the gate unasked must not stand ahead of a prelude.
        if (!_client.IsLinked || _client.Server.Conversation.Count == 0)
        {
            return RequestFate.Done;
        }

        if (type != FrontendType.CopyData && _client.Server.Conversation.IsFull)
        {
            return RequestFate.Blocked;
        }

        if (type != FrontendType.CopyData)
        {
            _client.Server.Expect(OwedKind.CopyEnd, OwedOrigin.Client);
        }

        // These do not pass the gate; whoever came behind now would be sent into the middle of a CopyData that is not all here.
        _client.Link.Ride.MessagePassed();
        _client.Times.RequestSent();
        return RequestFate.Pass;
    }

    private RequestFate Query(ReadOnlySpan<byte> body, long total, int available)
    {
        var isWhole = available == total;
        var traits = StatementTraits.Unknown | StatementTraits.SetsParameter;
        var scanner = new StatementScanner(_client.StandardConformingStrings);
        if (isWhole)
        {
            if (body.Length == 0 || body[^1] != 0)
            {
                return _client.ViolateBody("Query");
            }

            scanner.Feed(body[..^1]);
            traits = scanner.Finish();
        }
        else if (_client.Rights.MustSeeStatements)
        {
            _statements.Unnamed.Forget();
            _statements.Refusals.Refuse(OwedKind.Query, ProxyErrors.StatementTooLongToInspect(_client.Settings.MaxStatementBytes));
            _client.Link.BatchEnded(traits);
            return RequestFate.Done;
        }

        if ((traits & StatementTraits.Deallocate) != 0 && _client.Settings.TracksStatements && _statements.Names.IsUnsure(scanner.DeallocatedName))
        {
            return RequestFate.Blocked;
        }

        _client.Server.UnnamedOwner = null;
        _statements.Unnamed.Forget();
        if (_client.TakeUntoldLoss(traits) is { } loss)
        {
            _statements.Refusals.Refuse(OwedKind.Query, loss);
            _client.Link.BatchEnded(traits);
            return RequestFate.Done;
        }

        if (_client.Rights.RefusalOf(traits) is { } denied)
        {
            _statements.Refusals.Refuse(OwedKind.Query, denied);
            _client.Link.BatchEnded(traits);
            return RequestFate.Done;
        }

        if (_client.Rights.RefusesStatementName(traits))
        {
            _statements.Refusals.Refuse(OwedKind.Query, ProxyErrors.ReservedStatementName);
            _client.Link.BatchEnded(traits);
            return RequestFate.Done;
        }

        if (isWhole && _client.Session.AwaitsListening(body[..^1], traits))
        {
            return _client.BlockForChannels();
        }

        if (isWhole && _client.Session.Concerns(traits) && _client.Session.Look(body[..^1], traits) is { } refused)
        {
            _statements.Refusals.Refuse(OwedKind.Query, refused);
            _client.Link.BatchEnded(traits);
            return RequestFate.Done;
        }

        if ((traits & (StatementTraits.Deallocate | StatementTraits.Unknown)) == StatementTraits.Deallocate
            && _statements.Deallocations.TakesStandIn(scanner.DeallocatedName))
        {
            return Deallocate(scanner.DeallocatedName, traits);
        }

        _client.Server.Expect(OwedKind.Query, OwedOrigin.Client);
        _client.Link.BatchEnded(traits);
        return RequestFate.Pass;
    }

    private RequestFate Deallocate(ReadOnlySpan<byte> name, StatementTraits traits)
    {
        var endsBatch = !_client.Server.Conversation.IsMidBatch;
        if (endsBatch && !_client.Dressed!.IsConfirmed)
        {
            // isolation.md §3: behind a Sync of the proxy's own the Query would run even if the prelude has failed.
            return RequestFate.Blocked;
        }

        var isOneOfSeveral = (traits & StatementTraits.Multiple) != 0;
        _statements.Copies.PutStandIn(endsBatch, isOneOfSeveral ? name : StatementCopies.StandIn);
        _statements.Names.Deallocating(name);
        if (isOneOfSeveral)
        {
            // The text stays as it is, so what stands in has the client's own name for it.
            _client.Server.Expect(OwedKind.Query, OwedOrigin.Client);
            _client.Link.BatchEnded(traits);
            return RequestFate.Pass;
        }

        var message = _client.Shared.ToServer.AddScratch(Frame.HeaderLength + Deallocations.Text.Length + 1);
        message[0] = FrontendType.Query;
        BinaryPrimitives.WriteInt32BigEndian(message[1..], message.Length - 1);
        Deallocations.Text.CopyTo(message[Frame.HeaderLength..]);
        message[^1] = 0;
        _client.Server.Expect(OwedKind.Query, OwedOrigin.Client);
        _client.Link.BatchEnded(traits);
        return RequestFate.Done;
    }
}
