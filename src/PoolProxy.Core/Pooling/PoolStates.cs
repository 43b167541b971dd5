using IPAddress = System.Net.IPAddress;

namespace PoolProxy.Core.Pooling;

/// <summary>
/// All pools over all loops, by database and login, and the limits that several of them share. A pool comes into being when the first client
/// needs it (or at start, where min_pool_size asks for it) and stays until RELOAD takes its database away. Any thread may call.
/// </summary>
internal sealed class PoolStates(int loopCount)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<PoolKey, PoolState> _pools = [];
    private readonly Dictionary<string, ConnectionLimit> _databases = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ConnectionLimit> _users = new(StringComparer.Ordinal);
    private volatile PoolState[] _all = [];
    private volatile bool _isPaused;

    /// <summary>What commands wait for that answer when servers are gone.</summary>
    public PoolNews News { get; } = new();

    /// <summary>The hosts that pools choose among.</summary>
    public HostRegistry Hosts { get; } = new();

    /// <summary>Whether a host name has lost an address, as far as is known; set once, before there are pools.</summary>
    public Func<string, IPAddress, bool> HasLost { get; set; } = static (_, _) => false;

    /// <summary>The pools of this moment.</summary>
    public IReadOnlyList<PoolState> All => _all;

    /// <summary>The databases that have or had a pool, or were paused.</summary>
    public IReadOnlyList<ConnectionLimit> Databases => Copy(_databases);

    /// <summary>The logins that have or had a pool.</summary>
    public IReadOnlyList<ConnectionLimit> Users => Copy(_users);

    /// <summary>PAUSE of everything: a database that comes into being meanwhile is paused too.</summary>
    public bool IsPaused => _isPaused;

    /// <summary>The pools of one database, or (empty) all.</summary>
    public IEnumerable<PoolState> Of(string database) => All.Where(pool => database.Length == 0 || pool.Key.Database == database);

    /// <summary>The limit of that name, made if there is none yet.</summary>
    public ConnectionLimit Database(string name)
    {
        lock (_gate)
        {
            return DatabaseWithin(name);
        }
    }

    public ConnectionLimit? FindDatabase(string name) => Find(_databases, name);

    public ConnectionLimit? FindUser(string name) => Find(_users, name);

    /// <summary>The pool, made with these settings if there is none yet.</summary>
    public PoolState Get(PoolKey key, Func<PoolConfig> config)
    {
        lock (_gate)
        {
            if (_pools.TryGetValue(key, out var known))
            {
                return known;
            }
        }

        // Settings may read certificates: not under the lock.
        var made = config();
        lock (_gate)
        {
            if (!_pools.TryGetValue(key, out var pool))
            {
                pool = new PoolState(key, made, DatabaseWithin(key.Database), Limit(_users, key.User), loopCount, News, Hosts);
                _pools.Add(key, pool);
                _all = [.. _pools.Values];
            }

            return pool;
        }
    }

    /// <summary>Takes a retired pool out: who comes from here on gets a new one. Loops that know it still have to retire their part.</summary>
    public void Remove(PoolState pool)
    {
        lock (_gate)
        {
            if (_pools.TryGetValue(pool.Key, out var known) && ReferenceEquals(known, pool))
            {
                _pools.Remove(pool.Key);
                _all = [.. _pools.Values];
            }
        }

        News.Tell();
    }

    /// <summary>A host name has other addresses now: servers at those that it has lost go as they come free, each by its own loop.</summary>
    public void NameChanged(string host, IReadOnlyCollection<IPAddress> addresses)
    {
        foreach (var pool in All)
        {
            if (pool.Config.Targets.Any(target => target.Host.Equals(host, StringComparison.OrdinalIgnoreCase)))
            {
                foreach (var part in pool.Parts)
                {
                    part.Loop.Post(static state =>
                    {
                        var (upkeep, host, addresses) = ((PoolUpkeep, string, IReadOnlyCollection<IPAddress>))state!;
                        upkeep.NameChanged(host, addresses);
                    }, (part.Upkeep, host, addresses));
                }
            }
        }
    }

    /// <summary>
    /// Forgets a name's limits and its state of paused and disabled, where no pool is left that has them: those of a database, and of a login. False, and nothing changes, where there
    /// is still something to know.
    /// </summary>
    public bool TryForgetDatabase(string name)
    {
        lock (_gate)
        {
            return _databases.TryGetValue(name, out var limit) && !limit.IsPaused && !limit.IsDisabled && limit.ClientCount == 0 && limit.ServerCount == 0
                && _pools.Keys.All(key => key.Database != name) && _databases.Remove(name);
        }
    }

    /// <summary>As <see cref="TryForgetDatabase"/>, of a login.</summary>
    public void ForgetUser(string name)
    {
        lock (_gate)
        {
            if (_users.TryGetValue(name, out var limit) && limit.ServerCount == 0 && _pools.Keys.All(key => key.User != name))
            {
                _users.Remove(name);
            }
        }
    }

    /// <summary>PAUSE and RESUME of one database, which may have no pool yet, or (null) of all, present and to come.</summary>
    public void SetPaused(string? database, bool isPaused)
    {
        lock (_gate)
        {
            if (database is not null)
            {
                DatabaseWithin(database).IsPaused = isPaused;
            }
            else
            {
                _isPaused = isPaused;
                foreach (var limit in _databases.Values)
                {
                    limit.IsPaused = isPaused;
                }
            }
        }

        News.Tell();
    }

    private static ConnectionLimit Limit(Dictionary<string, ConnectionLimit> limits, string name)
    {
        if (!limits.TryGetValue(name, out var limit))
        {
            limits.Add(name, limit = new ConnectionLimit(name));
        }

        return limit;
    }

    private ConnectionLimit DatabaseWithin(string name)
    {
        if (!_databases.ContainsKey(name))
        {
            Limit(_databases, name).IsPaused = _isPaused;
        }

        return _databases[name];
    }

    private ConnectionLimit? Find(Dictionary<string, ConnectionLimit> limits, string name)
    {
        lock (_gate)
        {
            return limits.GetValueOrDefault(name);
        }
    }

    private ConnectionLimit[] Copy(Dictionary<string, ConnectionLimit> limits)
    {
        lock (_gate)
        {
            return [.. limits.Values];
        }
    }
}
