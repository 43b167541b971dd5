namespace PoolProxy.Core.Backend;

/// <summary>Opens server connections, and others for their cancels: the network one, or a test's.</summary>
internal interface IServerOpener
{
    /// <summary>
    /// Connects, logs in and checks. Runs as cold code on the loop; answers with a server whose books are in order and that nobody has
    /// yet, or throws <see cref="ServerLoginException"/>.
    /// </summary>
    Task<ServerConnection> OpenAsync(ServerTarget target, IServerOwner owner);

    /// <summary>
    /// Sends a CancelRequest to the very address that the backend lives at, on a connection of its own with the TLS of the others, and waits until it has
    /// been closed: the signal is on its way then. Throws <see cref="ServerLoginException"/> where there is no getting through, or where the
    /// host has not closed it in time (<see cref="ServerLoginException.MayStillArrive"/>).
    /// </summary>
    Task CancelAsync(CancelAim aim);

    /// <summary>
    /// Logs in, asks the host what it is, and leaves; all of it within <paramref name="patience"/>. Throws <see cref="ServerLoginException"/> where the host does not say.
    /// </summary>
    Task<HostNature> ProbeAsync(ServerTarget target, TimeSpan patience) => throw new NotSupportedException();

    /// <summary>
    /// Connects and logs in, and nothing else: for a connection that will be one client's alone. Throws <see cref="ServerLoginException"/>.
    /// </summary>
    Task<OpenedServer> OpenDedicatedAsync(ServerTarget target) => throw new NotSupportedException();
}
