using Microsoft.Extensions.Logging;
using PoolProxy.Core.Audit;
using PoolProxy.Core.Authentication.Methods;
using PoolProxy.Core.Isolation;
using PoolProxy.Core.Loops;
using PoolProxy.Core.Relay;
using PoolProxy.Core.Transport.Tls;

namespace PoolProxy.Core.Frontend;

/// <summary>What every client's session needs; the parts that RELOAD replaces are properties, read once per use. Owned by one loop.</summary>
internal sealed class FrontendServices
{
    public required Loop Loop { get; init; }

    public required ILogger Log { get; init; }

    public required RelayLoop Relay { get; init; }

    public required ClientRegistry Clients { get; init; }

    public required RouteDirectory Routes { get; init; }

    public required IdentityRegistry Identities { get; init; }

    public required CancelRouter Cancels { get; init; }

    public required AuditTrail Audit { get; init; }

    public IConsoleHost Console { get; set; } = null!;

    public ILoginMethod Method { get; set; } = null!;

    public UserDirectory Users { get; set; } = null!;

    /// <summary>Null where client_tls_sslmode is disable.</summary>
    public TlsServerContext? Tls { get; set; }

    /// <summary>The proxy is going down: nobody logs in any more.</summary>
    public bool IsShuttingDown { get; set; }
}
