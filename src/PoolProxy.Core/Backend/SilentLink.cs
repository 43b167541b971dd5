using PoolProxy.Core.Backend.Parameters;
using PoolProxy.Core.Errors;
using PoolProxy.Core.Loops;
using PoolProxy.Protocol.Conversation;
using PoolProxy.Protocol.Framing;
using PoolProxy.Protocol.Sql;

namespace PoolProxy.Core.Backend;

/// <summary>
/// A link whose end nobody reads: whatever the server says is dropped. For one that has left others on its server, and as the ground for one that the proxy
/// holds for itself, to which little of this is ever said.
/// </summary>
internal abstract class SilentLink : IServerLink
{
    public virtual bool IsGone => false;

    public virtual bool Notified(ReadOnlySpan<byte> body) => false;

    public virtual void Unwanted(bool isOutdated)
    {
    }

    public virtual void ServerLost(ServerConnection server, CloseReason reason)
    {
    }

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
