using Microsoft.Extensions.Logging;
using PoolProxy.Core.Audit;
using PoolProxy.Core.Authentication.Limits;
using PoolProxy.Core.Authentication.Outside;
using PoolProxy.Core.Authentication.Revocation;
using PoolProxy.Core.Backend.Parameters;
using PoolProxy.Core.Isolation;
using PoolProxy.Core.Loops;
using PoolProxy.Core.Naming;
using PoolProxy.Core.Notifications;
using PoolProxy.Core.Pooling;
using PoolProxy.Core.Relay;

namespace PoolProxy.Core.Frontend;

/// <summary>What the loops have in common: small things, each safe on its own, and the list of the loops.</summary>
internal sealed class SharedServices
{
    private volatile bool _isShuttingDown;
    private volatile bool _turnsLoginsAway;

    public SharedServices()
    {
        Revocations = new Revocations(this, new RevocationRegistry(TimeProvider.System, Admissions));
        Suspension = new Suspension(this, TimeProvider.System);
    }

    public required ILogger Log { get; init; }

    public required AuditTrail Audit { get; init; }

    public required ParameterRegistry Parameters { get; init; }

    public required HostResolver Resolver { get; init; }

    /// <summary><c>peer_id</c>, which keys are made with and read by; 0 has no peers.</summary>
    public int PeerId { get; init; }

    public required PeerForwarding Peers { get; init; }

    public required PoolStates Pools { get; init; }

    public RouteShares Routes { get; } = new();

    public IdentityRegistry Identities { get; } = new();

    /// <summary>Moves with each revocation.</summary>
    public AdmissionEpoch Admissions { get; } = new();

    public Revocations Revocations { get; }

    public Suspension Suspension { get; }

    public ListeningServers Listening { get; } = new();

    public ClientCensus Census { get; } = new();

    /// <summary>Whose logins are turned away before they are looked at.</summary>
    public required LoginGuard Guard { get; init; }

    /// <summary>What login methods ask outside of the process.</summary>
    public required OutsideProofs Outside { get; init; }

    public DenialLog Denials { get; } = new();

    public CancelSlots CancelSlots { get; } = new();

    /// <summary>Every loop's own, by the loop's index; complete before the first client is let in.</summary>
    public IReadOnlyList<FrontendServices> Loops { get; set; } = [];

    /// <summary>Does it on every loop, on each in its own turn; the task ends when the last has. Any thread.</summary>
    public Task OnEachAsync(Action<FrontendServices> action) => Task.WhenAll(Loops.Select(services => services.Loop.CallAsync(() => action(services))));

    /// <summary>Asks every loop; the answers are in the loops' order. Any thread.</summary>
    public Task<T[]> AskEachAsync<T>(Func<FrontendServices, T> question) =>
        Task.WhenAll(Loops.Select(services => services.Loop.AskAsync(() => question(services))));

    /// <summary>Nobody logs in any more.</summary>
    public bool TurnsLoginsAway
    {
        get => _turnsLoginsAway;
        set => _turnsLoginsAway = value;
    }

    /// <summary>The proxy is going down.</summary>
    public bool IsShuttingDown
    {
        get => _isShuttingDown;
        set => _isShuttingDown = value;
    }
}
