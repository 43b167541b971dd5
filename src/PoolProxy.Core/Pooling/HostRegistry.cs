using PoolProxy.Configuration.Model;

namespace PoolProxy.Core.Pooling;

/// <summary>The hosts that there is a choice of, each with its health; one for all pools and loops. Any thread.</summary>
internal sealed class HostRegistry
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ServerAddress, HostHealth> _hosts = [];

    /// <summary>Those that any pool has asked for; hosts that a RELOAD took away among them.</summary>
    public IEnumerable<HostHealth> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _hosts.Values];
            }
        }
    }

    public HostHealth Get(ServerAddress address)
    {
        lock (_gate)
        {
            if (!_hosts.TryGetValue(address, out var health))
            {
                _hosts.Add(address, health = new HostHealth(address));
            }

            return health;
        }
    }
}
