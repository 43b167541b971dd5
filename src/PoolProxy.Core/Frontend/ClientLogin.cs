using PoolProxy.Configuration.Model;
using PoolProxy.Core.Authentication.Limits;
using PoolProxy.Core.Authentication.Methods;
using PoolProxy.Core.Backend;
using PoolProxy.Core.Errors;
using PoolProxy.Core.Isolation;
using PoolProxy.Core.Relay;
using PoolProxy.Core.Telemetry;
using PoolProxy.Core.Transport;
using PoolProxy.Identity.Tokens;

namespace PoolProxy.Core.Frontend;

/// <summary>
/// A client's login, step by step (protocol-flow.html#PROTOCOL-FLOW-START-UP):
/// 1. SSLRequest, GSSENCRequest, CancelRequest or the startup packet; TLS as client_tls_sslmode wants it;
/// 2. who it is: the method of auth_type; until that is proven every refusal reads the same;
/// 3. where it may go: database, role, limits;
/// 4. what servers are like there, from the pool's first server; then AuthenticationOk to ReadyForQuery, and over to the relay.
/// Every attempt leaves one line in the audit trail. Cold code on the loop.
/// </summary>
/// <param name="services">The loop's.</param>
/// <param name="session">The client.</param>
/// <param name="channel">Its bytes.</param>
/// <param name="passes">Its way past [limits]; null where there are none.</param>
/// <param name="turnedAway">What [limits] has to say against it from the beginning, or null.</param>
internal sealed class ClientLogin(FrontendServices services, ClientSession session, ColdChannel channel, LoginPasses? passes, ProxyError? turnedAway)
{
    private readonly long _start = services.Loop.Time.GetTimestamp();
    private StartupSettings? _startup;
    private LoginExchange? _exchange;
    private LoginResult? _proof;
    private WelcomeWaiter? _welcome;
    private LoginLookup? _lookup;
    private string _method = "";
    private string _role = "";
    private bool _isByName;
    private bool _isLookingUp;
    private bool _hasLeft;
    private bool _isReported;
    private int _version;

    /// <summary>The client has gone or was ended: nobody is there to be told anything.</summary>
    private bool IsOver => _hasLeft || session.Connection.IsClosed;

    private ProxySettings Proxy => services.Routes.Plan.Configuration.Proxy;

    public async Task RunAsync()
    {
        var opening = new ClientStartup(services, session, channel, turnedAway);
        if (await opening.ReadAsync() is not { } startup)
        {
            return;
        }

        _version = opening.Version;
        _startup = startup;
        session.User = startup.User;
        session.Database = startup.Database;
        session.ApplicationName = startup.ApplicationName;
        if (LoginAdmission.Check(services, session, IsConsole(startup.Database)) is { } refusal)
        {
            Refuse(refusal, "not_admitted");
            return;
        }

        if (Proxy.LogConnections)
        {
            var replication = startup.Replication switch { ReplicationKind.None => "no", ReplicationKind.Logical => "database", _ => "yes" };
            services.Log.ClientLoginAttempt(session, startup.Database, startup.User, TlsText.Of(session.Connection) ?? "no", replication);
        }

        var isConsole = IsConsole(startup.Database);
        if (isConsole && startup.Replication != ReplicationKind.None)
        {
            Refuse(LoginErrors.NoReplicationOfConsole, "console_replication");
            return;
        }

        _exchange = new LoginExchange(channel, startup.User, startup.Database, isConsole) { IsPhysicalReplication = startup.Replication == ReplicationKind.Physical };
        var method = OwnerMethod.IsFor(_exchange) ? OwnerMethod.Instance : services.Method.For(_exchange);
        _method = method.Name;
        _isByName = method.IsByName;
        if (_isByName && !method.IsProvenByKernel && TurnsAway(passes?.EnterIdentity("", startup.User), "identity"))
        {
            return;
        }

        channel.Left = OnLeft;
        _proof = await ProveAsync(method);
        channel.Left = null;
        if (_proof is null || IsOver)
        {
            CountLate();
            return;
        }

        if (_proof.Error is { } error)
        {
            Refuse(error, _proof.Reason ?? "refused");
            return;
        }

        if (!_isByName && (TurnsAway(passes?.EnterIdentity(_proof.Issuer, _proof.Subject), "identity") || TurnsAway(passes?.EnterIssuer(_proof.Issuer), "issuer")))
        {
            return;
        }

        if (opening.Fault is { } fault)
        {
            Refuse(fault, "startup_parameter");
            return;
        }

        if (isConsole)
        {
            EnterConsole(_proof);
        }
        else
        {
            await EnterDatabaseAsync(_proof, startup);
        }
    }

    /// <summary>The line of the audit trail; the first call counts.</summary>
    public void Report(string? reason)
    {
        if (_isReported || _startup is null)
        {
            return;
        }

        _isReported = true;
        if (_proof is null && reason is "client_lost" or "client_login_timeout" && _exchange?.Decided is { } decided)
        {
            (_proof, reason) = (decided, decided.Reason);
        }

        _welcome?.GiveUp(LoginErrors.ClientLoginTimeout);
        _lookup?.GiveUp(LoginErrors.ClientLoginTimeout);
        _exchange?.Abandon?.Invoke();
        new LoginRecord(services, session, passes)
        {
            Startup = _startup,
            Proof = _proof,
            Method = _method,
            IsByName = _isByName,
            Role = _role,
            Duration = services.Loop.Time.GetElapsedTime(_start),
        }.Write(reason);
    }

    /// <summary>Runs the method, behind auth_query where no file knows the user. Null: the client has left meanwhile.</summary>
    private async ValueTask<LoginResult?> ProveAsync(ILoginMethod method)
    {
        if (LoginLookup.IsNeeded(services, method, _exchange!))
        {
            if (channel.End is { } end)
            {
                throw new ConnectionEndedException(end);
            }

            _lookup = new LoginLookup(services, session, _exchange!);
            _isLookingUp = true;
            var failed = await _lookup.RunAsync();
            _isLookingUp = false;
            if (IsOver)
            {
                Report("client_lost");
                return null;
            }

            if (failed is not null)
            {
                return failed;
            }
        }

        return await method.RunAsync(_exchange!);
    }

    /// <summary>
    /// The client has left, which nothing that is awaited of it would say: somebody else is asked about it. What it holds is given back at once. Of the rest of a login the
    /// client reads or writes something, and that says so.
    /// </summary>
    private void OnLeft()
    {
        if (!_isLookingUp && _exchange?.Abandon is null)
        {
            return;
        }

        _hasLeft = true;
        Report("client_lost");
        session.Finish(RelayOutcome.ClientLost);
    }

    /// <summary>A password that a directory or PAM has refused counts against the client, although it has gone meanwhile: to leave early must not make guessing free.</summary>
    private void CountLate()
    {
        if (_exchange is { IsAskedOutside: true, Decided: null } && _proof is { Error: not null, IsNoFailure: false })
        {
            passes?.FailUnproven(_startup!.User);
        }
    }

    private bool TurnsAway(LimitVerdict? verdict, string scope)
    {
        if (verdict is null or LimitVerdict.Admitted)
        {
            return false;
        }

        Refuse(LimitErrors.Of(verdict.Value), $"{scope}_{verdict}");
        return true;
    }

    private static bool IsConsole(string database) => database is "poolproxy" or "pgbouncer";

    private void EnterConsole(LoginResult proof)
    {
        if (proof.Console == ConsoleAccess.None)
        {
            Refuse(LoginErrors.UserNotAllowed(session.User), "no_console_access");
            return;
        }

        if (proof.Facts is { } facts && services.Shared.Revocations.Registry.Find(facts) is not null)
        {
            Refuse(_exchange!.Refusal, nameof(TokenRefusal.Revoked));
            return;
        }

        Report(null);
        Greet(Welcome.Compose(
            [
                new("server_version", ServerVersionOfConsole), new("client_encoding", "UTF8"), new("server_encoding", "UTF8"), new("DateStyle", "ISO"),
                new("TimeZone", "GMT"), new("standard_conforming_strings", "on"), new("is_superuser", proof.Console == ConsoleAccess.Admin ? "on" : "off"),
            ]));
        session.ServeConsole(channel, proof);
    }

    private static string ServerVersionOfConsole { get; } = $"{typeof(ClientLogin).Assembly.GetName().Version!.ToString(3)}/poolproxy";

    private async Task EnterDatabaseAsync(LoginResult proof, StartupSettings startup)
    {
        var route = services.Routes.Find(proof.Route ?? startup.Database, proof.Role, out var error);
        error ??= Limits(route!);
        if (error is not null)
        {
            Refuse(error, error.SqlState);
            return;
        }

        _role = proof.Role;
        services.Routes.Teach(route!, proof);
        if (startup.Replication != ReplicationKind.None)
        {
            await EnterReplicationAsync(route!, proof, startup);
            return;
        }

        var pool = route!.Pool;
        if (pool.State.Welcome is null || pool.State.Refusal is not null)
        {
            _welcome = new WelcomeWaiter(pool, services.Routes.SettingsFor(route, session.User, proof.ExpiryGrace, proof.Limits).QueryWaitTimeout);
            error = await _welcome.RunAsync();
            _welcome = null;
            if (session.Connection.IsClosed)
            {
                return;
            }

            if (pool.State.IsForgotten)
            {
                await EnterDatabaseAsync(proof, startup);
                return;
            }

            if (error is not null)
            {
                Refuse(error, error.Message);
                return;
            }

            // A RELOAD may have come meanwhile.
            if (!pool.State.IsRetired && !services.Routes.StillServes(route, proof.Role))
            {
                Refuse(ProxyErrors.NoLongerAdmitted, "no_longer_admitted");
                return;
            }
        }

        // Nobody used it, and another takes its place.
        if (pool.State.IsForgotten)
        {
            await EnterDatabaseAsync(proof, startup);
            return;
        }

        // Taken away by a RELOAD, of which this loop may not even know yet.
        if (pool.State.IsRetired)
        {
            Refuse(ProxyErrors.DatabaseRemoved, "database_removed");
            return;
        }

        // So may a revocation, which has looked for sessions and found a login: from here to the relay nothing comes between.
        if (proof.Facts is { } facts && services.Shared.Revocations.Registry.Find(facts) is not null)
        {
            Refuse(_exchange!.Refusal, nameof(TokenRefusal.Revoked));
            return;
        }

        // Others that logged in with this one, here or on another loop, may have taken the last places meanwhile.
        if (TakeSeat(route, proof) is { } full)
        {
            if (pool.State.IsForgotten)
            {
                await EnterDatabaseAsync(proof, startup);
                return;
            }

            Refuse(full, full.Message);
            return;
        }

        Report(null);
        if (Proxy.LogConnections)
        {
            services.Log.ClientLoggedIn(session, startup.Database, startup.User, proof.Role, proof.Issuer, proof.Subject);
        }

        var welcome = startup.WelcomeOn(route, pool.State.Welcome!, proof.Role, RuleGift.Of(proof), services.Relay.Registry);
        Greet(welcome.Messages.Span);
        session.Serve(channel, route, services.IdentityOn(route, proof), welcome, proof);
    }

    private async Task EnterReplicationAsync(Route route, LoginResult proof, StartupSettings startup)
    {
        var (server, error) = await ReplicationLogin.OpenAsync(services, route, proof, startup, () => session.Connection.IsClosed);
        if (session.Connection.IsClosed)
        {
            server?.Discard(services.Routes.Pools);
            return;
        }

        error ??= route.Pool.State.IsRetired ? ProxyErrors.DatabaseRemoved : TakeSeat(route, proof);
        if (error is not null)
        {
            server?.Discard(services.Routes.Pools);
            Refuse(error, error.Message);
            return;
        }

        Report(null);
        if (Proxy.LogConnections)
        {
            services.Log.ClientLoggedIn(session, startup.Database, startup.User, proof.Role, proof.Issuer, proof.Subject);
        }

        Greet(Welcome.Compose(server!.Facts.Reported));
        session.ServeReplication(channel, server, startup.Replication, proof);
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

    private ProxyError? TakeSeat(Route route, LoginResult proof) => route.Pool.State.Database.IsDisabled
        ? ProxyErrors.DatabaseDisabled(session.Database)
        : session.TakeSeat(route, proof) switch
        {
            SeatResult.Taken => null,
            SeatResult.PoolIsGone => ProxyErrors.DatabaseRemoved,
            SeatResult.DatabaseIsFull => ProxyErrors.TooManyDatabaseClients,
            SeatResult.PersonHasEnough => RuleErrors.TooManyConnections,
            _ => ProxyErrors.TooManyUserClients,
        };

    private void Greet(ReadOnlySpan<byte> messages) => Greeting.Write(services, session, channel, _version, messages);

    private void Refuse(ProxyError error, string reason)
    {
        Report(reason);
        if (_proof is { IsDiscovery: true })
        {
            services.Log.ClientAskedForDiscovery(session, _startup!.Database, _startup.User);
        }
        else
        {
            services.Log.ClientLoginFailed(session, _startup!.Database, _startup.User, reason);
        }

        session.Refuse(channel, error);
    }
}
