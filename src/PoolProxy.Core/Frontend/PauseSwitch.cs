namespace PoolProxy.Core.Frontend;

/// <summary>PAUSE and RESUME: a paused database gives servers to nobody, and closes them as they come free; its clients wait.</summary>
internal static class PauseSwitch
{
    /// <summary>For one database, or (null) for all.</summary>
    public static void Set(RouteDirectory routes, string? database, bool isPaused)
    {
        if (database is null)
        {
            routes.Pools.IsPaused = isPaused;
        }
        else
        {
            // It may have no pool yet: its clients to come have to wait too.
            routes.Pools.Database(database);
        }

        foreach (var limit in routes.Pools.Databases.Values)
        {
            if (database is null || limit.Name == database)
            {
                limit.IsPaused = isPaused;
            }
        }

        foreach (var pool in routes.Pools.Pools)
        {
            if (database is not null && pool.Key.Database != database)
            {
                continue;
            }

            if (isPaused)
            {
                pool.CloseIdle(Backend.CloseReason.Administrator);
            }
            else
            {
                pool.FindServers();
            }
        }
    }
}
