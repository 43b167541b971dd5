namespace PoolProxy.Core.Backend;

/// <summary>What a server tells the pool that owns it.</summary>
internal interface IServerOwner
{
    /// <summary>The connection is gone (and already closed); the owner takes it out of its lists. Told once.</summary>
    void ServerClosed(ServerConnection server, CloseReason reason);

    /// <summary>An exchange of the proxy's own, or the last cancel aimed at the server, is over: it may be free.</summary>
    void ServerSettled(ServerConnection server);

    /// <summary>The server has passed from one client to the next behind it: there may be room for another behind them.</summary>
    void ServerPassedOn(ServerConnection server)
    {
    }

    /// <summary>
    /// The host has said what it is, and is what is asked for, while a login to it is still under way: what comes behind that (connect_query) is this owner's own, and others need not wait for it.
    /// </summary>
    void HostAnswered(ServerTarget target, HostNature nature)
    {
    }
}
