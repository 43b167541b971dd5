using PoolProxy.Core.Backend;
using PoolProxy.Core.Backend.Parameters;
using PoolProxy.Core.Errors;
using PoolProxy.Core.Loops;
using PoolProxy.Protocol.Conversation;
using PoolProxy.Protocol.Framing;
using PoolProxy.Protocol.Sql;

namespace PoolProxy.Core.Relay;

/// <summary>
/// In the place of a client that has left others on its server (isolation.md §9): what the server still says to it goes nowhere. It knows nothing, so
/// one serves for all.
/// </summary>
internal sealed class DepartedLink : IServerLink
{
    private DepartedLink()
    {
    }

    public static DepartedLink Instance { get; } = new();

    public bool IsGone => true;

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

    public void ServerLost(ServerConnection server, CloseReason reason)
    {
    }

    public void AnswerInPlace(ProxyError? error, TransactionStatus status)
    {
    }
}
