using PoolProxy.Configuration.Model;
using PoolProxy.Core.Authentication.Methods;
using PoolProxy.Core.Backend;
using PoolProxy.Core.Errors;
using PoolProxy.Core.Isolation;
using PoolProxy.Core.Pooling;

namespace PoolProxy.Core.Frontend;

/// <summary>
/// A replication connection's own server. Only where PgBouncer's semantics hold (<c>isolation = "none"</c>) and nobody came by a token: what it
/// reads is everybody's, whatever role there is.
/// </summary>
internal static class ReplicationLogin
{
    /// <summary>The server, logged in as the pool's login with what the client asked for in the startup packet; or why there is none.</summary>
    /// <param name="services">The loop's.</param>
    /// <param name="route">The way that the login has found.</param>
    /// <param name="proof">Of the login.</param>
    /// <param name="startup">What it asked for.</param>
    /// <param name="isGone">Whether the client has left meanwhile: then both are null.</param>
    public static async Task<(DedicatedServer? Server, ProxyError? Error)> OpenAsync(
        FrontendServices services, Route route, LoginResult proof, StartupSettings startup, Func<bool> isGone)
    {
        var (limit, pools) = (route.Pool.State.Database, services.Routes.Pools);
        while (!isGone())
        {
            if (limit.IsPaused)
            {
                // As other clients' transactions do, it waits for RESUME.
                await ServerWatch.UntilAsync(services.Loop, pools.States.News, () => !limit.IsPaused || isGone());
                continue;
            }

            if (!IsAllowed(services, route, proof))
            {
                return (null, LoginErrors.ReplicationRefused);
            }

            var (server, error) = await OpenOnceAsync(services, route, startup);
            if (server is null)
            {
                return (null, error);
            }

            if (!server.IsOutdated && !limit.IsPaused && IsAllowed(services, route, proof))
            {
                return (server, null);
            }

            // Opened under a configuration, or ahead of an administrator's command, that has not found it in any list: looked at again.
            server.Discard(pools);
        }

        return (null, null);
    }

    private static bool IsAllowed(FrontendServices services, Route route, LoginResult proof) =>
        proof.Issuer.Length == 0 && services.Routes.Plan.Database(route.Pool.Key.Database) is { } database && services.Routes.Plan.LevelOf(database) == IsolationLevel.None;

    private static async Task<(DedicatedServer? Server, ProxyError? Error)> OpenOnceAsync(FrontendServices services, Route route, StartupSettings startup)
    {
        KeyValuePair<string, string> asked = new("replication", startup.Replication == ReplicationKind.Logical ? "database" : "true");
        try
        {
            var server = await DedicatedServer.OpenAsync(route.Pool, services.Routes.Pools, [asked, .. startup.Parameters]);
            return (server, server is null ? LoginErrors.NoRoomForReplication : null);
        }
        catch (ServerLoginException)
        {
            return (null, ProxyErrors.ServerLoginFailed);
        }
    }
}
