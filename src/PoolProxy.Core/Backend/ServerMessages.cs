using System.Text;
using PoolProxy.Core.Errors;
using PoolProxy.Core.PreparedStatements;
using PoolProxy.Protocol.Conversation;
using PoolProxy.Protocol.Errors;
using PoolProxy.Protocol.Framing;
using PoolProxy.Protocol.Messages.Frontend;
using PoolProxy.Protocol.Sql;

namespace PoolProxy.Core.Backend;

/// <summary>
/// What each message of a server means for the books, and whether it is the client's. Never writes to the client itself: what has to
/// be said behind a message (made-up answers, the proxy's words in place of an error) is left to <see cref="ServerAnswers"/>, once the run
/// before it has been handed over.
/// </summary>
internal sealed class ServerMessages(ServerConnection server, ServerAnswers answers)
{
    private readonly Conversation _conversation = server.Conversation;
    private bool _isRepeating;

    /// <summary>
    /// The server has broken the protocol. The reader closes it, once what came before has been handed over: the client's answers must
    /// not be lost between the books and its connection.
    /// </summary>
    public bool IsViolated { get; private set; }

    /// <summary>True when the message is for the client. <paramref name="body"/> is empty for a message that passes uninspected.</summary>
    public bool Handle(byte type, ReadOnlySpan<byte> body)
    {
        var readyStatus = (byte)0;
        if (type == BackendType.ReadyForQuery)
        {
            if (body.Length != 1)
            {
                IsViolated = true;
                return false;
            }

            readyStatus = body[0];
        }

        if (type == BackendType.ErrorResponse && IsLastWord(body))
        {
            return false;
        }

        var isFirstAnswer = !_conversation.IsBatchOpen;
        var received = _conversation.Receive(type, readyStatus);
        if (received.Disposition == Disposition.Unexpected)
        {
            IsViolated = true;
            return false;
        }

        var forward = received.Disposition == Disposition.Forward;
        if (forward && type != BackendType.ErrorResponse && server.Link?.Watch is { } watch)
        {
            watch.Answered(type, received.Owed.Kind, received.Completed, body);
        }

        switch (type)
        {
            case BackendType.CommandComplete:
                CommandComplete(in received, body);
                break;
            case BackendType.ParameterStatus:
                forward = ParameterStatus(body, forward);
                break;
            case BackendType.ErrorResponse:
                forward = ErrorResponse(in received, body, forward, isFirstAnswer);
                break;
            case BackendType.ReadyForQuery:
                forward = ReadyForQuery(in received, forward);
                break;
            case BackendType.DataRow when IsExchange(received.Owed):
                server.Exchange?.OnRow(body);
                break;
            case BackendType.RowDescription or BackendType.CopyInResponse or BackendType.CopyOutResponse or BackendType.CopyBothResponse
                when IsExchange(received.Owed):
                server.Exchange?.OnResult();
                break;
            // PostgreSQL says this much of a statement before it finds that the rest no longer fits.
            case BackendType.ParameterDescription when isFirstAnswer && forward && body.Length > 0 && StatementTag.HasId(received.Owed.Tag):
                forward = server.Link is not { } link || !link.TryHold(type, body);
                break;
            case BackendType.ParseComplete or BackendType.CloseComplete:
                answers.Settle(received.Owed);
                break;
            case BackendType.NotificationResponse:
                // Only where the server is somebody's session: where servers are shared it is not known whose LISTEN it comes of.
                forward = server.Link is { } listening && listening.Notified(body) && forward;
                break;
            default:
                break;
        }

        if (received.Completed && !server.IsClosed && server.Riders is not { IsTurnOver: true })
        {
            answers.Prepare();
        }

        return forward;
    }

    private static bool IsExchange(Owed owed) => owed.Origin == OwedOrigin.Proxy && owed.Tag == ProxyExchange.Tag;

    private void CommandComplete(in Received received, ReadOnlySpan<byte> body)
    {
        var tag = body.Length > 0 ? body[..^1] : body;
        if (IsExchange(received.Owed))
        {
            server.Exchange?.OnCommandComplete(tag);
            return;
        }

        var kind = CommandTag.Classify(tag);
        switch (kind)
        {
            case CommandTagKind.Set:
                server.IsDressIntact = false;
                server.HasSetUnreported = true;
                break;
            case CommandTagKind.DiscardPlans or CommandTagKind.DiscardSequences or CommandTagKind.DiscardTemp:
                server.IsDressIntact = false;
                break;
            case CommandTagKind.Reset:
                // Of one or of all, and a rollback may undo it: what each is now is not known.
                server.IsDressIntact = false;
                server.DoubtUnreported();
                break;
            case CommandTagKind.DiscardAll:
                server.IsDressIntact = false;
                server.ForgetAll(isClients: true);
                break;
            case CommandTagKind.DeallocateAll:
                server.Statements.Dropped();
                break;
            case CommandTagKind.Listen:
                server.HasListened = true;
                break;
            case CommandTagKind.Deallocate or CommandTagKind.Commit or CommandTagKind.Rollback or CommandTagKind.PrepareTransaction
                or CommandTagKind.Savepoint or CommandTagKind.Release or CommandTagKind.Prepare
                or CommandTagKind.Unlisten or CommandTagKind.DeclareCursor:
                break;
            default:
                return;
        }

        server.Link?.CommandCompleted(kind);
    }

    private bool ParameterStatus(ReadOnlySpan<byte> body, bool forward)
    {
        if (!Protocol.Messages.Backend.ParameterStatus.TryRead(body, out var message))
        {
            IsViolated = true;
            return false;
        }

        if (server.Target.AsksNature && message.Name.SequenceEqual("in_hot_standby"u8))
        {
            server.NoteRecovery(message.Value.SequenceEqual("on"u8));
        }

        var name = server.Registry.Names.Find(message.Name);
        if (name is not null)
        {
            name.IsReported = true;
            var before = server.Parameters;
            server.Parameters = server.Registry.With(before, name, message.Value);
            if (!ReferenceEquals(before, server.Parameters))
            {
                server.Riders?.Disturb();
            }
        }

        return forward && server.Link is { } link && link.ParameterReported(name, message.Value);
    }

    /// <summary>
    /// A FATAL: the connection ends behind it, and what is owed is answered then, once and in full, in a form that lets the client stay.
    /// The books are left as they are for that. To an exchange of the proxy's it is an answer like any other, unless it says that an operator ended
    /// the server (class 57P, such as 57P01): that refuses nothing that was asked, and the server is lost as it would be by a cut connection.
    /// </summary>
    private bool IsLastWord(ReadOnlySpan<byte> body)
    {
        ErrorFields.TryRead(body, out var fields);
        if (!fields.IsFatal || (server.Exchange is not null && !fields.Code.StartsWith("57P"u8)))
        {
            return false;
        }

        server.LastFatal = new ProxyError(
            Severity.Error, SqlState.ConnectionFailure, "server connection lost",
            $"The server said: {Encoding.ASCII.GetString(fields.Code)} {Encoding.UTF8.GetString(fields.Message)}.");
        return true;
    }

    private bool ErrorResponse(in Received received, ReadOnlySpan<byte> body, bool forward, bool isFirstAnswer)
    {
        // An empty body stands for one too long to look at: it passes, with nothing known of it.
        ErrorFields.TryRead(body, out var fields);
        var owed = received.Owed;

        // An injected Parse that fails is answered to the client, at its own Bind or Describe that needed it.
        var isInjected = received.Disposition == Disposition.Swallow && owed is { Origin: OwedOrigin.Proxy, Tag: > 0 } && server.Link is not null;
        var isOwn = forward && (received.Completed || owed.Kind >= OwedKind.Sync);
        var watch = isOwn || isInjected ? server.Link?.Watch : null;
        watch?.ErrorBegins(owed.Kind, isOwn, isRefusal: owed.Tag < 0, fields.Code);
        if (received.Disposition == Disposition.Swallow)
        {
            if (IsExchange(owed))
            {
                server.Exchange?.OnError(in fields);
            }
            else if (owed.Tag > 0)
            {
                // A Parse of ours that the client's own message needed.
                server.Link?.Failed();
            }
        }
        else if (forward)
        {
            server.Link?.Failed();
        }

        if (owed.Tag < 0 && forward)
        {
            answers.Replace(owed.Tag);
            forward = false;
        }

        if (received.Completed)
        {
            answers.Fail(owed, in fields);
        }

        answers.FailSkipped();

        // Behind the error only the batch's Sync is owed, or nothing yet: nothing of the client's is on its way that would overtake the repetition.
        if (forward && isFirstAnswer && ServerAnswers.IsOfCopy(owed, in fields) && (IsOnlySyncOwed || IsNothingOwed) && server.Link is { } link
            && link.TryRepeat(StatementTag.IdOf(owed.Tag), isGone: fields.Is(SqlState.InvalidSqlStatementName)))
        {
            _isRepeating = true;
            watch?.ErrorEnds(isRepeated: true);
            if (IsNothingOwed)
            {
                // The client waits behind a Flush; without a Sync the server would skip the repetition.
                server.Expect(OwedKind.Sync, OwedOrigin.Proxy);
                server.SendOwn(Sync.Bytes);
            }

            return false;
        }

        watch?.ErrorEnds(isRepeated: false);
        return forward || isInjected;
    }

    /// <summary>Of the client's own. With others behind it the client has sent nothing behind its Sync.</summary>
    private bool IsOnlySyncOwed => !_conversation.AwaitsSync && (_conversation.Count == 1 || server.HasRiders);

    /// <summary>The server skips what is sent to it until a Sync that the client has not sent.</summary>
    private bool IsNothingOwed => _conversation.AwaitsSync && _conversation.Count == 0 && !server.HasRiders;

    private bool ReadyForQuery(in Received received, bool forward)
    {
        server.Statements.EndBatch();
        if (received.Owed.Origin == OwedOrigin.Client)
        {
            server.Riders?.EndTurn();
        }

        if (_isRepeating)
        {
            _isRepeating = false;
            if (server.Link is { } link)
            {
                link.RepeatDue();
                return false;
            }
        }

        if (IsExchange(received.Owed))
        {
            server.ExchangeReady(_conversation.Status);
        }
        else if (forward)
        {
            server.Link?.Ready(_conversation.Status);
        }

        if (server.Link is null && server.Exchange is null && !server.IsClosed && _conversation.IsQuiet)
        {
            server.Owner.ServerSettled(server);
        }

        return forward;
    }
}
