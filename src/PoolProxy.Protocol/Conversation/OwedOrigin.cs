namespace PoolProxy.Protocol.Conversation;

/// <summary>On whose account an answer is owed, and so what becomes of it.</summary>
public enum OwedOrigin : byte
{
    /// <summary>The client sent the message: its answer is forwarded.</summary>
    Client,

    /// <summary>The proxy put the message in for itself (a prelude, an injected Parse): its answer is swallowed.</summary>
    Proxy,

    /// <summary>
    /// The client's message never went upstream: the proxy writes the answer, in its exact place among the server's.
    /// </summary>
    Made,
}
