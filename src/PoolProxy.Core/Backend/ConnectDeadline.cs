using PoolProxy.Core.Loops;
using PoolProxy.Core.Transport;

namespace PoolProxy.Core.Backend;

/// <summary>
/// The end of patience with a server that is being opened: the connection is given up, which wakes whoever waits on it.
/// </summary>
internal sealed class ConnectDeadline : TimerNode, IDisposable
{
    private readonly Loop _loop;
    private Connection? _watched;

    public ConnectDeadline(Loop loop, TimeSpan timeout)
    {
        _loop = loop;
        if (timeout > TimeSpan.Zero)
        {
            loop.Timers.Arm(this, loop.NowMilliseconds + (long)timeout.TotalMilliseconds);
        }
    }

    public bool HasPassed { get; private set; }

    /// <summary>From here on it is this connection that is given up; at once, where the time ran out before there was one.</summary>
    public void Watch(Connection connection)
    {
        _watched = connection;
        if (HasPassed)
        {
            connection.Abort();
        }
    }

    public void Met()
    {
        _watched = null;
        _loop.Timers.Disarm(this);
    }

    public void Dispose()
    {
        _watched = null;
        _loop.Timers.Disarm(this);
    }

    protected internal override void OnDue(long nowMilliseconds)
    {
        HasPassed = true;
        _watched?.Abort();
    }
}
