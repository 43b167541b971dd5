using System.Text;
using PoolProxy.Core.Errors;
using PoolProxy.Protocol.Conversation;
using PoolProxy.Protocol.Errors;
using PoolProxy.Protocol.Framing;
using PoolProxy.Protocol.Sql;

namespace PoolProxy.Core.Backend;

/// <summary>
/// What each message of a server means for the books, and whether it is the client's. Never writes to the client itself: what has to
/// be said behind a message (made-up answers, the proxy's words in place of an error) is said by <see cref="SayAfterword"/>, once the
/// run before it has been handed over.
/// </summary>
internal sealed class ServerMessages(ServerConnection server)
{
    private readonly Conversation _conversation = server.Conversation;
    private int _refusedTag;
    private int _skippedRefusals;
    private Owed _made;
    private bool _hasMade;

    /// <summary>
    /// The server has broken the protocol. The reader closes it, once what came before has been handed over: the client's answers must
    /// not be lost between the books and its connection.
    /// </summary>
    public bool IsViolated { get; private set; }

    /// <summary>Something is to be said to the client behind the message handled last.</summary>
    public bool HasAfterword => _hasMade || _refusedTag != 0;

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

        if (type == BackendType.ErrorResponse && server.Exchange is null && IsLastWord(body))
        {
            return false;
        }

        var received = _conversation.Receive(type, readyStatus);
        if (received.Disposition == Disposition.Unexpected)
        {
            IsViolated = true;
            return false;
        }

        var forward = received.Disposition == Disposition.Forward;
        switch (type)
        {
            case BackendType.CommandComplete:
                CommandComplete(in received, body);
                break;
            case BackendType.ParameterStatus:
                forward = ParameterStatus(body, forward);
                break;
            case BackendType.ErrorResponse:
                forward = ErrorResponse(in received, body, forward);
                break;
            case BackendType.ReadyForQuery:
                ReadyForQuery(in received);
                break;
            case BackendType.DataRow when IsExchange(received.Owed):
                server.Exchange?.OnRow(body);
                break;
            case BackendType.RowDescription or BackendType.CopyInResponse or BackendType.CopyOutResponse or BackendType.CopyBothResponse
                when IsExchange(received.Owed):
                server.Exchange?.OnResult();
                break;
            case BackendType.ParseComplete or BackendType.CloseComplete:
                Settle(received.Owed);
                break;
            case BackendType.NotificationResponse:
                // Outside of session pooling nobody can own it; within, it passes while its client is linked.
                forward = server.Link is not null && forward;
                break;
            default:
                break;
        }

        if (received.Completed && !server.IsClosed)
        {
            _hasMade = _conversation.TryTakeMade(out _made);
        }

        return forward;
    }

    /// <summary>Says what is due behind the message handled last; the client's run up to it has been handed over.</summary>
    public void SayAfterword()
    {
        if (_refusedTag != 0)
        {
            server.Link?.Refused(_refusedTag);
            _refusedTag = 0;
            for (; _skippedRefusals > 0; _skippedRefusals--)
            {
                server.Link?.RefusalSkipped();
            }
        }

        while (_hasMade)
        {
            SayMade(_made);
            _hasMade = _conversation.TryTakeMade(out _made);
        }
    }

    /// <summary>
    /// See <see cref="ServerConnection.AnswerInPlace"/>. Not worked through as if the server had said it: an error in what the proxy itself
    /// had sent ahead (a prelude) would skip the client's messages behind it, and the client would wait for their answer for ever.
    /// </summary>
    public bool AnswerInPlace(IServerLink link, ProxyError error, TransactionStatus status, bool isTold)
    {
        var isSkipping = isTold && _conversation.AwaitsSync;
        while (_conversation.TryTakeLost(out var lost))
        {
            Fail(lost, default);
            if (lost.Origin == OwedOrigin.Proxy || lost.Kind == OwedKind.CopyEnd)
            {
                continue;
            }

            var endsBatch = lost.Kind == OwedKind.Sync;
            var isAsked = !isSkipping || endsBatch;
            if (!isSkipping)
            {
                link.AnswerInPlace(error, status);
            }

            if (isAsked && lost.Kind >= OwedKind.Sync)
            {
                link.AnswerInPlace(null, status);
            }

            // protocol-flow.html#PROTOCOL-FLOW-EXT-QUERY: one error a batch, and nothing of it is answered until its Sync.
            isSkipping = lost.Kind < OwedKind.Sync || (isSkipping && !endsBatch);
        }

        return isSkipping;
    }

    /// <summary>A message was recorded while sending: see <see cref="ServerConnection.Expect"/>.</summary>
    public void AfterExpect()
    {
        while (_conversation.TryTakeSkipped(out var skipped))
        {
            Fail(skipped, default);
        }

        while (_conversation.TryTakeMade(out var made))
        {
            SayMade(made);
        }
    }

    private void SayMade(Owed made)
    {
        server.Link?.AnswerMade(made);
        Settle(made);
    }

    private static bool IsExchange(Owed owed) => owed.Origin == OwedOrigin.Proxy && owed.Tag == ProxyExchange.Tag;

    /// <summary>A named Parse or Close of a client's: both kinds carry the statement's id, a portal's Close and an unnamed Parse none.</summary>
    private static bool ChangesName(Owed owed) =>
        owed.Tag > 0 && owed.Origin != OwedOrigin.Proxy && (owed.Kind is OwedKind.Parse or OwedKind.Close);

    private void Settle(Owed owed)
    {
        if (ChangesName(owed))
        {
            server.Link?.NameSettled();
        }
        else if (owed is { Origin: OwedOrigin.Proxy, Kind: OwedKind.Close, Tag: > 0 })
        {
            server.Statements.Closed(owed.Tag);
        }
    }

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
            case CommandTagKind.Set or CommandTagKind.DiscardPlans or CommandTagKind.DiscardSequences or CommandTagKind.DiscardTemp:
                server.IsDressIntact = false;
                break;
            case CommandTagKind.Reset:
                server.IsDressIntact = false;
                server.ForgetUnreported();
                break;
            case CommandTagKind.DiscardAll:
                server.IsDressIntact = false;
                server.ForgetUnreported();
                server.Statements.Clear();
                server.UnnamedOwner = null;
                break;
            case CommandTagKind.DeallocateAll:
                server.Statements.Clear();
                break;
            case CommandTagKind.Deallocate:
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

        var name = server.Registry.Names.Find(message.Name);
        if (name is not null)
        {
            name.IsReported = true;
            server.Parameters = server.Registry.With(server.Parameters, name, message.Value);
        }

        return forward && server.Link is { } link && link.ParameterReported(name, message.Value);
    }

    /// <summary>
    /// A FATAL: the connection ends behind it, and what is owed is answered then, once and in full, in a form that lets the client stay.
    /// The books are left as they are for that.
    /// </summary>
    private bool IsLastWord(ReadOnlySpan<byte> body)
    {
        ErrorFields.TryRead(body, out var fields);
        if (!fields.IsFatal)
        {
            return false;
        }

        server.LastFatal = new ProxyError(
            Severity.Error, SqlState.ConnectionFailure, "server connection lost",
            $"The server said: {Encoding.ASCII.GetString(fields.Code)} {Encoding.UTF8.GetString(fields.Message)}.");
        return true;
    }

    private bool ErrorResponse(in Received received, ReadOnlySpan<byte> body, bool forward)
    {
        // An empty body stands for one too long to look at: it passes, with nothing known of it.
        ErrorFields.TryRead(body, out var fields);
        var owed = received.Owed;
        if (received.Disposition == Disposition.Swallow)
        {
            if (IsExchange(owed))
            {
                server.Exchange?.OnError(in fields);
            }
        }
        else if (owed.Tag < 0 && forward)
        {
            _refusedTag = owed.Tag;
            forward = false;
        }

        if (received.Completed)
        {
            Fail(owed, in fields);
        }

        while (_conversation.TryTakeSkipped(out var skipped))
        {
            Fail(skipped, default);
        }

        // An injected Parse that fails is answered to the client, at its own Bind or Describe that needed it.
        return forward || (received.Disposition == Disposition.Swallow && owed is { Origin: OwedOrigin.Proxy, Tag: > 0 } && server.Link is not null);
    }

    private void Fail(Owed owed, in ErrorFields fields)
    {
        if (ChangesName(owed))
        {
            server.Link?.NameUndone();
        }

        if (owed.Tag < 0 && owed.Origin == OwedOrigin.Client && _refusedTag != owed.Tag)
        {
            // The words wait in order: those of the refusal that is about to be said come first.
            if (_refusedTag != 0)
            {
                _skippedRefusals++;
            }
            else
            {
                server.Link?.RefusalSkipped();
            }
        }

        switch (owed.Kind)
        {
            case OwedKind.Parse when owed.Tag == ServerConnection.UnnamedTag:
                server.UnnamedOwner = null;
                break;
            case OwedKind.Parse when owed.Tag > 0 && owed.Origin != OwedOrigin.Made && fields.Is(SqlState.DuplicatePreparedStatement):
                // The server holds one under our name that the books do not know of: close it before the next try.
                server.Statements.MarkStale(owed.Tag);
                break;
            case OwedKind.Parse when owed.Tag > 0 && owed.Origin != OwedOrigin.Made:
                server.Statements.Remove(owed.Tag);
                break;
            case OwedKind.Parse when owed.Origin != OwedOrigin.Made:
                server.UnnamedOwner = null;
                break;
            case OwedKind.Close when owed.Tag > 0 && owed.Origin == OwedOrigin.Proxy:
                server.Statements.Restore(owed.Tag);
                break;
            case OwedKind.Bind or OwedKind.DescribeStatement when owed.Tag > 0:
                StatementFailed(owed.Tag, in fields);
                break;
            default:
                break;
        }
    }

    /// <summary>
    /// The copy is not what the books say: gone (SQL inside a function has deallocated it) or planned for a result that a DDL has
    /// changed. The next use prepares it anew; this one's error is the client's.
    /// </summary>
    private void StatementFailed(int id, in ErrorFields fields)
    {
        if (fields.Is(SqlState.InvalidSqlStatementName))
        {
            server.Statements.Remove(id);
        }
        else if (fields.Is(SqlState.FeatureNotSupported) && fields.Routine.SequenceEqual("RevalidateCachedQuery"u8))
        {
            server.Statements.MarkStale(id);
        }
    }

    private void ReadyForQuery(in Received received)
    {
        server.Statements.EndBatch();
        if (IsExchange(received.Owed))
        {
            server.ExchangeReady(_conversation.Status);
        }
        else
        {
            server.Link?.Ready(_conversation.Status);
        }

        if (server.Link is null && server.Exchange is null && !server.IsClosed && _conversation.IsQuiet)
        {
            server.Owner.ServerSettled(server);
        }
    }
}
