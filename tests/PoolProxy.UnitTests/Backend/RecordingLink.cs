using PoolProxy.Core.Backend;
using PoolProxy.Core.Backend.Parameters;
using PoolProxy.Core.Errors;
using PoolProxy.Core.Loops;
using PoolProxy.Protocol.Conversation;
using PoolProxy.Protocol.Framing;
using PoolProxy.Protocol.Sql;

namespace PoolProxy.UnitTests.Backend;

/// <summary>The client's end of a server and its pool in one: notes what it is told, in order. Touched by the loop only.</summary>
internal sealed class RecordingLink : IServerLink, IServerOwner
{
    private readonly List<string> _calls = [];

    public IReadOnlyList<string> Calls => _calls;

    /// <summary>The call that throws.</summary>
    public string FailsAt { get; init; } = "";

    public void Forward(in ReceivedBytes bytes, int offset, int length) => Note(nameof(Forward));

    public void ForwardCopy(ReadOnlySpan<byte> message) => Note(nameof(ForwardCopy));

    public void AnswerMade(Owed made) => Note(nameof(AnswerMade));

    public void NameSettled() => Note(nameof(NameSettled));

    public void NameUndone() => Note(nameof(NameUndone));

    public void UnnamedAnswered(bool isParsed) => Note(nameof(UnnamedAnswered));

    public bool TryRepeat(int id, bool isGone) => false;

    public bool TryHold(byte type, ReadOnlySpan<byte> body) => false;

    public void RepeatDue() => Note(nameof(RepeatDue));

    public void Refused(int tag) => Note(nameof(Refused));

    public void RefusalSkipped() => Note(nameof(RefusalSkipped));

    public bool ParameterReported(ParameterName? name, ReadOnlySpan<byte> value) => true;

    public void CommandCompleted(CommandTagKind tag) => Note(nameof(CommandCompleted));

    public void Ready(TransactionStatus status) => Note(nameof(Ready));

    public void PreludeConfirmed() => Note(nameof(PreludeConfirmed));

    public void PreludeRefused(ProxyError error) => Note(nameof(PreludeRefused));

    public void Flush() => Note(nameof(Flush));

    public void EndOfBytes() => Note(nameof(EndOfBytes));

    public void ServerDrained() => Note(nameof(ServerDrained));

    public void ServerLost(ServerConnection server, CloseReason reason) => Note(nameof(ServerLost));

    public void AnswerInPlace(ProxyError? error, TransactionStatus status) => Note(nameof(AnswerInPlace));

    public void AfterTurn() => Note(nameof(AfterTurn));

    public void GiveUp() => Note(nameof(GiveUp));

    public void ServerClosed(ServerConnection server, CloseReason reason) => Note(nameof(ServerClosed));

    public void ServerSettled(ServerConnection server) => Note(nameof(ServerSettled));

    private void Note(string call)
    {
        _calls.Add(call);
        if (call == FailsAt)
        {
            throw new InvalidOperationException("as the test asks");
        }
    }
}
