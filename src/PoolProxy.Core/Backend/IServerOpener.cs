namespace PoolProxy.Core.Backend;

/// <summary>Opens server connections: the network one, or a test's.</summary>
internal interface IServerOpener
{
    /// <summary>
    /// Connects, logs in and checks. Runs as cold code on the loop; answers with a server whose books are in order and that nobody has
    /// yet, or throws <see cref="ServerLoginException"/>.
    /// </summary>
    Task<ServerConnection> OpenAsync(ServerTarget target, IServerOwner owner);
}
