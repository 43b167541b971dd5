using PoolProxy.Core.Authentication.Limits;
using PoolProxy.Core.Errors;
using PoolProxy.Core.Loops;
using PoolProxy.Core.Relay;
using PoolProxy.Core.Telemetry;
using PoolProxy.Core.Transport;

namespace PoolProxy.Core.Frontend;

/// <summary>
/// A client between its acceptance and the end of its login. The login begins with the first bytes: one that has said everything in them is over
/// before anything is awaited. At the latest it ends with client_login_timeout. Nothing of this is kept for the client's life.
/// </summary>
internal sealed class ClientOpening(FrontendServices services, ClientSession session) : TimerNode, IConnectionHandler
{
    /// <summary>How long one that is turned away may take to say what it wants, in milliseconds: enough to be told why, and too little to be in the way.</summary>
    private const long TurnedAwayMilliseconds = 1000;

    private ColdChannel? _channel;
    private ClientLogin? _login;
    private LoginPasses? _passes;
    private ProxyError? _turnedAway;

    /// <summary>Waits for the first bytes.</summary>
    public void Begin()
    {
        if (services.Shared.Guard.IsOn)
        {
            EnterAddress();
        }

        var timeout = _turnedAway is null ? (long)services.Routes.Plan.Configuration.Proxy.ClientLoginTimeout.TotalMilliseconds : TurnedAwayMilliseconds;
        if (timeout > 0)
        {
            services.Loop.Timers.Arm(this, services.Loop.NowMilliseconds + timeout);
        }

        session.Connection.Handler = this;
        session.Connection.StartReading();
    }

    /// <summary>The client is ended from outside: its login gives up what it waits for, and the audit trail says so.</summary>
    public void GiveUp(string reason) => _login?.Report(reason);

    /// <summary>The login is over.</summary>
    public void Stop()
    {
        services.Loop.Timers.Disarm(this);
        _passes?.Leave();
    }

    void IConnectionHandler.OnReceived(Connection connection, in ReceivedBytes bytes)
    {
        _channel = new ColdChannel(connection, bytes.Span);
        services.Loop.Run(static opening => ((ClientOpening)opening!).RunAsync(), this);
    }

    void IConnectionHandler.OnDrained(Connection connection)
    {
    }

    void IConnectionHandler.OnEnd(Connection connection, ConnectionEnd end) => session.Finish(RelayOutcome.ClientLost);

    /// <inheritdoc/>
    protected internal override void OnDue(long nowMilliseconds)
    {
        if (services.Loop.Standstill.TryPutOff(this))
        {
            return;
        }

        GiveUp("client_login_timeout");
        session.End(LoginErrors.ClientLoginTimeout);
    }

    // Before TLS and before anything is read. The answer waits for the first bytes, which may be a CancelRequest: that is no login.
    private void EnterAddress()
    {
        _passes = new LoginPasses(services.Shared.Guard, session.Connection.RemoteEndPoint?.Address);
        var verdict = _passes.EnterAddress();
        if (verdict != LimitVerdict.Admitted)
        {
            _turnedAway = LimitErrors.Of(verdict);
            session.TurnAway();
            services.Log.ClientTurnedAway(session, verdict.ToString());
        }
    }

    private async Task RunAsync()
    {
        var channel = _channel!;
        _login = new ClientLogin(services, session, channel, _passes, _turnedAway);
        try
        {
            await _login.RunAsync();
        }
        catch (ConnectionEndedException)
        {
            _login.Report("client_lost");
            session.Finish(RelayOutcome.ClientLost);
        }
        catch (ProtocolViolationException violation)
        {
            session.Refuse(channel, ProxyErrors.MalformedMessage(violation.Message));
            _login.Report("protocol_violation");
        }
        catch (Exception)
        {
            // Nobody expected this one: the loop logs it. What the login holds goes back now, and not when client_login_timeout ends it, if anything does.
            _login.Report("internal_error");
            session.Refuse(channel, ProxyErrors.Internal);
            throw;
        }
    }
}
