using PoolProxy.Core.Authentication.Limits;
using PoolProxy.Core.Authentication.Methods;
using PoolProxy.Core.Backend;
using PoolProxy.Core.Errors;
using PoolProxy.Core.Telemetry;
using PoolProxy.Core.Transport;

namespace PoolProxy.Core.Frontend;

/// <summary>
/// A client's login, step by step (protocol-flow.html#PROTOCOL-FLOW-START-UP):
/// 1. SSLRequest, GSSENCRequest, CancelRequest or the startup packet; TLS as client_tls_sslmode wants it (<see cref="ClientStartup"/>);
/// 2. what is refused whoever it is (<see cref="LoginAdmission"/>);
/// 3. who it is: the method of auth_type, behind auth_query where that is to be asked; until that is proven every refusal reads the same;
/// 4. where it may go, and over to the relay or the console (<see cref="DatabaseEntry"/>, <see cref="ConsoleEntry"/>).
/// Every attempt leaves one line in the audit trail (<see cref="LoginAccount"/>). Cold code on the loop.
/// </summary>
/// <param name="services">The loop's.</param>
/// <param name="session">The client.</param>
/// <param name="channel">Its bytes.</param>
/// <param name="passes">Its way past [limits]; null where there are none.</param>
/// <param name="turnedAway">What [limits] has to say against it from the beginning, or null.</param>
internal sealed class ClientLogin(FrontendServices services, ClientSession session, ColdChannel channel, LoginPasses? passes, ProxyError? turnedAway)
{
    private readonly LoginAccount _account = new(services, session, channel, passes);

    public async Task RunAsync()
    {
        // One that was ended while its packet came has given everything back, and must take nothing more.
        var opening = new ClientStartup(services, session, channel, turnedAway);
        if (await opening.ReadAsync() is not { } startup || _account.IsOver)
        {
            return;
        }

        (_account.Startup, _account.Version) = (startup, opening.Version);
        session.User = startup.User;
        session.Database = startup.Database;
        session.ApplicationName = startup.ApplicationName;
        var isConsole = ConsoleEntry.IsConsole(startup.Database);
        if (LoginAdmission.Check(services, session, isConsole) is { } refusal)
        {
            _account.Refuse(refusal, "not_admitted");
            return;
        }

        LogAttempt(startup);
        if (isConsole && startup.Replication != ReplicationKind.None)
        {
            _account.Refuse(LoginErrors.NoReplicationOfConsole, "console_replication");
            return;
        }

        if (await ProveAsync(startup, isConsole) is not { } proof)
        {
            return;
        }

        if (opening.Fault is { } fault)
        {
            _account.Refuse(fault, "startup_parameter");
        }
        else if (isConsole)
        {
            ConsoleEntry.Enter(services, session, channel, _account, proof);
        }
        else
        {
            await new DatabaseEntry(services, session, channel, _account, proof, startup).EnterAsync();
        }
    }

    /// <summary>The line of the audit trail; the first call counts.</summary>
    public void Report(string? reason) => _account.Report(reason);

    /// <summary>Who it is; null where it was refused, or is over.</summary>
    private async ValueTask<LoginResult?> ProveAsync(StartupSettings startup, bool isConsole)
    {
        var exchange = new LoginExchange(channel, startup.User, startup.Database, isConsole) { IsPhysicalReplication = startup.Replication == ReplicationKind.Physical };
        var method = OwnerMethod.IsFor(exchange) ? OwnerMethod.Instance : services.Method.For(exchange);
        (_account.Exchange, _account.Method, _account.IsByName) = (exchange, method.Name, method.IsByName);
        if (method.IsByName && !method.IsProvenByKernel && TurnsAway(passes?.EnterIdentity("", startup.User), "identity"))
        {
            return null;
        }

        channel.Left = _account.OnLeft;
        var proof = _account.Proof = await LookUpAsync(method, exchange) ?? (_account.IsOver ? null : await method.RunAsync(exchange));
        if (proof is null || _account.IsOver)
        {
            CountLate();
            return null;
        }

        if (proof.Error is { } error)
        {
            _account.Refuse(error, proof.Reason ?? "refused");
            return null;
        }

        return !method.IsByName && (TurnsAway(passes?.EnterIdentity(proof.Issuer, proof.Subject), "identity") || TurnsAway(passes?.EnterIssuer(proof.Issuer), "issuer"))
            ? null
            : proof;
    }

    /// <summary>Asks auth_query where no file knows the user. Null: the login goes on, or is over; else why nobody can be asked.</summary>
    private async ValueTask<LoginResult?> LookUpAsync(ILoginMethod method, LoginExchange exchange)
    {
        if (!LoginLookup.IsNeeded(services, method, exchange))
        {
            return null;
        }

        _account.MustBeThere();
        var lookup = new LoginLookup(services, session, exchange);
        _account.GiveUp = () => lookup.GiveUp(LoginErrors.ClientLoginTimeout);
        var failed = await lookup.RunAsync();
        _account.GiveUp = null;
        if (!_account.IsOver)
        {
            return failed;
        }

        _account.Report("client_lost");
        return null;
    }

    /// <summary>A password that a directory or PAM has refused counts against the client, although it has gone meanwhile: to leave early must not make guessing free.</summary>
    private void CountLate()
    {
        if (_account is { Exchange: { IsAskedOutside: true, Decided: null }, Proof: { Error: not null, IsNoFailure: false } })
        {
            passes?.FailUnproven(_account.Startup!.User);
        }
    }

    private bool TurnsAway(LimitVerdict? verdict, string scope)
    {
        if (verdict is null or LimitVerdict.Admitted)
        {
            return false;
        }

        _account.Refuse(LimitErrors.Of(verdict.Value), $"{scope}_{verdict}");
        return true;
    }

    private void LogAttempt(StartupSettings startup)
    {
        if (services.Routes.Plan.Configuration.Proxy.LogConnections)
        {
            var replication = startup.Replication switch { ReplicationKind.None => "no", ReplicationKind.Logical => "database", _ => "yes" };
            services.Log.ClientLoginAttempt(session, startup.Database, startup.User, TlsText.Of(session.Connection) ?? "no", replication);
        }
    }
}
