namespace PoolProxy.Protocol.Conversation;

/// <summary>What a message from the server means.</summary>
/// <param name="Disposition">Where the message goes.</param>
/// <param name="Completed">Whether it was the last one for <paramref name="Owed"/>, which is then no longer queued.</param>
/// <param name="Owed">The entry that it belongs to; <c>default</c> when nothing was owed.</param>
public readonly record struct Received(Disposition Disposition, bool Completed, Owed Owed);
