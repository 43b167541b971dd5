using PoolProxy.Configuration.Model;
using PoolProxy.Core.Errors;
using PoolProxy.Core.Isolation;
using PoolProxy.Core.Pooling;

namespace PoolProxy.Core.Notifications;

/// <summary>
/// The servers that listen for clients, one for each database and role; a client of any loop finds here the one that listens for its kind. Any thread may call; nothing is done
/// under the lock but to look up and count.
/// </summary>
internal sealed class ListeningServers
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ListeningKey, ListeningServer> _servers = [];

    /// <summary>
    /// The server for one more client, made if there is none; to be given back with <see cref="Release"/>. Null with a <paramref name="refusal"/> where the pool
    /// would have no server left for anything else.
    /// </summary>
    /// <param name="pool">The client's pool on its loop.</param>
    /// <param name="identity">Who it is.</param>
    /// <param name="encoding">Its client_encoding.</param>
    /// <param name="patience">How long a server is waited for.</param>
    /// <param name="refusal">Why there is none.</param>
    public ListeningServer? Acquire(Pool pool, ClientIdentity identity, string encoding, TimeSpan patience, out ProxyError? refusal)
    {
        var config = pool.Config;
        object? scope = config.Isolation switch
        {
            IsolationLevel.SetRole => identity.Role,
            IsolationLevel.Exclusive => identity,
            _ => null,
        };
        var key = new ListeningKey(pool.State, scope, encoding);
        refusal = null;
        lock (_gate)
        {
            if (!_servers.TryGetValue(key, out var server))
            {
                if (config.PoolSize > 0 && _servers.Keys.Count(known => ReferenceEquals(known.Pool, key.Pool)) + 2 > config.PoolSize)
                {
                    refusal = ProxyErrors.ListenNeedsServer(config.PoolSize);
                    return null;
                }

                _servers.Add(key, server = new ListeningServer(this, key, pool, patience));
            }

            server.UserCount++;
            return server;
        }
    }

    /// <summary>A client is done with it.</summary>
    public void Release(ListeningServer server)
    {
        bool isUnused;
        lock (_gate)
        {
            isUnused = --server.UserCount == 0;
        }

        if (isUnused)
        {
            server.UnusedSoon();
        }
    }

    /// <summary>Takes it out of reach if nobody uses it.</summary>
    public bool TryRetire(ListeningServer server)
    {
        lock (_gate)
        {
            return server.UserCount == 0 && Remove(server);
        }
    }

    /// <summary>It is gone: who comes from here on gets another.</summary>
    public void Forget(ListeningServer server)
    {
        lock (_gate)
        {
            Remove(server);
        }
    }

    private bool Remove(ListeningServer server) =>
        _servers.TryGetValue(server.Key, out var known) && ReferenceEquals(known, server) && _servers.Remove(server.Key);
}
