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
internal sealed class RequestMessages(RelayClient client)
{
    private readonly StatementRequests _statements = new(client);

    /// <summary>The rest of a long message that was handled here goes upstream behind what was put in the list for its head.</summary>
    public bool StreamsRest => _statements.StreamsRest;

    public StatementRequests Statements => _statements;

    /// <summary>Whether a message that is not all here may be handled by its head. What no client may send is refused by its head.</summary>
    public bool MayStream(byte type, long total) => type switch
    {
        FrontendType.CopyData => client.IsLinked,
        FrontendType.Query or FrontendType.Parse or FrontendType.Bind or FrontendType.Describe or FrontendType.Execute or FrontendType.Close
            or FrontendType.Sync or FrontendType.Flush or FrontendType.FunctionCall or FrontendType.CopyDone or FrontendType.CopyFail
            or FrontendType.Terminate => total > client.Settings.MaxStatementBytes + Frame.HeaderLength,
        _ => true,
    };

    public RequestFate Handle(in RequestBytes input, int offset, byte type, int available, long total)
    {
        _statements.StreamsRest = false;
        if (client.SkipsToSync(type))
        {
            return RequestFate.Done;
        }

        switch (type)
        {
            case FrontendType.Terminate:
                client.SendRequests();
                client.End(RelayOutcome.ClientTerminated, null);
                return RequestFate.Ended;
            case FrontendType.CopyData or FrontendType.CopyDone or FrontendType.CopyFail:
                return Copy(type);
            case FrontendType.Sync or FrontendType.Flush when !client.IsLinked:
                // Nothing was sent that a server could have to answer.
                if (type == FrontendType.Sync)
                {
                    client.AnswerReadyForQuery();
                }

                return RequestFate.Done;
            case FrontendType.Query or FrontendType.Parse or FrontendType.Bind or FrontendType.Describe or FrontendType.Execute
                or FrontendType.Close or FrontendType.Sync or FrontendType.Flush or FrontendType.FunctionCall:
                break;
            default:
                client.End(RelayOutcome.ClientViolation, ProxyErrors.UnexpectedMessage(type));
                return RequestFate.Ended;
        }

        var gate = client.PassGate();
        if (gate != RequestFate.Pass)
        {
            return gate;
        }

        var body = input.Span.Slice(offset + Frame.HeaderLength, available - Frame.HeaderLength);
        switch (type)
        {
            case FrontendType.Query:
                return Query(body, total, available);
            case FrontendType.Parse:
                return _statements.Parse(in input, offset, body, total, available);
            case FrontendType.Bind:
                return _statements.Bind(in input, offset, body, total, available);
            case FrontendType.Describe:
                return _statements.Describe(body);
            case FrontendType.Close:
                return _statements.Close(body);
            case FrontendType.Execute:
                client.Server.Expect(OwedKind.Execute, OwedOrigin.Client);
                return RequestFate.Pass;
            case FrontendType.Flush:
                return RequestFate.Pass;
            case FrontendType.Sync:
                client.Server.Expect(OwedKind.Sync, OwedOrigin.Client);
                client.BatchEnded(_statements.TakeBatchTraits());
                return RequestFate.Pass;
            default:
                // FunctionCall: what the function does cannot be seen, and it may be set_config.
                client.Server.Expect(OwedKind.FunctionCall, OwedOrigin.Client);
                client.BatchEnded(StatementTraits.SetsParameter);
                client.Server.IsDressIntact = false;
                return RequestFate.Pass;
        }
    }

    private RequestFate Copy(byte type)
    {
        // PostgreSQL ignores these outside of COPY: a client may go on sending after an error ended it.
        if (!client.IsLinked)
        {
            return RequestFate.Done;
        }

        if (type != FrontendType.CopyData && client.Server.Conversation.IsFull)
        {
            return RequestFate.Blocked;
        }

        if (type != FrontendType.CopyData)
        {
            client.Server.Expect(OwedKind.CopyEnd, OwedOrigin.Client);
        }

        client.RequestSent();
        return RequestFate.Pass;
    }

    private RequestFate Query(ReadOnlySpan<byte> body, long total, int available)
    {
        var isWhole = available == total;
        var traits = StatementTraits.Unknown | StatementTraits.SetsParameter;
        var scanner = new StatementScanner(client.StandardConformingStrings);
        if (isWhole)
        {
            if (body.Length == 0 || body[^1] != 0)
            {
                client.End(RelayOutcome.ClientViolation, ProxyErrors.MalformedMessage("Query"));
                return RequestFate.Ended;
            }

            scanner.Feed(body[..^1]);
            traits = scanner.Finish();
        }
        else if (client.MustSeeStatements)
        {
            _statements.Refuse(OwedKind.Query, ProxyErrors.StatementTooLongToInspect(client.Settings.MaxStatementBytes));
            client.BatchEnded(traits);
            return RequestFate.Done;
        }

        client.Server.UnnamedOwner = null;
        _statements.ForgetUnnamed();
        if (client.TakeUntoldLoss(traits) is { } loss)
        {
            _statements.Refuse(OwedKind.Query, loss);
            client.BatchEnded(traits);
            return RequestFate.Done;
        }

        if (client.RefusesRoleChange(traits))
        {
            _statements.Refuse(OwedKind.Query, ProxyErrors.RoleChangeRefused);
            client.BatchEnded(traits);
            return RequestFate.Done;
        }

        if ((traits & (StatementTraits.Deallocate | StatementTraits.Multiple)) == StatementTraits.Deallocate
            && _statements.TryDeallocate(scanner.DeallocatedName, out var rewritten))
        {
            var message = client.Shared.ToServer.AddScratch(Frame.HeaderLength + rewritten.Length + 1);
            message[0] = FrontendType.Query;
            BinaryPrimitives.WriteInt32BigEndian(message[1..], message.Length - 1);
            rewritten.CopyTo(message[Frame.HeaderLength..]);
            message[^1] = 0;
            client.Server.Expect(OwedKind.Query, OwedOrigin.Client);
            client.BatchEnded(traits);
            return RequestFate.Done;
        }

        client.Server.Expect(OwedKind.Query, OwedOrigin.Client);
        client.BatchEnded(traits);
        return RequestFate.Pass;
    }
}
