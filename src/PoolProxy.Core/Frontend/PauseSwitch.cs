namespace PoolProxy.Core.Frontend;

/// <summary>PAUSE and RESUME: a paused database gives servers to nobody, and closes them as they come free; its clients wait.</summary>
internal static class PauseSwitch
{
    /// <summary>For one database, or (null) for all. In force on every loop at once; returns when each has seen to its own servers and clients.</summary>
    public static Task SetAsync(SharedServices shared, string? database, bool isPaused)
    {
        // First the switch: a server that comes free behind its loop's turn is closed by whoever frees it.
        shared.Pools.SetPaused(database, isPaused);
        return shared.OnEachAsync(services =>
        {
            foreach (var pool in services.Routes.Pools.Of(database ?? ""))
            {
                if (isPaused)
                {
                    pool.Upkeep.CloseIdle(Backend.CloseReason.Administrator);
                }
                else
                {
                    pool.Dispatch.Run();
                    pool.Janitor.Schedule();
                }
            }
        });
    }
}
