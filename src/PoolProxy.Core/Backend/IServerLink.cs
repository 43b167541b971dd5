using PoolProxy.Core.Backend.Parameters;
using PoolProxy.Core.Errors;
using PoolProxy.Core.Loops;
using PoolProxy.Protocol.Conversation;
using PoolProxy.Protocol.Framing;
using PoolProxy.Protocol.Sql;

namespace PoolProxy.Core.Backend;

/// <summary>
/// The client's end of a link, as a server sees it. The server does the reading and keeps its own books; what is the client's comes
/// here in runs of whole or cut messages, in order. All calls of one received chunk end with <see cref="EndOfBytes"/>.
/// </summary>
internal interface IServerLink
{
    /// <summary>A run of bytes for the client, still in the engine's memory.</summary>
    void Forward(in ReceivedBytes bytes, int offset, int length);

    /// <summary>A message that had been cut by reads and is whole now; the span lives until this returns.</summary>
    void ForwardCopy(ReadOnlySpan<byte> message);

    /// <summary>The turn has come of an answer that the proxy makes itself: ParseComplete or CloseComplete.</summary>
    void AnswerMade(Owed made);

    /// <summary>The oldest unsettled Parse or Close of a name has been answered.</summary>
    void NameSettled();

    /// <summary>The oldest unsettled Parse or Close of a name failed or was skipped.</summary>
    void NameUndone();

    /// <summary>The oldest Parse under way of the client's unnamed statement, served by one of ours, was answered, or failed or was skipped.</summary>
    void UnnamedAnswered(bool isParsed);

    /// <summary>
    /// An error that is ours and not the client's ended its only batch under way: the server's copy of the statement with this id
    /// <paramref name="isGone"/>, or gives other results than before. True when the client is not to see it, because the batch will be sent
    /// again. Nothing more may be sent until then.
    /// </summary>
    bool TryRepeat(int id, bool isGone);

    /// <summary>
    /// The first message of an answer that may yet turn out to be such an error: true when the link has copied it, and passes it on ahead of
    /// whatever comes next.
    /// </summary>
    bool TryHold(byte type, ReadOnlySpan<byte> body);

    /// <summary>The ReadyForQuery behind such an error has come: the batch is to be sent again when the chunk is done with.</summary>
    void RepeatDue();

    /// <summary>The server's error answers a statement that the proxy refused; the client gets the proxy's words for <paramref name="tag"/>.</summary>
    void Refused(int tag);

    /// <summary>The oldest refusal was skipped with its batch: its words are not needed.</summary>
    void RefusalSkipped();

    /// <summary>A parameter changed while answering the client. True when the message is for the client too.</summary>
    bool ParameterReported(ParameterName? name, ReadOnlySpan<byte> value);

    /// <summary>A statement of the client's was completed whose tag means more than rows.</summary>
    void CommandCompleted(CommandTagKind tag);

    /// <summary>A statement of the client's has failed.</summary>
    void Failed()
    {
    }

    /// <summary>A NotificationResponse has come; its body. True when it is for the client to be passed on as it is.</summary>
    bool Notified(ReadOnlySpan<byte> body) => false;

    /// <summary>
    /// The pool wants to be rid of the server: it is to be replaced (<paramref name="isOutdated"/>), or its database is paused. Who needs it until its client is done says nothing.
    /// </summary>
    void Unwanted(bool isOutdated)
    {
    }

    /// <summary>A ReadyForQuery for the client has been passed on.</summary>
    void Ready(TransactionStatus status);

    /// <summary>The prelude ahead of the client's bytes was confirmed: what waits behind it may go.</summary>
    void PreludeConfirmed();

    /// <summary>The server will not have the client's own parameters; it is otherwise unharmed. The client has to go, told why.</summary>
    void PreludeRefused(ProxyError error);

    /// <summary>Sends what has been handed over, and nothing more: before anything that may wake another client.</summary>
    void Flush();

    /// <summary>Everything of this chunk has been handed over: send it, then decide what follows.</summary>
    void EndOfBytes();

    /// <summary>The server has taken what it was sent; reading from the client may go on.</summary>
    void ServerDrained();

    /// <summary>The server is gone, closed and out of its pool. What it owed is still in its books.</summary>
    void ServerLost(ServerConnection server, CloseReason reason);

    /// <summary>A fault of the proxy's own came up in one of the calls here: its client is in a state that nobody knows, and has to go.</summary>
    void GiveUp()
    {
    }

    /// <summary>An answer in a dead server's place: the error, or (without one) the ReadyForQuery with this status.</summary>
    void AnswerInPlace(ProxyError? error, TransactionStatus status);

    /// <summary>Its one request under way is an independent statement, sent to its end: another client's may be sent behind it (isolation.md §9).</summary>
    bool IsFollowable => false;

    /// <summary>Its client has left, and nobody is told what comes for it.</summary>
    bool IsGone => false;

    /// <summary>Follows the answers, where the client's statements are recorded.</summary>
    IAnswerWatch? Watch => null;

    /// <summary>Those before it have been answered: what comes from here on is its client's.</summary>
    void TurnCame()
    {
    }

    /// <summary>All of its client's answer was handed over and sent, and the server is the next one's. Nothing may be sent on it any more.</summary>
    void TurnOver()
    {
    }

    /// <summary>The chunk in which its turn ended is done with: its client goes on.</summary>
    void AfterTurn()
    {
    }
}
