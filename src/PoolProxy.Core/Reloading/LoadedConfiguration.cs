using PoolProxy.Configuration;
using PoolProxy.Configuration.Model;
using PoolProxy.Core.Authentication.Methods;
using PoolProxy.Core.Authentication.Revocation;
using PoolProxy.Core.Authentication.Tokens;
using PoolProxy.Core.Frontend;
using PoolProxy.Core.Transport.Tls;

namespace PoolProxy.Core.Reloading;

/// <summary>
/// A configuration with everything that it names read and compiled: users, certificates, key sets' policies, routes. Built off the loop;
/// putting it in force cannot fail any more.
/// </summary>
internal sealed record LoadedConfiguration(
    ProxyConfiguration Configuration,
    UserDirectory Users,
    HbaRules Hba,
    TokenPolicies? Tokens,
    TlsServerContext? Tls,
    RoutePlan Routes,
    byte[]? AuditKey)
{
    /// <summary>What was taken back, by the files; null where none is named.</summary>
    public FiledRevocations? Revocations { get; init; }

    /// <summary>Who may transmit security events.</summary>
    public IReadOnlyList<EventTransmitter> Transmitters { get; init; } = [];

    /// <summary>Settings that were read and have nothing to say here.</summary>
    public IReadOnlyList<ConfigurationFault> Notes { get; init; } = [];
}
