using Microsoft.Extensions.Logging;
using PoolProxy.Core.Backend;
using PoolProxy.Core.Loops;

namespace PoolProxy.Core.Pooling;

/// <summary>
/// All pools, by database and login, and the limits that several of them share. A pool comes into being when the first client needs it
/// (or at start, where min_pool_size asks for it) and stays until RELOAD takes its database away. Owned by one loop.
/// </summary>
internal sealed class PoolDirectory(Loop loop, IServerOpener opener, ILogger log)
{
    private readonly Dictionary<PoolKey, Pool> _pools = [];
    private readonly Dictionary<string, ConnectionLimit> _databases = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ConnectionLimit> _users = new(StringComparer.Ordinal);

    public Loop Loop { get; } = loop;

    public IServerOpener Opener { get; } = opener;

    public ILogger Log { get; } = log;

    public IReadOnlyCollection<Pool> Pools => _pools.Values;

    public IReadOnlyDictionary<string, ConnectionLimit> Databases => _databases;

    public IReadOnlyDictionary<string, ConnectionLimit> Users => _users;

    /// <summary>PAUSE of everything: a database that comes into being meanwhile is paused too.</summary>
    public bool IsPaused { get; set; }

    public ConnectionLimit Database(string name)
    {
        if (!_databases.ContainsKey(name))
        {
            Limit(_databases, name).IsPaused = IsPaused;
        }

        return _databases[name];
    }

    public ConnectionLimit User(string name) => Limit(_users, name);

    public bool TryFind(PoolKey key, out Pool pool) => _pools.TryGetValue(key, out pool!);

    /// <summary>The pool, made with these settings if there is none yet.</summary>
    public Pool Get(PoolKey key, Func<PoolConfig> config)
    {
        if (!_pools.TryGetValue(key, out var pool))
        {
            _pools.Add(key, pool = new Pool(this, key, config(), Database(key.Database), User(key.User)));
        }

        return pool;
    }

    /// <summary>Takes a pool out: its clients are told, its servers closed as they come free.</summary>
    public void Remove(Pool pool)
    {
        if (_pools.Remove(pool.Key))
        {
            pool.Retire();
        }
    }

    /// <summary>Closes a free server of another pool under the same limit, the one idle for longest, so that this pool may open one.</summary>
    public bool TryEvict(Pool needy, ConnectionLimit limit)
    {
        ServerConnection? oldest = null;
        foreach (var pool in _pools.Values)
        {
            if (ReferenceEquals(pool, needy) || !(ReferenceEquals(pool.Database, limit) || ReferenceEquals(pool.User, limit)))
            {
                continue;
            }

            foreach (var server in pool.Idle)
            {
                if (pool.Waiters.Count == 0 && (oldest is null || server.StateSinceMilliseconds < oldest.StateSinceMilliseconds))
                {
                    oldest = server;
                }
            }
        }

        oldest?.Close(CloseReason.Evicted);
        return limit.HasServerRoom;
    }

    /// <summary>A server of <paramref name="from"/> is gone: whoever waits under the same limits may open one.</summary>
    public void RoomMade(Pool from)
    {
        if (!from.IsRetired)
        {
            from.FindServers();
        }

        foreach (var pool in _pools.Values)
        {
            if (!ReferenceEquals(pool, from) && pool.Waiters.Count > 0
                && (ReferenceEquals(pool.Database, from.Database) || ReferenceEquals(pool.User, from.User)))
            {
                pool.FindServers();
            }
        }
    }

    private static ConnectionLimit Limit(Dictionary<string, ConnectionLimit> limits, string name)
    {
        if (!limits.TryGetValue(name, out var limit))
        {
            limits.Add(name, limit = new ConnectionLimit(name));
        }

        return limit;
    }
}
