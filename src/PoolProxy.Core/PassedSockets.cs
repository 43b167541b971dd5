namespace PoolProxy.Core;

/// <summary>Listening sockets that the process did not make: a service manager's, which stand in the place of what the configuration names, or those of the proxy before this one.</summary>
/// <param name="Descriptors">Their descriptors, this process's from here on.</param>
/// <param name="AreServiceManagers">They are a service manager's, and outlive the process.</param>
public sealed record PassedSockets(IReadOnlyList<int> Descriptors, bool AreServiceManagers)
{
    /// <summary>There are none.</summary>
    public static PassedSockets None { get; } = new([], AreServiceManagers: false);

    /// <summary>Whether there are any.</summary>
    public bool Any => Descriptors.Count > 0;
}
