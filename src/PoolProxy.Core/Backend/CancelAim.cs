using IPAddress = System.Net.IPAddress;

namespace PoolProxy.Core.Backend;

/// <summary>
/// What a CancelRequest needs to know of a backend. It outlives the connection: the key is one backend's alone, so a cancel that comes too late finds nobody,
/// even where the process id is another's by then.
/// </summary>
/// <param name="Target">Where the server was opened, and with which TLS.</param>
/// <param name="Address">The address it lives at; null for a Unix socket.</param>
/// <param name="ProcessId">The backend's process id.</param>
/// <param name="Key">The secret of its BackendKeyData; never printed.</param>
internal sealed record CancelAim(ServerTarget Target, IPAddress? Address, int ProcessId, byte[] Key)
{
    /// <summary>The backend, without its key.</summary>
    public override string ToString() => $"{ProcessId}@{Target}";
}
