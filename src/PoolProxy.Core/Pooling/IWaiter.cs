using PoolProxy.Core.Backend;
using PoolProxy.Core.Errors;

namespace PoolProxy.Core.Pooling;

/// <summary>
/// A client that waits in a pool's queue. It is in at most one queue, and leaves it by exactly one of: a grant, a rejection, or its own
/// <see cref="Pool.Leave"/>. Called on its own loop.
/// </summary>
internal interface IWaiter
{
    /// <summary>What its servers are dressed for: compared by reference, to find the one it used last. Never changes; any thread.</summary>
    object Wearer { get; }

    /// <summary>How long it waits at most; zero for ever.</summary>
    TimeSpan QueryWaitTimeout { get; }

    /// <summary>
    /// Still logging in: it only wants to know what a server of this pool is like, and is told at once when logins fail. A client that is
    /// being served waits on, up to its query_wait_timeout: the database may come back. Never changes; any thread.
    /// </summary>
    bool IsLoggingIn { get; }

    /// <summary>It gives the server back as it got it: that is no use of it. Never changes.</summary>
    bool OnlyLooks => false;

    /// <summary>Its node in the queue.</summary>
    WaiterNode Node { get; }

    /// <summary>The server is its own from now on.</summary>
    void Granted(ServerConnection server);

    /// <summary>What it waits with is one independent statement, all of it here, that is known to be short (isolation.md §9). On its own loop.</summary>
    bool IsReadyToRide => false;

    /// <summary>Behind how many it goes at most: the longer its own statement runs as a rule, the fewer.</summary>
    int MaxAhead => 0;

    /// <summary>A busy server is dressed for it and has what its statement needs.</summary>
    bool MayRide(ServerConnection server) => false;

    /// <summary>Its request is to be sent on this server, behind others; the server becomes its own when they are answered. Only after <see cref="MayRide"/>.</summary>
    void Board(ServerConnection server) => throw new NotSupportedException();

    /// <summary>There will be no server; it is out of the queue.</summary>
    void Rejected(ProxyError error);

    /// <summary>query_wait_notify has passed: the person behind may want to know why nothing happens.</summary>
    void NotifyQueued();
}
