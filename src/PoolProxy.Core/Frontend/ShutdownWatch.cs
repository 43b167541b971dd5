using PoolProxy.Core.Backend;
using PoolProxy.Core.Errors;
using PoolProxy.Core.Loops;

namespace PoolProxy.Core.Frontend;

/// <summary>
/// The proxy on its way down. Waiting for servers: whoever has none is ended at once, the others at the end of their transaction. Waiting
/// for clients: nobody new, and everybody may finish. A second, harder request takes the place of the first.
/// </summary>
internal sealed class ShutdownWatch(FrontendServices services, Action stopped) : TimerNode
{
    private const int LookMilliseconds = 50;

    private ShutdownMode _mode;
    private bool _isOver;

    public void Begin(ShutdownMode mode)
    {
        services.IsShuttingDown = true;
        _mode = mode;
        Look();
    }

    protected internal override void OnDue(long nowMilliseconds) => Look();

    private void Look()
    {
        if (_isOver)
        {
            return;
        }

        foreach (var client in services.Clients.All.ToArray())
        {
            if (_mode == ShutdownMode.Immediate || (_mode == ShutdownMode.WaitForServers && client.Relay is { IsLinked: false }))
            {
                client.End(ProxyErrors.ServerShuttingDown);
            }
        }

        // A console may watch the shutdown; it does not hold it up.
        if (services.Clients.ServedCount > 0)
        {
            services.Loop.Timers.Arm(this, services.Loop.NowMilliseconds + LookMilliseconds);
            return;
        }

        _isOver = true;
        foreach (var client in services.Clients.All.ToArray())
        {
            client.End(ProxyErrors.ServerShuttingDown);
        }

        foreach (var pool in services.Routes.Pools.Pools)
        {
            pool.CloseAll(CloseReason.ShuttingDown);
        }

        stopped();
    }
}
