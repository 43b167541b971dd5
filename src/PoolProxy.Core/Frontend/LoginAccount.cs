using PoolProxy.Core.Authentication.Limits;
using PoolProxy.Core.Authentication.Methods;
using PoolProxy.Core.Errors;
using PoolProxy.Core.Relay;
using PoolProxy.Core.Telemetry;
using PoolProxy.Core.Transport;

namespace PoolProxy.Core.Frontend;

/// <summary>
/// One attempt to log in: what is known of it so far, and its end. The end is told once to everybody who keeps account of logins (<see cref="LoginRecord"/>), and whatever the
/// login waits for is given up with it. Owned by its loop.
/// </summary>
/// <param name="services">The loop's.</param>
/// <param name="session">The client.</param>
/// <param name="channel">Its bytes.</param>
/// <param name="passes">Its way past [limits]; null where there are none.</param>
internal sealed class LoginAccount(FrontendServices services, ClientSession session, ColdChannel channel, LoginPasses? passes)
{
    private readonly long _start = services.Loop.Time.GetTimestamp();
    private bool _hasLeft;
    private bool _isReported;

    /// <summary>What was wished for; null until the startup packet has come: before it there is no login to account for.</summary>
    public StartupSettings? Startup { get; set; }

    /// <summary>The protocol version that both sides speak.</summary>
    public int Version { get; set; }

    /// <summary>The words exchanged with the method; null before one was chosen.</summary>
    public LoginExchange? Exchange { get; set; }

    /// <summary>What the method found out; null where it has not yet, or never will.</summary>
    public LoginResult? Proof { get; set; }

    /// <summary>The method's name; empty before one was chosen.</summary>
    public string Method { get; set; } = "";

    /// <summary>Whether the method proves the startup packet's user.</summary>
    public bool IsByName { get; set; }

    /// <summary>The role that was given; empty for none.</summary>
    public string Role { get; set; } = "";

    /// <summary>
    /// How it gives up what it waits for: an answer of auth_query, a pool's first server. Set while it waits for somebody other than the client; else null. Methods that ask
    /// outside of the process have <see cref="LoginExchange.Abandon"/> for that.
    /// </summary>
    public Action? GiveUp { get; set; }

    /// <summary>The client has gone or was ended: nobody is there to be told anything, and nothing more may be taken in its name.</summary>
    public bool IsOver => _hasLeft || session.Connection.IsClosed;

    /// <summary>
    /// The client has left, which nothing that is awaited of it would say: it is somebody else who is waited for. What it holds is given back at once. Of the rest of a login the
    /// client reads or writes something, and that says so.
    /// </summary>
    public void OnLeft()
    {
        if (GiveUp is null && Exchange?.Abandon is null)
        {
            return;
        }

        _hasLeft = true;
        Report("client_lost");
        session.Finish(RelayOutcome.ClientLost);
    }

    /// <summary>Before it waits for somebody other than the client: one that has left before will not say so again.</summary>
    /// <exception cref="ConnectionEndedException">It has left.</exception>
    public void MustBeThere()
    {
        if (channel.End is { } end)
        {
            throw new ConnectionEndedException(end);
        }
    }

    /// <summary>Ends it with a refusal.</summary>
    public void Refuse(ProxyError error, string reason)
    {
        Report(reason);
        if (Proof is { IsDiscovery: true })
        {
            services.Log.ClientAskedForDiscovery(session, Startup!.Database, Startup.User);
        }
        else
        {
            services.Log.ClientLoginFailed(session, Startup!.Database, Startup.User, reason);
        }

        session.Refuse(channel, error);
    }

    /// <summary>Its line in the audit trail, and what else there is: <paramref name="reason"/> is the check that refused, null where it was granted. The first call counts.</summary>
    public void Report(string? reason)
    {
        if (_isReported || Startup is null)
        {
            return;
        }

        _isReported = true;
        if (Proof is null && reason is "client_lost" or "client_login_timeout" && Exchange?.Decided is { } decided)
        {
            (Proof, reason) = (decided, decided.Reason);
        }

        GiveUp?.Invoke();
        Exchange?.Abandon?.Invoke();
        new LoginRecord(services, session, passes)
        {
            Startup = Startup,
            Proof = Proof,
            Method = Method,
            IsByName = IsByName,
            Role = Role,
            Duration = services.Loop.Time.GetElapsedTime(_start),
        }.Write(reason);
    }
}
