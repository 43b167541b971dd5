using PoolProxy.Core.Authentication.Methods;
using PoolProxy.Core.Backend;
using PoolProxy.Core.Errors;
using PoolProxy.Core.Isolation;
using PoolProxy.Core.Telemetry;
using PoolProxy.Core.Transport;
using PoolProxy.Identity.Tokens;

namespace PoolProxy.Core.Frontend;

/// <summary>
/// The last steps of a login that wants a database, after who it is has been proven:
/// 1. where it may go: database, role, limits;
/// 2. what servers are like there, from the pool's first server, which it may have to wait for;
/// 3. once more what may have changed while it waited: a RELOAD, a revocation, a pool that was forgotten, seats that others took;
/// 4. its seat, and in the same turn AuthenticationOk to ReadyForQuery and over to the relay.
/// Cold code on the loop.
/// </summary>
internal sealed class DatabaseEntry(FrontendServices services, ClientSession session, ColdChannel channel, LoginAccount account, LoginResult proof, StartupSettings startup)
{
    public async Task EnterAsync()
    {
        while (!await TryEnterAsync())
        {
            // Nobody used the pool, it was forgotten meanwhile, and another takes its place.
        }
    }

    /// <summary>False where the pool was forgotten meanwhile; else it is in, or refused, or over.</summary>
    private async Task<bool> TryEnterAsync()
    {
        var route = services.Routes.Find(proof.Route ?? startup.Database, proof.Role, out var error);
        error ??= Limits(route!);
        if (error is not null)
        {
            account.Refuse(error, error.SqlState);
            return true;
        }

        account.Role = proof.Role;
        services.Routes.Teach(route!, proof);
        if (startup.Replication != ReplicationKind.None)
        {
            await EnterReplicationAsync(route!);
            return true;
        }

        var state = route!.Pool.State;
        if (state.Welcome is null || state.Refusal is not null)
        {
            error = await WaitForServerAsync(route);
            if (account.IsOver)
            {
                return true;
            }

            if (state.IsForgotten)
            {
                return false;
            }

            if (error is not null)
            {
                account.Refuse(error, error.Message);
                return true;
            }

            // A RELOAD may have come meanwhile.
            if (!state.IsRetired && !services.Routes.StillServes(route, proof.Role))
            {
                account.Refuse(ProxyErrors.NoLongerAdmitted, "no_longer_admitted");
                return true;
            }
        }

        return !state.IsForgotten && TakePlace(route);
    }

    /// <summary>Null once the pool has a welcome; else why it has none.</summary>
    private async Task<ProxyError?> WaitForServerAsync(Route route)
    {
        account.MustBeThere();
        var waiter = new WelcomeWaiter(route.Pool, services.Routes.SettingsFor(route, session.User, proof.ExpiryGrace, proof.Limits).QueryWaitTimeout);
        account.GiveUp = () => waiter.GiveUp(LoginErrors.ClientLoginTimeout);
        var error = await waiter.RunAsync();
        account.GiveUp = null;
        return error;
    }

    /// <summary>From here to the relay nothing comes between. False where the pool was forgotten.</summary>
    private bool TakePlace(Route route)
    {
        var state = route.Pool.State;

        // Taken away by a RELOAD, of which this loop may not even know yet.
        if (state.IsRetired)
        {
            account.Refuse(ProxyErrors.DatabaseRemoved, "database_removed");
            return true;
        }

        // A revocation has looked for sessions, and found a login.
        if (proof.Facts is { } facts && services.Shared.Revocations.Registry.Find(facts) is not null)
        {
            account.Refuse(account.Exchange!.Refusal, nameof(TokenRefusal.Revoked));
            return true;
        }

        // Others that logged in with this one, here or on another loop, may have taken the last places meanwhile.
        if (TakeSeat(route) is { } full)
        {
            if (state.IsForgotten)
            {
                return false;
            }

            account.Refuse(full, full.Message);
            return true;
        }

        Grant();
        var welcome = startup.WelcomeOn(route, state.Welcome!, proof.Role, RuleGift.Of(proof), services.Relay.Registry);
        Greeting.Write(services, session, channel, account.Version, welcome.Messages.Span);
        session.Serve(channel, route, services.IdentityOn(route, proof), welcome, proof);
        return true;
    }

    private async Task EnterReplicationAsync(Route route)
    {
        account.MustBeThere();

        // It looks for itself, by the connection's end.
        account.GiveUp = static () => { };
        var (server, error) = await ReplicationLogin.OpenAsync(services, route, proof, startup, () => session.Connection.IsClosed);
        account.GiveUp = null;
        if (account.IsOver)
        {
            server?.Discard(services.Routes.Pools);
            return;
        }

        error ??= route.Pool.State.IsRetired ? ProxyErrors.DatabaseRemoved : TakeSeat(route);
        if (error is not null)
        {
            server?.Discard(services.Routes.Pools);
            account.Refuse(error, error.Message);
            return;
        }

        Grant();
        Greeting.Write(services, session, channel, account.Version, Welcome.Compose(server!.Facts.Reported));
        session.ServeReplication(channel, server, startup.Replication, proof);
    }

    private void Grant()
    {
        account.Report(null);
        if (services.Routes.Plan.Configuration.Proxy.LogConnections)
        {
            services.Log.ClientLoggedIn(session, startup.Database, startup.User, proof.Role, proof.Issuer, proof.Subject);
        }
    }

    private ProxyError? Limits(Route route)
    {
        var database = route.Pool.State.Database;
        if (database.IsDisabled)
        {
            return ProxyErrors.DatabaseDisabled(session.Database);
        }

        if (!database.HasClientRoom)
        {
            return ProxyErrors.TooManyDatabaseClients;
        }

        // By the name that the client came with, as PgBouncer counts; the servers' login may be the same for everybody.
        var limit = services.Routes.MaxClientsOf(session.User);
        return limit > 0 && services.Census.ServedCountOf(session.User) >= limit ? ProxyErrors.TooManyUserClients : null;
    }

    private ProxyError? TakeSeat(Route route) => route.Pool.State.Database.IsDisabled
        ? ProxyErrors.DatabaseDisabled(session.Database)
        : session.TakeSeat(route, proof) switch
        {
            SeatResult.Taken => null,
            SeatResult.PoolIsGone => ProxyErrors.DatabaseRemoved,
            SeatResult.DatabaseIsFull => ProxyErrors.TooManyDatabaseClients,
            SeatResult.PersonHasEnough => RuleErrors.TooManyConnections,
            _ => ProxyErrors.TooManyUserClients,
        };
}
