using PoolProxy.Protocol.Conversation;

namespace PoolProxy.Core.Backend;

/// <summary>
/// Follows what becomes of a client's messages, in their order; for those clients only whose statements are recorded. It is told of the client's own
/// messages (and those that the proxy answers for the server), never of the proxy's, and changes nothing.
/// </summary>
internal interface IAnswerWatch
{
    /// <summary>A message of an answer has come that is no error; <paramref name="isCompleted"/>: the last one for what it answers.</summary>
    void Answered(byte type, OwedKind kind, bool isCompleted, ReadOnlySpan<byte> body);

    /// <summary>The proxy answers a message in the server's place.</summary>
    void AnswerMade(OwedKind kind);

    /// <summary>
    /// An error has come. <paramref name="isOwn"/>: it answers a message of the client's, and not one that the proxy put in for one. What it makes the server
    /// skip is told next, then <see cref="ErrorEnds"/>.
    /// </summary>
    void ErrorBegins(OwedKind kind, bool isOwn, bool isRefusal, ReadOnlySpan<byte> code);

    /// <summary>The server skips a message, on its way to a Sync.</summary>
    void Skipped(OwedKind kind);

    /// <summary>All that the error makes the server skip so far was told. <paramref name="isRepeated"/>: the client is told nothing, and all of it is sent again.</summary>
    void ErrorEnds(bool isRepeated);
}
