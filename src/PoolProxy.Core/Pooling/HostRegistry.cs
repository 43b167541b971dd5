using System.Collections.Concurrent;
using PoolProxy.Configuration.Model;

namespace PoolProxy.Core.Pooling;

/// <summary>The hosts that there is a choice of, each with its health; one for all pools and loops. Any thread.</summary>
internal sealed class HostRegistry
{
    private readonly ConcurrentDictionary<ServerAddress, HostHealth> _hosts = new();

    /// <summary>Those that any pool has asked for; hosts that a RELOAD took away among them.</summary>
    public IEnumerable<HostHealth> All => _hosts.Values;

    public HostHealth Get(ServerAddress address) => _hosts.GetOrAdd(address, static key => new HostHealth(key));
}
