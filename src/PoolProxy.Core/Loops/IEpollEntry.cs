namespace PoolProxy.Core.Loops;

/// <summary>Something that <see cref="EpollEngine"/> has in its epoll set.</summary>
internal interface IEpollEntry
{
    /// <summary>It is ready for these <c>EPOLL…</c> events.</summary>
    void OnReady(uint events);

    /// <summary>The engine ends.</summary>
    void Close();
}
