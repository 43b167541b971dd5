using PoolProxy.Core.Backend;
using PoolProxy.Core.Loops;

namespace PoolProxy.Core.Pooling;

/// <summary>Whether a server can be given to a client as it is. Asked within the gate of its pool's state, or on its own loop.</summary>
internal static class ServerFitness
{
    /// <summary>Idle for so long that it is checked before use; SHOW calls it used.</summary>
    public static bool IsStale(ServerConnection server, PoolConfig config, long nowMilliseconds) =>
        config.CheckQuery is not null && server.State == ServerState.Idle && !server.IsChecked
        && nowMilliseconds - server.StateSinceMilliseconds >= config.CheckDelay.InMilliseconds();

    /// <summary>
    /// When its server_lifetime is over, on the loops' clock. Zero means that it is used once: from its first use on it has none left. One that nobody has used yet is kept
    /// for its use; there PgBouncer's janitor is stricter than PgBouncer's manual.
    /// </summary>
    public static long OverDue(ServerConnection server, PoolConfig config) =>
        config.ServerLifetime > TimeSpan.Zero ? server.ConnectedMilliseconds + config.ServerLifetime.InMilliseconds() : server.HasServed ? 0 : TimerNode.Never;

    /// <summary>It is done with and should go, now: to be replaced, too old, or beyond the size.</summary>
    public static bool IsSpent(ServerConnection server, PoolConfig config, PoolBooks books, long nowMilliseconds)
    {
        server.IsCloseNeeded |= server.Epoch != books.Epoch;
        return server.IsCloseNeeded
            || OverDue(server, config) <= nowMilliseconds
            || (config.PoolSize > 0 && books.ServerCount > config.PoolSize + config.ReservePoolSize);
    }
}
