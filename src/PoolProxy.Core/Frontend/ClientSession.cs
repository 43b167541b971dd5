using PoolProxy.Configuration.Model;
using PoolProxy.Core.Authentication.Methods;
using PoolProxy.Core.Backend;
using PoolProxy.Core.Backend.Parameters;
using PoolProxy.Core.Errors;
using PoolProxy.Core.Isolation;
using PoolProxy.Core.Loops;
using PoolProxy.Core.Notifications;
using PoolProxy.Core.Pooling;
using PoolProxy.Core.Relay;
using PoolProxy.Core.Relay.Replication;
using PoolProxy.Core.Telemetry;
using PoolProxy.Core.Transport;
using PoolProxy.Identity.Rules;

namespace PoolProxy.Core.Frontend;

/// <summary>
/// A client's life: registered when it is accepted, login (<see cref="ClientOpening"/>), serving (<see cref="RelayClient"/>, which is put away while
/// the client is idle, or the console), and the end, which undoes in reverse what the beginning did, exactly once. Owned by one loop.
/// </summary>
internal sealed class ClientSession : IRelayOwner, IConnectionHandler, INotifiedClient
{
    /// <summary>Numbers to be drawn before one is shared with another client, which happens where they are few.</summary>
    private const int NumberTries = 16;

    private readonly FrontendServices _services;
    private ClientOpening? _opening;
    private bool _isLoggingIn = true;
    private Route? _route;
    private SessionProof? _proof;
    private RuleLimits _limits = RuleLimits.None;
    private ServerShare? _share;
    private RuleGift _gift;
    private ConsoleAccess _consoleAccess;

    public ClientSession(FrontendServices services, Connection connection)
    {
        _services = services;
        Connection = connection;
        ConnectMilliseconds = services.Loop.NowMilliseconds;
        Id = services.Census.NextId();
        var tries = 0;
        do
        {
            CancelProcessId = services.CancelKeys.NextProcessId(services.Shared.Loops.Count);
            if (++tries == NumberTries)
            {
                services.Clients.AddNamesake(CancelProcessId, this);
                break;
            }
        }
        while (!services.Clients.TryAdd(CancelProcessId, this));

        services.Census.LoginBegins();
    }

    public long Id { get; }

    public Connection Connection { get; }

    public DateTimeOffset ConnectTime =>
        _services.Loop.Time.GetUtcNow() - TimeSpan.FromMilliseconds(_services.Loop.NowMilliseconds - ConnectMilliseconds);

    public long ConnectMilliseconds { get; }

    public string User { get; set; } = "";

    public string Database { get; set; } = "";

    public string ApplicationName { get; set; } = "";

    /// <summary>Its number in the registry from the beginning, and half of its key for cancels.</summary>
    public int CancelProcessId { get; }

    public CancelSecret CancelSecret { get; private set; }

    /// <summary>Serves it; null while it logs in, is in the console, or is parked.</summary>
    public RelayClient? Relay { get; private set; }

    /// <summary>What is kept of its relay while it is idle; else null.</summary>
    public ParkedRelay? Parked { get; private set; }

    /// <summary>Its place in <see cref="ClientParking"/>, which alone writes it.</summary>
    public int AwakeIndex { get; set; }

    public ClientIdentity? Identity { get; private set; }

    public TimeSpan ExpiryGrace { get; private set; }

    /// <summary>Its token, where the issuer is asked about it again and again; else null.</summary>
    public AskedToken? Asked { get; private set; }

    /// <summary>What its right rests on, from the end of its login; in the console too.</summary>
    public SessionProof? Proof
    {
        // Without a token it holds nothing that the session does not know, and idle clients are many: it is not kept.
        get => _proof ?? (_state is ClientState.Active or ClientState.Console or ClientState.Replicating ? SessionProof.WithoutToken(User, Identity?.Role ?? "", ConnectTime) : null);
        private set => _proof = value is { Issuer.Length: 0 } ? null : value;
    }

    /// <summary>Who is behind it, where a token says so.</summary>
    private Person? Person => _proof is { } proof ? new Person(proof.Issuer, proof.Subject) : null;

    /// <summary>Not a client at all: the connection brought a CancelRequest. Its end is nothing to log, as in PgBouncer.</summary>
    public bool IsCancelRequest { get; set; }

    /// <summary>[limits] has turned it away: it takes nobody's place, and its end is nothing to log.</summary>
    public void TurnAway()
    {
        _isLoggingIn = false;
        IsTurnedAway = true;
        _services.Census.LoginEnds();
    }

    /// <summary>See <see cref="TurnAway"/>.</summary>
    public bool IsTurnedAway { get; private set; }

    /// <summary>Ends a client of the console, where no relay does.</summary>
    public Action<ProxyError>? EndConsole { get; set; }

    private ClientState _state = ClientState.Login;

    public ClientState State => _state == ClientState.Active && Relay is { IsWaiting: true } ? ClientState.Waiting : _state;

    /// <summary>A replication client and its server; else null.</summary>
    public ReplicationTunnel? Replication { get; private set; }

    /// <summary>What its startup packet asked for.</summary>
    public ReplicationKind ReplicationKind { get; private set; }

    /// <summary>Served, without a server at present.</summary>
    public bool IsIdle => _state == ClientState.Active && Relay is null or { IsLinked: false };

    /// <summary>The pool that serves it, once it is past its login.</summary>
    public Pool? Pool => _state == ClientState.Active ? _route!.Pool : null;

    /// <summary>Its session's parameters, while it is served.</summary>
    public ParameterSet? Parameters => Relay?.Parameters ?? Parked?.Parameters;

    /// <summary>Address and port as logs, SHOW and audit name them.</summary>
    public string Address => Connection.RemoteEndPoint is { } remote ? $"{remote.Address}:{remote.Port}" : "unix";

    /// <summary>Waits for the first bytes.</summary>
    public void Begin()
    {
        _opening = new ClientOpening(_services, this);
        _opening.Begin();
    }

    /// <summary>A parked client asks for something.</summary>
    void IConnectionHandler.OnReceived(Connection connection, in ReceivedBytes bytes) => Wake().OnReceived(connection, in bytes);

    void IConnectionHandler.OnDrained(Connection connection) => Parked?.Channels?.Flush();

    void IConnectionHandler.OnEnd(Connection connection, ConnectionEnd end) => Finish(RelayOutcome.ClientLost);

    /// <summary>Says why, and ends a login.</summary>
    public void Refuse(ColdChannel channel, ProxyError error)
    {
        if (!Connection.IsClosed)
        {
            channel.Write(error.AsFatal().Wire.Span);
            LogSaid(error);
        }

        Finish(RelayOutcome.Refused, error);
    }

    /// <summary>The login is granted: the secret for cancels, of the length that the client's protocol version has.</summary>
    public void IssueKey(int secretBytes) => CancelSecret = _services.CancelKeys.NextSecret(secretBytes);

    /// <summary>A place among the served, where the limits allow one more; the client counts from here to its end.</summary>
    public SeatResult TakeSeat(Route route, LoginResult proof)
    {
        Person? person = proof.Issuer.Length > 0 ? new Person(proof.Issuer, proof.Subject) : null;

        // Counted first, and then looked: see PoolState.TryForget.
        route.Pool.ClientCount++;
        Interlocked.MemoryBarrier();
        if (route.Pool.State.IsForgotten)
        {
            route.Pool.ClientCount--;
            return SeatResult.PoolIsGone;
        }

        var result = _services.Census.TakeSeat(User, _services.Routes.MaxClientsOf(User), person, proof.Limits.MaxConnections, route.Pool.State.Database);
        if (result == SeatResult.Taken)
        {
            Proof = ProofOf(proof);
            _isLoggingIn = false;
            _route = route;
            route.Pool.ClientCame();
        }
        else
        {
            route.Pool.ClientCount--;
        }

        return result;
    }

    /// <summary>From login to serving: what was read beyond the login goes to the relay here.</summary>
    public void Serve(ColdChannel channel, Route route, ClientIdentity identity, Welcome welcome, LoginResult proof)
    {
        EndLogin();
        _state = ClientState.Active;
        Identity = identity;
        ExpiryGrace = proof.ExpiryGrace;
        Ask(proof.Asked);
        _limits = proof.Limits;
        _gift = RuleGift.Of(proof);
        route.Pool.Stats.ClientLoginCount++;
        var relay = new RelayClient(
            this, _services.Relay, Connection, route, identity, welcome.Parameters, welcome.StartupParameters,
            _services.Routes.SettingsFor(route, User, proof.ExpiryGrace, _limits));
        SetExpiry(relay, proof);
        relay.Rights.SessionEnd = EndOf(proof);
        TakeShare(route, proof);
        if (_share is { } share)
        {
            relay.Link.Limit(share);
        }

        Relay = relay;
        _services.Parking.Add(this);
        relay.Start(channel.Detach().Span);
    }

    /// <summary>
    /// It has shown a fresh token of its own identity: the session rests on that from here on. What its rule says of the session's length counts from the login.
    /// </summary>
    public void Renew(LoginResult proof)
    {
        Proof = ProofOf(proof);
        Ask(proof.Asked);
        var relay = Relay!;
        SetExpiry(relay, proof);
        if (ExpiryGrace != proof.ExpiryGrace)
        {
            ExpiryGrace = proof.ExpiryGrace;
            relay.Reconfigure(_services.Routes.SettingsFor(_route!, User, ExpiryGrace, _limits));
        }
    }

    private void Ask(AskedToken? token)
    {
        Asked?.Wipe();
        Asked = token;
        token?.DueMilliseconds = _services.Loop.NowMilliseconds + token.Interval.InMilliseconds();
    }

    private void SetExpiry(RelayClient relay, LoginResult proof)
    {
        if (proof.ExpiresAt is { } expiry)
        {
            relay.Rights.ExpiresAtMilliseconds = OnLoopsClock(expiry);
        }
    }

    /// <summary>The rules come to something else for it, which it has yet to become; null otherwise.</summary>
    public RuleFollowing? Following { get; set; }

    /// <summary>Where it is served, once it is.</summary>
    public Route? Route => _route;

    /// <summary>RELOAD: what the rules in force give to who is behind the session.</summary>
    public void Follow(LoginResult result, bool remaps)
    {
        if (_state is not (ClientState.Active or ClientState.Console))
        {
            return;
        }

        if (result.Error is not null)
        {
            End(ProxyErrors.NoLongerAdmitted);
        }
        else if (_state == ClientState.Active)
        {
            new RuleFollowing(_services, this, result).Begin(remaps);
        }
        else if (result.Console != _consoleAccess)
        {
            End(RuleErrors.RulesChanged);
        }
    }

    /// <summary>The session ends when its rule has it now.</summary>
    public void Bound(LoginResult result)
    {
        var relay = Relay ?? Wake();
        relay.Rights.SessionEnd = EndOf(result);
        relay.Times.Update();
    }

    /// <summary>A parked session becomes what the rules give now: other role, servers, parameters, limits.</summary>
    public void Move(Route route, LoginResult proof)
    {
        var (from, parked) = (_route!, Parked!);
        if (!_services.Census.TryMove(from.Pool.State.Database, route.Pool.State.Database))
        {
            End(ProxyErrors.TooManyDatabaseClients);
            return;
        }

        GiveUpShare();
        from.Pool.ClientCount--;
        route.Pool.ClientCount++;
        route.Pool.ClientCame();
        _route = route;
        var before = Identity!;
        Identity = _services.IdentityOn(route, proof);
        _services.Identities.Release(before);
        Proof = ProofOf(proof) with { Since = Proof!.Since };
        _limits = proof.Limits;
        TakeShare(route, proof);

        var (gift, registry) = (RuleGift.Of(proof), _services.Relay.Registry);
        parked.Parameters = _gift.Exchange(gift, parked.Parameters, route.Pool.State.Welcome?.Parameters ?? registry.Empty, registry);
        parked.StartupParameters = _gift.Exchange(gift, parked.StartupParameters, registry.Empty, registry);
        _gift = gift;
        parked.Settings = _services.Routes.SettingsFor(route, User, ExpiryGrace, _limits);
        parked.SessionEnd = EndOf(proof);
        Wake();
    }

    private SessionProof ProofOf(LoginResult proof) =>
        SessionProof.Of(proof, _services.Loop.Time.GetUtcNow(), _services.Routes.Plan.Configuration.Proxy.ChangedRules != ChangedRules.Keep);

    private SessionEnd? EndOf(LoginResult proof) => proof.SessionEndsAt is { } end ? new SessionEnd(OnLoopsClock(end), proof.SessionEnd) : null;

    private void TakeShare(Route route, LoginResult proof) =>
        _share = proof.Limits.MaxServers is null ? null : route.Pool.State.Shares.Acquire(proof.Issuer, proof.Subject);

    private void GiveUpShare()
    {
        if (_share is { } share && Person is { } person)
        {
            _route!.Pool.State.Shares.Release(person.Issuer, person.Subject, share);
            _share = null;
        }
    }

    private long OnLoopsClock(DateTimeOffset moment) => _services.Loop.NowMilliseconds + (long)(moment - _services.Loop.Time.GetUtcNow()).TotalMilliseconds;

    /// <summary>Takes its relay away if it has been idle since then or longer; false where there is more to it than can be kept.</summary>
    public bool TryPark(long latestMilliseconds)
    {
        if (ParkedRelay.TryTake(Relay!, latestMilliseconds, static (session, _) => ((ClientSession)session!).Wake(), this) is not { } parked)
        {
            return false;
        }

        _services.Parking.Remove(this);
        (Relay, Parked) = (null, parked);
        parked.Channels?.Client = this;
        Connection.Handler = this;
        return true;
    }

    // A parked client is idle: nothing of it is under way that a notification could come into.
    bool INotifiedClient.MayBeNotified => true;

    void INotifiedClient.ClaimSettled()
    {
    }

    void INotifiedClient.EndUnnotified(ProxyError error) => Wake().EndUnnotified(error);

    // Something happens to a parked client: the relay finds out what is to be done, its deadlines included.
    private RelayClient Wake()
    {
        var parked = Parked!;
        Parked = null;
        Relay = new RelayClient(
            this, _services.Relay, Connection, _route!, Identity!, parked.Parameters, parked.StartupParameters, parked.Settings);
        if (_share is { } share)
        {
            Relay.Link.Limit(share);
        }

        _services.Parking.Add(this);
        Relay.Restore(parked);
        return Relay;
    }

    /// <summary>From login to replication: what was read beyond the login goes to its server.</summary>
    public void ServeReplication(ColdChannel channel, DedicatedServer server, ReplicationKind kind, LoginResult proof)
    {
        EndLogin();
        _state = ClientState.Replicating;
        Proof = ProofOf(proof);
        ReplicationKind = kind;
        _route!.Pool.Stats.ClientLoginCount++;
        Replication = new ReplicationTunnel(Connection, server, _services.Routes.Pools, Ended);
        Replication.Start(channel.Detach().Span);
    }

    /// <summary>From login to the console.</summary>
    public void ServeConsole(ColdChannel channel, LoginResult proof)
    {
        EndLogin();
        Proof = ProofOf(proof);
        _consoleAccess = proof.Console;
        Ask(proof.Asked);
        _state = ClientState.Console;
        _services.Census.CountConsole(+1);
        _services.Console.Open(this, proof.Console, channel.Detach());
    }

    /// <inheritdoc/>
    public ProxyError? FindRevocation() => _services.Shared.Revocations.Find(Proof);

    /// <inheritdoc/>
    public void BeginRenewal(int ticket, ReadOnlySpan<byte> token)
    {
        var renewal = new SessionRenewal(_services, this, ticket, token.ToArray());
        _services.Loop.Run(static state => ((SessionRenewal)state!).RunAsync(), renewal);
    }

    /// <inheritdoc/>
    public void Ended(RelayOutcome outcome, ProxyError? error)
    {
        LogSaid(error);
        Finish(outcome, error);
    }

    /// <summary>RELOAD: new timeouts and bounds; the proof stays as it is. Whom the file would send elsewhere now is ended.</summary>
    public void Reconfigure()
    {
        if (_state == ClientState.Replicating && _route!.Pool.State.IsRetired)
        {
            End(ProxyErrors.DatabaseRemoved);
        }

        if (_state != ClientState.Active || _route is not { } route)
        {
            return;
        }

        if (route.Pool.State.IsRetired)
        {
            End(ProxyErrors.DatabaseRemoved);
        }
        else if (!_services.Routes.StillServes(route, Identity!.Role) || !IsIssuerKept(_services.Routes.Plan.Configuration))
        {
            End(ProxyErrors.NoLongerAdmitted);
        }
        else
        {
            (Relay ?? Wake()).Reconfigure(_services.Routes.SettingsFor(route, User, ExpiryGrace, _limits));
        }
    }

    private bool IsIssuerKept(ProxyConfiguration configuration) =>
        configuration.Proxy.RemovedIssuer == RemovedIssuer.Keep || Identity!.Issuer.Length == 0 || configuration.Issuers.ContainsKey(Identity.Issuer);

    /// <summary>Ends the client from outside: KILL, shutdown, RELOAD.</summary>
    public void End(ProxyError error)
    {
        switch (_state)
        {
            case ClientState.Active:
                (Relay ?? Wake()).End(RelayOutcome.Administrator, error);
                break;
            case ClientState.Replicating:
                Replication?.End(RelayOutcome.Administrator, error);
                break;
            case ClientState.Console:
                EndConsole?.Invoke(error);
                break;
            case ClientState.Login:
                _opening?.GiveUp("ended_from_outside");

                // In the middle of a handshake there is no way to say anything.
                if (Connection.Tls is null || Connection.IsTls)
                {
                    Connection.Send(error.AsFatal().Wire.Span);
                }

                Finish(RelayOutcome.Administrator, error);
                break;
            default:
                break;
        }
    }

    /// <summary>The end: closes what is open and takes the client off every list it is on. Only the first call does anything.</summary>
    /// <param name="outcome">How it ended.</param>
    /// <param name="said">What it was told, which is then the reason that the log names; null for nothing.</param>
    public void Finish(RelayOutcome outcome, ProxyError? said = null)
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
            _services.Loop.Run(static session => ((ClientSession)session!)._services.Shared.Suspension.ConsoleGoneAsync(((ClientSession)session).Id), this);
        }

        if (Relay is not null)
        {
            _services.Parking.Remove(this);
        }

        Replication?.Close();
        Ask(null);
        Parked?.Drop(_services.Loop, _route!);
        Parked = null;
        _state = ClientState.Gone;
        Connection.Close();
        GiveUpSeat();
        GiveUpShare();
        if (Identity is { } identity)
        {
            _services.Identities.Release(identity);
        }

        _services.Clients.Remove(this);
        if (IsCancelRequest)
        {
            _services.Log.CancelClosing(this, outcome.Text());
        }
        else if (!IsTurnedAway && _services.Routes.Plan.Configuration.Proxy.LogDisconnections)
        {
            _services.Log.ClientClosing(this, said?.Message ?? outcome.Text(), (_services.Loop.NowMilliseconds - ConnectMilliseconds) / 1000);
        }
    }

    private void LogSaid(ProxyError? error)
    {
        if (error is not null && !IsTurnedAway && _services.Routes.Plan.Configuration.Proxy.LogPoolerErrors)
        {
            _services.Log.PoolerError(this, error.Message);
        }
    }

    private void EndLogin()
    {
        _opening?.Stop();
        _opening = null;
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
            _services.Census.Leave(User, Person, route.Pool.State.Database);
            route.Pool.ClientCount--;
        }
    }

    /// <summary>As logs name it: <c>C-0x1f: database/user@address</c>.</summary>
    public override string ToString() => $"C-0x{Id:x}: {(Database.Length == 0 ? "(nodb)" : Database)}/{(User.Length == 0 ? "(nouser)" : User)}@{Address}";
}
