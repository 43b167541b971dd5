using PoolProxy.Core.Backend.Parameters;
using PoolProxy.Core.Errors;
using PoolProxy.Core.Loops;
using PoolProxy.Protocol.Conversation;
using PoolProxy.Protocol.Framing;
using PoolProxy.Protocol.Sql;

namespace PoolProxy.Core.Backend;

/// <summary>
/// Has a server for itself, in a client's place: what the proxy asks there goes by <see cref="ProxyExchange"/>, and no request of a client's is ever
/// sent. So of all that a server tells its link only what comes unasked, and the end, is of concern; and it has a deadline of its own.
/// </summary>
internal abstract class ProxyLink : TimerNode, IServerLink
{
    public abstract bool Notified(ReadOnlySpan<byte> body);

    public abstract void Unwanted(bool isOutdated);

    public abstract void ServerLost(ServerConnection server, CloseReason reason);

    public void Forward(in ReceivedBytes bytes, int offset, int length)
    {
    }

    public void ForwardCopy(ReadOnlySpan<byte> message)
    {
    }

    public void AnswerMade(Owed made)
    {
    }

    public void NameSettled()
    {
    }

    public void NameUndone()
    {
    }

    public void UnnamedAnswered(bool isParsed)
    {
    }

    public bool TryRepeat(int id, bool isGone) => false;

    public bool TryHold(byte type, ReadOnlySpan<byte> body) => false;

    public void RepeatDue()
    {
    }

    public void Refused(int tag)
    {
    }

    public void RefusalSkipped()
    {
    }

    public bool ParameterReported(ParameterName? name, ReadOnlySpan<byte> value) => false;

    public void CommandCompleted(CommandTagKind tag)
    {
    }

    public void Ready(TransactionStatus status)
    {
    }

    public void PreludeConfirmed()
    {
    }

    public void PreludeRefused(ProxyError error)
    {
    }

    public void Flush()
    {
    }

    public void EndOfBytes()
    {
    }

    public void ServerDrained()
    {
    }

    public void AnswerInPlace(ProxyError? error, TransactionStatus status)
    {
    }
}
