using Microsoft.Extensions.Logging;
using PoolProxy.Core.Backend;
using PoolProxy.Core.Loops;

namespace PoolProxy.Core.Pooling;

/// <summary>The pools that one loop has clients or servers of, and its way to the others. Owned by that loop.</summary>
internal sealed class PoolDirectory(Loop loop, PoolStates states, IServerOpener opener, ILogger log)
{
    private readonly Dictionary<PoolKey, Pool> _pools = [];

    public Loop Loop { get; } = loop;

    /// <summary>The pools over all loops.</summary>
    public PoolStates States { get; } = states;

    public IServerOpener Opener { get; } = opener;

    public ILogger Log { get; } = log;

    public IReadOnlyCollection<Pool> Pools => _pools.Values;

    /// <summary>This loop's part of the pools of one database, or (empty) of all.</summary>
    public Pool[] Of(string database) => [.. _pools.Values.Where(pool => database.Length == 0 || pool.Key.Database == database)];

    /// <summary>This loop's part of the pool; the pool is made with these settings if there is none yet.</summary>
    public Pool Get(PoolKey key, Func<PoolConfig> config)
    {
        Loop.AssertCurrent();
        if (_pools.TryGetValue(key, out var pool) && pool.State.IsForgotten)
        {
            // On another loop, of which this one has not been told yet.
            Remove(pool);
            pool = null;
        }

        if (pool is null)
        {
            _pools.Add(key, pool = new Pool(this, States.Get(key, config)));
        }

        return pool;
    }

    /// <summary>Takes a pool out: its clients here are told, its servers closed as they come free.</summary>
    public void Remove(Pool pool)
    {
        Loop.AssertCurrent();
        if (_pools.Remove(pool.Key))
        {
            States.Remove(pool.State);
            pool.Upkeep.Retire();
        }
    }

    /// <summary>
    /// Closes a free server of another pool under the same limit, the one idle for longest, so that the needy one may open one. True when
    /// there is room now; where the server lives on another loop the room comes later, and <see cref="RoomMade"/> tells.
    /// </summary>
    public bool TryMakeRoom(PoolState? needy, ConnectionLimit limit)
    {
        while (!limit.HasServerRoom)
        {
            // Ahead of the look: a server that comes free behind it tells.
            limit.Want();
            if (!limit.TryBeginEviction())
            {
                return false;
            }

            var (pool, server) = OldestSpare(needy, limit);
            if (server is null)
            {
                limit.EndEviction();
                return false;
            }

            if (!pool!.Look(server, static (books, _, _, wanted) => books.TryWithdraw(wanted)))
            {
                // Taken meanwhile.
                limit.EndEviction();
                continue;
            }

            if (server.Loop != Loop)
            {
                server.Loop.Post(static state => Evict(((ServerConnection, ConnectionLimit))state!), (server, limit));
                return false;
            }

            Evict((server, limit));
        }

        return true;
    }

    /// <summary>
    /// A server of <paramref name="from"/> is gone: whoever waits under the same limits may open one. While somebody does, <paramref name="from"/> does not fill itself up again:
    /// the server may have gone to make room for him.
    /// </summary>
    public void RoomMade(Pool from)
    {
        var isNeeded = WakeOthers(from);
        if (!isNeeded || from.State.WaiterCount > 0)
        {
            from.Dispatch.Run();
        }

        from.Janitor.Schedule();
    }

    /// <summary>A server of <paramref name="from"/> is free, and nobody waits for it there: it can make room for others under the same limits, where they have asked for that.</summary>
    public void SpareMade(Pool from)
    {
        if (from.State.Database.TakeWant() | from.State.User.TakeWant())
        {
            WakeOthers(from);
        }
    }

    private bool WakeOthers(Pool from)
    {
        var doWait = false;
        foreach (var pool in States.All)
        {
            if (pool != from.State && pool.WaiterCount > 0 && (pool.Database == from.State.Database || pool.User == from.State.User))
            {
                doWait = true;
                pool.Look(0, static (_, waiters, _, _) => waiters.Head?.Home)?.Dispatch.RunSoon();
            }
        }

        return doWait;
    }

    private static void Evict((ServerConnection Server, ConnectionLimit Limit) eviction)
    {
        eviction.Limit.EndEviction();
        eviction.Server.Close(CloseReason.Evicted);
    }

    private (PoolState? Pool, ServerConnection? Server) OldestSpare(PoolState? needy, ConnectionLimit limit)
    {
        (PoolState? Pool, ServerConnection? Server) oldest = default;
        foreach (var pool in States.All)
        {
            if (pool != needy && (pool.Database == limit || pool.User == limit) && pool.Look(0, static (books, waiters, _, _) => SpareIn(books, waiters)) is { } spare
                && (oldest.Server is null || spare.StateSinceMilliseconds < oldest.Server.StateSinceMilliseconds))
            {
                oldest = (pool, spare);
            }
        }

        return oldest;
    }

    /// <summary>The server idle for longest, where nobody waits for it; it stays free.</summary>
    private static ServerConnection? SpareIn(PoolBooks books, WaiterQueue waiters) =>
        waiters.Count == 0 ? books.Idle.MinBy(server => server.StateSinceMilliseconds) : null;
}
