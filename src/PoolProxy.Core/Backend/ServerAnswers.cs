using PoolProxy.Core.Errors;
using PoolProxy.Core.PreparedStatements;
using PoolProxy.Protocol.Conversation;
using PoolProxy.Protocol.Errors;
using PoolProxy.Protocol.Framing;

namespace PoolProxy.Core.Backend;

/// <summary>
/// What the proxy itself has to say among a server's answers (made-up ParseComplete and CloseComplete in their place, its own words for a
/// refusal, everything where the server has died), and what a message's success or failure means for the books on statements.
/// </summary>
internal sealed class ServerAnswers(ServerConnection server)
{
    private readonly Conversation _conversation = server.Conversation;
    private int _refusedTag;
    private int _skippedRefusals;
    private Owed _made;
    private bool _hasMade;

    /// <summary>Something is to be said to the client behind the message handled last.</summary>
    public bool HasAfterword => _hasMade || _refusedTag != 0;

    /// <summary>A message was answered in full: the turn may have come of one that the proxy answers.</summary>
    public void Prepare() => _hasMade = _conversation.TryTakeMade(out _made);

    /// <summary>The server's error stands for a refusal: the client is to get the proxy's words instead.</summary>
    public void Replace(int tag) => _refusedTag = tag;

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
    /// <param name="link">The client's.</param>
    /// <param name="error">What it is told.</param>
    /// <param name="status">What its ReadyForQuery say.</param>
    /// <param name="isTold">An error that the server reported has reached it.</param>
    /// <param name="othersReadies">How many ReadyForQuery are owed to those behind it: what leads to them is left.</param>
    public bool AnswerInPlace(IServerLink link, ProxyError error, TransactionStatus status, bool isTold, int othersReadies)
    {
        var isSkipping = isTold && _conversation.AwaitsSync;
        while ((othersReadies == 0 || _conversation.ReadyCount > othersReadies) && _conversation.TryTakeLost(out var lost))
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

    /// <summary>Takes off the books what a dead server owes up to the last of this many ReadyForQuery: nobody is told any more.</summary>
    public void DropLost(int readiesLeft)
    {
        while (_conversation.ReadyCount > readiesLeft && _conversation.TryTakeLost(out var lost))
        {
            Fail(lost, default);
        }
    }

    /// <summary>A message was recorded while sending: see <see cref="ServerConnection.Expect"/>.</summary>
    public void AfterExpect()
    {
        FailSkipped();

        while (_conversation.TryTakeMade(out var made))
        {
            SayMade(made);
        }
    }

    /// <summary>A Parse or Close was answered: it counts.</summary>
    public void Settle(Owed owed)
    {
        if (owed.Kind == OwedKind.Parse && owed.Origin != OwedOrigin.Made && StatementTag.HasId(owed.Tag))
        {
            server.Statements.Parsed(StatementTag.IdOf(owed.Tag));
        }

        if (ChangesName(owed))
        {
            server.Link?.NameSettled();
        }
        else if (ChangesUnnamed(owed))
        {
            server.Link?.UnnamedAnswered(isParsed: true);
        }
        else if (owed is { Origin: OwedOrigin.Proxy, Kind: OwedKind.Close, Tag: > 0 })
        {
            server.Statements.Closed(owed.Tag);
        }
    }

    /// <summary>The server skips these to its next Sync.</summary>
    public void FailSkipped()
    {
        while (_conversation.TryTakeSkipped(out var skipped))
        {
            if (skipped.Origin != OwedOrigin.Proxy)
            {
                server.Link?.Watch?.Skipped(skipped.Kind);
            }

            Fail(skipped, default);
        }
    }

    /// <summary>A message failed, or will never be answered: what the books took for granted is undone.</summary>
    public void Fail(Owed owed, in ErrorFields fields)
    {
        if (ChangesName(owed))
        {
            server.Link?.NameUndone();
        }
        else if (ChangesUnnamed(owed))
        {
            server.Link?.UnnamedAnswered(isParsed: false);
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
            case OwedKind.Parse when owed.Tag == StatementTag.Unnamed:
                server.UnnamedOwner = null;
                break;
            case OwedKind.Parse when owed.Tag == StatementTag.OwnName:
                break;
            case OwedKind.Parse when owed.Tag > 0 && owed.Origin != OwedOrigin.Made && fields.Is(SqlState.DuplicatePreparedStatement):
                // The server holds one under our name that the books do not know of: close it before the next try.
                server.Statements.MarkHeld(StatementTag.IdOf(owed.Tag));
                break;
            case OwedKind.Parse when owed.Tag > 0 && owed.Origin != OwedOrigin.Made:
                server.Statements.Remove(StatementTag.IdOf(owed.Tag));
                break;
            case OwedKind.Parse when owed.Origin != OwedOrigin.Made && owed.Tag != ProxyExchange.Tag:
                server.UnnamedOwner = null;
                break;
            case OwedKind.Close when owed.Tag > 0 && owed.Origin == OwedOrigin.Proxy:
                server.Statements.Restore(owed.Tag);
                break;
            case OwedKind.Bind or OwedKind.DescribeStatement when owed.Tag > 0:
                StatementFailed(StatementTag.IdOf(owed.Tag), in fields);
                break;
            default:
                break;
        }
    }

    /// <summary>
    /// Whether the error is one that PostgreSQL itself might not have raised: the client's statement was served by a copy that is gone or no
    /// longer fits.
    /// </summary>
    public static bool IsOfCopy(Owed owed, in ErrorFields fields) =>
        StatementTag.HasId(owed.Tag) && (owed.Kind is OwedKind.Bind or OwedKind.DescribeStatement)
        && (fields.Is(SqlState.InvalidSqlStatementName) || IsChangedResult(in fields));

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
        else if (IsChangedResult(in fields))
        {
            server.Statements.MarkStale(id);
        }
    }

    /// <summary>
    /// A named Parse or Close of a client's: both kinds carry the statement's id, or that it has none; a portal's Close and an unnamed
    /// Parse carry nothing.
    /// </summary>
    private static bool ChangesName(Owed owed) =>
        StatementTag.IsNamed(owed.Tag) && owed.Origin != OwedOrigin.Proxy && (owed.Kind is OwedKind.Parse or OwedKind.Close);

    /// <summary>An unnamed Parse of a client's that a statement of ours serves.</summary>
    private static bool ChangesUnnamed(Owed owed) =>
        StatementTag.IsForUnnamed(owed.Tag) && owed.Origin != OwedOrigin.Proxy && owed.Kind == OwedKind.Parse;

    /// <summary>"cached plan must not change result type", told by where PostgreSQL says it and never by the text (isolation.md §6).</summary>
    private static bool IsChangedResult(in ErrorFields fields) =>
        fields.Is(SqlState.FeatureNotSupported) && fields.Routine.SequenceEqual("RevalidateCachedQuery"u8);

    private void SayMade(Owed made)
    {
        server.Link?.AnswerMade(made);
        server.Link?.Watch?.AnswerMade(made.Kind);
        Settle(made);
    }
}
