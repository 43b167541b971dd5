using PoolProxy.Protocol.Conversation;

namespace PoolProxy.Core.Relay.Auditing;

/// <summary>A message of the client's that is not answered yet and that a record may be about.</summary>
/// <param name="Kind">Which message.</param>
/// <param name="Note">Its text; null for a function call.</param>
/// <param name="Parameters">What was bound, where that is recorded.</param>
/// <param name="Start">When it was sent, on the loop's clock.</param>
/// <param name="ServerPid">The server's process.</param>
/// <param name="Number">Of Execute the most rows it asks for, 0 for all; of a function call the function's OID.</param>
internal readonly record struct WatchedRequest(OwedKind Kind, StatementNote? Note, StatementNote? Parameters, long Start, int ServerPid, uint Number)
{
    /// <summary>Something runs because of it; the others prepare or describe.</summary>
    public bool Runs => Kind is OwedKind.Query or OwedKind.Execute or OwedKind.FunctionCall;
}
