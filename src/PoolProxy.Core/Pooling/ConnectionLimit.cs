using PoolProxy.Core.PreparedStatements;

namespace PoolProxy.Core.Pooling;

/// <summary>
/// A limit over several pools (max_db_connections, max_user_connections) and the state that goes with its name: paused and disabled.
/// Shared by the pools of one database, or of one login, on all loops; any thread may ask.
/// </summary>
internal sealed class ConnectionLimit(string name)
{
    private volatile int _maxServers;
    private volatile int _maxClients;
    private volatile bool _isPaused;
    private volatile bool _isDisabled;
    private int _serverCount;
    private int _clientCount;
    private int _evictions;
    private int _isWanted;

    public string Name { get; } = name;

    /// <summary>Of a database: the changes to its schema that have passed through.</summary>
    public SchemaClock Schema { get; } = new();

    /// <summary>Server connections; 0 is unlimited.</summary>
    public int MaxServers
    {
        get => _maxServers;
        set => _maxServers = value;
    }

    /// <summary>Client connections; 0 is unlimited.</summary>
    public int MaxClients
    {
        get => _maxClients;
        set => _maxClients = value;
    }

    /// <summary>Logging in, free and in use.</summary>
    public int ServerCount => Volatile.Read(ref _serverCount);

    /// <summary>Changed under the lock of the census of clients alone.</summary>
    public int ClientCount
    {
        get => Volatile.Read(ref _clientCount);
        set => Volatile.Write(ref _clientCount, value);
    }

    /// <summary>PAUSE: nobody gets a server, and servers are closed as they come free.</summary>
    public bool IsPaused
    {
        get => _isPaused;
        set => _isPaused = value;
    }

    /// <summary>DISABLE or KILL: new clients are refused.</summary>
    public bool IsDisabled
    {
        get => _isDisabled;
        set => _isDisabled = value;
    }

    public bool HasServerRoom => MaxServers == 0 || ServerCount < MaxServers;

    public bool HasClientRoom => MaxClients == 0 || ClientCount < MaxClients;

    /// <summary>Counts one more server, if the limit has room.</summary>
    public bool TryAddServer()
    {
        while (true)
        {
            var (count, max) = (ServerCount, MaxServers);
            if (max > 0 && count >= max)
            {
                return false;
            }

            if (Interlocked.CompareExchange(ref _serverCount, count + 1, count) == count)
            {
                return true;
            }
        }
    }

    public void RemoveServer() => Interlocked.Decrement(ref _serverCount);

    /// <summary>A free server is about to be closed to make room: one at a time, or several would go for one that is wanted.</summary>
    public bool TryBeginEviction() => Interlocked.CompareExchange(ref _evictions, 1, 0) == 0;

    /// <summary>One is being closed for that.</summary>
    public bool IsEvicting => Volatile.Read(ref _evictions) != 0;

    /// <summary>Somebody has looked for a free server to take the place of, and found none: the next one that comes free is to be heard of.</summary>
    public void Want() => Volatile.Write(ref _isWanted, 1);

    /// <summary>Whether anybody does; asked once for each <see cref="Want"/>. Cheap: every server that comes free asks.</summary>
    public bool TakeWant() => Volatile.Read(ref _isWanted) != 0 && Interlocked.Exchange(ref _isWanted, 0) != 0;

    public void EndEviction() => Volatile.Write(ref _evictions, 0);
}
