using PoolProxy.Core.Transport;

namespace PoolProxy.Core.Admin;

/// <summary>The listening sockets, for the console: suspended, or passed to the process that takes over. Called on any loop; the answers come back to it.</summary>
internal interface IListenerControl
{
    /// <summary>Newcomers wait in the kernel's queues, or are accepted again.</summary>
    Task SuspendAsync(bool isSuspended);

    /// <summary>
    /// The sockets, by their descriptors in this process. With <paramref name="clientId"/> the console's client of that id, a process of the same account, is sent
    /// them: when it says SHUTDOWN, it means to go on with them.
    /// </summary>
    Task<IReadOnlyList<(int Descriptor, SocketEndpoint Endpoint)>> PassAsync(long? clientId);

    /// <summary>See <see cref="PassAsync"/>.</summary>
    Task<bool> HavePassedToAsync(long clientId);
}
