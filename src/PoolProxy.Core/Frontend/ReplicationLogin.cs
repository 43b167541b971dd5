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
    public static async Task<(DedicatedServer? Server, ProxyError? Error)> OpenAsync(FrontendServices services, Route route, LoginResult proof, StartupSettings startup)
    {
        var database = services.Routes.Plan.Database(route.Pool.Key.Database);
        if (database is null || services.Routes.Plan.LevelOf(database) != IsolationLevel.None || proof.Issuer.Length > 0)
        {
            return (null, LoginErrors.ReplicationRefused);
        }

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
