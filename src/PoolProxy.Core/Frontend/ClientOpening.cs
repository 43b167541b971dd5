using PoolProxy.Core.Errors;
using PoolProxy.Core.Loops;
using PoolProxy.Core.Relay;
using PoolProxy.Core.Transport;

namespace PoolProxy.Core.Frontend;

/// <summary>
/// A client between its acceptance and the end of its login. The login begins with the first bytes: one that has said everything in them is over
/// before anything is awaited. At the latest it ends with client_login_timeout. Nothing of this is kept for the client's life.
/// </summary>
internal sealed class ClientOpening(FrontendServices services, ClientSession session) : TimerNode, IConnectionHandler
{
    private ColdChannel? _channel;
    private ClientLogin? _login;

    /// <summary>Waits for the first bytes.</summary>
    public void Begin()
    {
        var timeout = services.Routes.Plan.Configuration.Proxy.ClientLoginTimeout;
        if (timeout > TimeSpan.Zero)
        {
            services.Loop.Timers.Arm(this, services.Loop.NowMilliseconds + (long)timeout.TotalMilliseconds);
        }

        session.Connection.Handler = this;
        session.Connection.StartReading();
    }

    /// <summary>The client is ended from outside: its login gives up what it waits for, and the audit trail says so.</summary>
    public void GiveUp(string reason) => _login?.Report(reason);

    /// <summary>The login is over.</summary>
    public void Stop() => services.Loop.Timers.Disarm(this);

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
        GiveUp("client_login_timeout");
        session.End(LoginErrors.ClientLoginTimeout);
    }

    private async Task RunAsync()
    {
        var channel = _channel!;
        _login = new ClientLogin(services, session, channel);
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
    }
}
