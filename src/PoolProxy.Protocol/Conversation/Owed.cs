namespace PoolProxy.Protocol.Conversation;

/// <summary>One entry of the queue of what is still to be answered. Eight bytes.</summary>
/// <param name="Kind">The message that is to be answered.</param>
/// <param name="Origin">On whose account.</param>
/// <param name="Tag">Whatever the caller wants to have back with the answer, such as a statement's id.</param>
public readonly record struct Owed(OwedKind Kind, OwedOrigin Origin, int Tag);
