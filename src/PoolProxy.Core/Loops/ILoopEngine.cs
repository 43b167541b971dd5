namespace PoolProxy.Core.Loops;

/// <summary>
/// What a <see cref="Loop"/> waits with: the kernel's side of all its sockets. Every member but <see cref="Wake"/> belongs to the loop's thread.
/// </summary>
internal interface ILoopEngine : IDisposable
{
    /// <summary>The value of <c>io_engine</c> that asks for it; for the log and SHOW STATE.</summary>
    string Name { get; }

    /// <summary>How many events the last wait has found and nobody has been given yet.</summary>
    int ReadyCount { get; }

    /// <summary>System calls made so far to wait, receive and send.</summary>
    long CallCount { get; }

    /// <summary>Takes over a connected, non-blocking descriptor. Nothing is received before <see cref="EngineSocket.StartReceiving"/>.</summary>
    EngineSocket Open(int descriptor, ISocketEvents events);

    /// <summary>Watches a descriptor that stays the caller's, until the watch is disposed of.</summary>
    EngineWatch Watch(int descriptor, bool writable, Action<object?> onReady, object? state);

    /// <summary>The owner of a live socket, or null when that socket is gone.</summary>
    ISocketEvents? Find(SocketId id);

    /// <summary>Sleeps until something has happened or the time is over (−1: no limit) and returns; nothing is delivered yet.</summary>
    void Wait(int timeoutMilliseconds);

    /// <summary>Delivers what <see cref="Wait"/> has found.</summary>
    void Deliver();

    /// <summary>Ends a <see cref="Wait"/>, from any thread.</summary>
    void Wake();
}
