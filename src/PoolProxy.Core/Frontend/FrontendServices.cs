using PoolProxy.Configuration.Model;
using Microsoft.Extensions.Logging;
using PoolProxy.Core.Audit;
using PoolProxy.Core.Authentication.Lookups;
using PoolProxy.Core.Authentication.Methods;
using PoolProxy.Core.Isolation;
using PoolProxy.Core.Loops;
using PoolProxy.Core.Relay;
using PoolProxy.Core.Transport.Tls;

namespace PoolProxy.Core.Frontend;

/// <summary>What the sessions of one loop need; the parts that RELOAD replaces are properties, read once per use. Owned by that loop.</summary>
internal sealed class FrontendServices
{
    public required Loop Loop { get; init; }

    /// <summary>What the loops have in common.</summary>
    public required SharedServices Shared { get; init; }

    public required RelayLoop Relay { get; init; }

    public required ClientRegistry Clients { get; init; }

    public required RouteDirectory Routes { get; init; }

    public required CancelRouter Cancels { get; init; }

    public required ClientParking Parking { get; init; }

    public required CancelKeys CancelKeys { get; init; }

    /// <summary>Startup packets that have come by, as read under the settings in force.</summary>
    public StartupCache Startups { get; } = new();

    public ILogger Log => Shared.Log;

    public AuditTrail Audit => Shared.Audit;

    public IdentityRegistry Identities => Shared.Identities;

    /// <summary>Who one more client on the route is, by what was proven.</summary>
    public ClientIdentity IdentityOn(Route route, LoginResult proof)
    {
        var naming = Routes.Plan.Database(route.Pool.Key.Database)?.ApplicationNameIdentity ?? Routes.Plan.Configuration.Proxy.ApplicationNameIdentity;
        return Identities.Acquire(
            proof.Issuer, proof.Subject, proof.Role, proof.RuleResults, proof.Claims,
            route.Dresser.Level == IsolationLevel.None ? ApplicationNameIdentity.Off : naming,
            proof.Limits.IsReadOnly);
    }

    /// <summary>Lookups of this loop's logins that wait.</summary>
    public UserLookups Lookups { get; } = new();

    public ClientCensus Census => Shared.Census;

    public IConsoleHost Console { get; set; } = null!;

    public ILoginMethod Method { get; set; } = null!;

    /// <summary>Judges tokens that are shown in the midst of a session; null where there are no issuers.</summary>
    public TokenLogin? Renewals { get; set; }

    public UserDirectory Users { get; set; } = null!;

    /// <summary>Null where client_tls_sslmode is disable.</summary>
    public TlsServerContext? Tls { get; set; }
}
