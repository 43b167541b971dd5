namespace PoolProxy.Core.Pooling;

/// <summary>What a client has of its person's share of a pool.</summary>
internal enum SharePlace : byte
{
    /// <summary>Nothing: it holds no server and wants none. Ends when it asks.</summary>
    Out,

    /// <summary>It waits for others of its person to let a server go. It must not be in the pool's queue.</summary>
    Queued,

    /// <summary>It holds a server, or is in the pool's queue for one. Ends when it leaves both.</summary>
    Holding,
}
