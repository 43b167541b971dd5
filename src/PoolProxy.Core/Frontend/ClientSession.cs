using PoolProxy.Configuration.Model;
using PoolProxy.Core.Authentication.Methods;
using PoolProxy.Core.Errors;
using PoolProxy.Core.Isolation;
using PoolProxy.Core.Relay;
using PoolProxy.Core.Telemetry;
using PoolProxy.Core.Transport;

namespace PoolProxy.Core.Frontend;

/// <summary>
/// A client's life: registered when it is accepted, login (<see cref="ClientLogin"/>), serving (<see cref="RelayClient"/>, or the console), and
/// the end, which undoes in reverse what the beginning did, exactly once. Owned by one loop.
/// </summary>
internal sealed class ClientSession : IRelayOwner
{
    private readonly FrontendServices _services;
    private readonly LoginDeadline _loginDeadline;
    private bool _isLoggingIn = true;
    private Route? _route;

    public ClientSession(FrontendServices services, Connection connection)
    {
        _services = services;
        Connection = connection;
        ConnectTime = services.Loop.Time.GetUtcNow();
        ConnectMilliseconds = services.Loop.NowMilliseconds;
        Id = services.Census.NextId();
        services.Clients.Add(this);
        services.Census.LoginBegins();
        _loginDeadline = new LoginDeadline(this, services.Loop);
    }

    public long Id { get; }

    public Connection Connection { get; }

    public DateTimeOffset ConnectTime { get; }

    public long ConnectMilliseconds { get; }

    public string User { get; set; } = "";

    public string Database { get; set; } = "";

    public string ApplicationName { get; set; } = "";

    public int CancelProcessId { get; private set; }

    public byte[] CancelSecret { get; private set; } = [];

    public RelayClient? Relay { get; private set; }

    public ClientIdentity? Identity { get; private set; }

    public TimeSpan ExpiryGrace { get; private set; }

    /// <summary>Not a client at all: the connection brought a CancelRequest. Its end is nothing to log, as in PgBouncer.</summary>
    public bool IsCancelRequest { get; set; }

    /// <summary>Ends a client of the console, where no relay does.</summary>
    public Action<ProxyError>? EndConsole { get; set; }

    private ClientState _state = ClientState.Login;

    public ClientState State => _state == ClientState.Active && Relay is { IsWaiting: true } ? ClientState.Waiting : _state;

    /// <summary>Address and port as logs, SHOW and audit name them.</summary>
    public string Address => Connection.RemoteEndPoint is { } remote ? $"{remote.Address}:{remote.Port}" : "unix";

    /// <summary>Runs the login and starts the serving.</summary>
    public async Task RunAsync()
    {
        var channel = new ColdChannel(Connection);
        var login = new ClientLogin(_services, this, channel);
        try
        {
            _loginDeadline.Start(_services.Routes.Plan.Configuration.Proxy.ClientLoginTimeout, login);
            await login.RunAsync();
        }
        catch (ConnectionEndedException)
        {
            login.Report("client_lost");
            Finish(RelayOutcome.ClientLost);
        }
        catch (ProtocolViolationException violation)
        {
            Refuse(channel, ProxyErrors.MalformedMessage(violation.Message));
            login.Report("protocol_violation");
        }
    }

    /// <summary>Says why, and ends a login.</summary>
    public void Refuse(ColdChannel channel, ProxyError error)
    {
        if (!Connection.IsClosed)
        {
            channel.Write(error.AsFatal().Wire.Span);
        }

        Finish(RelayOutcome.Refused);
    }

    /// <summary>The login is granted: the key for cancels, of the length that the client's protocol version has.</summary>
    public void IssueKey(int secretBytes) => (CancelProcessId, CancelSecret) = _services.Shared.CancelKeys.Issue(_services.Loop.Index, Id, secretBytes);

    /// <summary>A place among the served, where the limits allow one more; the client counts from here to its end.</summary>
    public SeatResult TakeSeat(Route route)
    {
        var result = _services.Census.TakeSeat(User, _services.Routes.MaxClientsOf(User), route.Pool.State.Database);
        if (result == SeatResult.Taken)
        {
            _isLoggingIn = false;
            _route = route;
            route.Pool.ClientCount++;
        }

        return result;
    }

    /// <summary>From login to serving: what was read beyond the login goes to the relay here.</summary>
    public void Serve(ColdChannel channel, Route route, ClientIdentity identity, StartupSettings startup, LoginResult proof)
    {
        EndLogin();
        _state = ClientState.Active;
        Identity = identity;
        ExpiryGrace = proof.ExpiryGrace;
        route.Pool.Stats.ClientLoginCount++;
        var registry = _services.Relay.Registry;
        var start = route.Pool.State.Welcome!.Parameters;
        start = registry.Names.Find("application_name") is { } name ? registry.With(start, name, ReadOnlySpan<byte>.Empty) : start;
        var relay = new RelayClient(
            this, _services.Relay, Connection, route, identity, startup.Track(start, registry), startup.Track(registry.Empty, registry),
            _services.Routes.SettingsFor(route, User, proof.ExpiryGrace));
        if (proof.ExpiresAt is { } expiry)
        {
            relay.ExpiresAtMilliseconds = _services.Loop.NowMilliseconds + (long)(expiry - _services.Loop.Time.GetUtcNow()).TotalMilliseconds;
        }

        Relay = relay;
        relay.Start(channel.Detach().Span);
    }

    /// <summary>From login to the console.</summary>
    public void ServeConsole(ColdChannel channel, ConsoleAccess access)
    {
        EndLogin();
        _state = ClientState.Console;
        _services.Census.CountConsole(+1);
        _services.Console.Open(this, access, channel.Detach());
    }

    /// <inheritdoc/>
    public void Ended(RelayOutcome outcome, ProxyError? error)
    {
        if (error is not null && _services.Routes.Plan.Configuration.Proxy.LogPoolerErrors)
        {
            _services.Log.PoolerError(this, error);
        }

        Finish(outcome);
    }

    /// <summary>RELOAD: new timeouts and bounds; the proof stays as it is. Whom the file would send elsewhere now is ended.</summary>
    public void Reconfigure()
    {
        if (_state != ClientState.Active || _route is not { } route)
        {
            return;
        }

        if (route.Pool.State.IsRetired)
        {
            End(ProxyErrors.DatabaseRemoved);
        }
        else if (!_services.Routes.StillServes(route, Identity!.Role))
        {
            End(ProxyErrors.NoLongerAdmitted);
        }
        else
        {
            Relay!.Reconfigure(_services.Routes.SettingsFor(route, User, ExpiryGrace));
        }
    }

    /// <summary>Ends the client from outside: KILL, shutdown, RELOAD.</summary>
    public void End(ProxyError error)
    {
        switch (_state)
        {
            case ClientState.Active:
                Relay!.End(RelayOutcome.Administrator, error);
                break;
            case ClientState.Console:
                EndConsole?.Invoke(error);
                break;
            case ClientState.Login:
                _loginDeadline.GiveUp("ended_from_outside");

                // In the middle of a handshake there is no way to say anything.
                if (Connection.Tls is null || Connection.IsTls)
                {
                    Connection.Send(error.AsFatal().Wire.Span);
                }

                Finish(RelayOutcome.Administrator);
                break;
            default:
                break;
        }
    }

    /// <summary>The end: closes what is open and takes the client off every list it is on. Only the first call does anything.</summary>
    public void Finish(RelayOutcome outcome)
    {
        if (_state == ClientState.Gone)
        {
            return;
        }

        if (_state == ClientState.Login)
        {
            EndLogin();
        }

        else if (_state == ClientState.Console)
        {
            _services.Census.CountConsole(-1);
        }

        _state = ClientState.Gone;
        Connection.Close();
        GiveUpSeat();
        if (Identity is { } identity)
        {
            _services.Identities.Release(identity);
        }

        _services.Clients.Remove(this);
        if (CancelProcessId != 0)
        {
            _services.Shared.CancelKeys.Remove(CancelProcessId);
        }

        if (IsCancelRequest)
        {
            _services.Log.CancelClosing(this, outcome.ToString());
        }
        else if (_services.Routes.Plan.Configuration.Proxy.LogDisconnections)
        {
            _services.Log.ClientClosing(this, outcome.ToString(), (_services.Loop.NowMilliseconds - ConnectMilliseconds) / 1000);
        }
    }

    private void EndLogin()
    {
        _loginDeadline.Stop();
        if (_isLoggingIn)
        {
            _isLoggingIn = false;
            _services.Census.LoginEnds();
        }
    }

    private void GiveUpSeat()
    {
        if (_route is { } route)
        {
            _services.Census.Leave(User, route.Pool.State.Database);
            route.Pool.ClientCount--;
        }
    }

    /// <summary>As logs name it: <c>C-0x1f: database/user@address</c>.</summary>
    public override string ToString() => $"C-0x{Id:x}: {(Database.Length == 0 ? "(nodb)" : Database)}/{(User.Length == 0 ? "(nouser)" : User)}@{Address}";
}
