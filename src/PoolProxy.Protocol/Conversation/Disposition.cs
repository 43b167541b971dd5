namespace PoolProxy.Protocol.Conversation;

/// <summary>What is to be done with a message from the server.</summary>
public enum Disposition : byte
{
    /// <summary>It goes to the client.</summary>
    Forward,

    /// <summary>It answers the proxy's own message: the client must not see it.</summary>
    Swallow,

    /// <summary>Nothing that was sent explains it. Who answers what is no longer known: the server must be closed.</summary>
    Unexpected,
}
