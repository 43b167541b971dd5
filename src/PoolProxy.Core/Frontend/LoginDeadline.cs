using PoolProxy.Core.Errors;
using PoolProxy.Core.Loops;

namespace PoolProxy.Core.Frontend;

/// <summary>client_login_timeout: a login that is not over by then is ended.</summary>
internal sealed class LoginDeadline(ClientSession session, Loop loop) : TimerNode
{
    private ClientLogin? _login;

    public void Start(TimeSpan timeout)
    {
        if (timeout > TimeSpan.Zero)
        {
            loop.Timers.Arm(this, loop.NowMilliseconds + (long)timeout.TotalMilliseconds);
        }
    }

    /// <summary>The login has begun.</summary>
    public void Watch(ClientLogin login) => _login = login;

    /// <summary>The client is ended from outside: its login gives up what it waits for, and the audit trail says so.</summary>
    public void GiveUp(string reason) => _login?.Report(reason);

    /// <summary>The login is over; nothing of it is kept for the client's life.</summary>
    public void Stop()
    {
        _login = null;
        loop.Timers.Disarm(this);
    }

    protected internal override void OnDue(long nowMilliseconds)
    {
        GiveUp("client_login_timeout");
        session.End(LoginErrors.ClientLoginTimeout);
    }
}
