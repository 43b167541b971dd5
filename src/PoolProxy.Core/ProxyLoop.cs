using Microsoft.Extensions.Logging;
using PoolProxy.Core.Authentication.Methods;
using PoolProxy.Core.Authentication.Tokens;
using PoolProxy.Core.Backend;
using PoolProxy.Core.Frontend;
using PoolProxy.Core.Loops;
using PoolProxy.Core.Pooling;
using PoolProxy.Core.Relay;
using PoolProxy.Core.Relay.Auditing;
using PoolProxy.Core.Reloading;
using PoolProxy.Core.Transport;

namespace PoolProxy.Core;

/// <summary>One loop with all that lives on it. Made and stopped by the program; everything else on the loop itself.</summary>
internal sealed class ProxyLoop
{
    public ProxyLoop(int index, SharedServices shared, EngineChoice engine, ILogger log)
    {
        Loop = new Loop(index, TimeProvider.System, log, engine.Create);
        var opener = new ServerOpener(Loop, shared.Parameters, shared.Resolver);
        var clients = new ClientRegistry();
        Services = new FrontendServices
        {
            Loop = Loop,
            Shared = shared,
            Relay = new RelayLoop(Loop, shared.Parameters) { Listening = shared.Listening, Admissions = shared.Admissions },
            Clients = clients,
            Routes = new RouteDirectory(new PoolDirectory(Loop, shared.Pools, opener, log), shared.Routes, shared.Parameters, log),
            Cancels = new CancelRouter(shared, clients, opener),
            Parking = new ClientParking(Loop),
            CancelKeys = new CancelKeys(index, shared.PeerId),
        };
    }

    public Loop Loop { get; }

    public FrontendServices Services { get; }

    /// <summary>A configuration comes into force: who logs in is judged by it, pools and clients get their new settings.</summary>
    public void Apply(LoadedConfiguration loaded, TokenAuthenticator? tokens)
    {
        if (Services.Users is { } before)
        {
            loaded.Users.Succeed(before);
        }

        Services.Users = loaded.Users;
        Services.Tls = loaded.Tls;
        Services.Method = LoginMethods.For(loaded.Configuration, loaded.Users, loaded.Hba, tokens, Services.Shared.Outside, TimeProvider.System);
        Services.Renewals = LoginMethods.ForRenewals(loaded.Configuration, tokens, TimeProvider.System);
        Record(StatementPolicy.Of(loaded.Configuration.Audit));
        Services.Startups.Clear();
        Services.Routes.Apply(loaded.Routes, prefills: Loop.Index == 0);
        foreach (var client in Services.Clients.All.ToArray())
        {
            client.Reconfigure();
        }
    }

    /// <summary>Clients take it up, or lay it down, with their next request.</summary>
    private void Record(StatementPolicy? policy)
    {
        var relay = Services.Relay;
        if (relay.Audit is { } audit)
        {
            audit.Apply(policy);
            relay.Audit = policy is null ? null : audit;
        }
        else if (policy is not null)
        {
            relay.Audit = new LoopAudit(Services.Audit, Loop, policy);
        }
    }

    /// <summary>A client has connected to this loop.</summary>
    public void Accept(Connection connection) => new ClientSession(Services, connection).Begin();
}
