using PoolProxy.Core.Backend;
using PoolProxy.Core.Errors;

namespace PoolProxy.Core.Frontend;

/// <summary>
/// The proxy on its way down. Waiting for servers: whoever has none is ended at once, the others at the end of their transaction. Waiting
/// for clients: nobody new, and everybody may finish. A second, harder request takes the place of the first. It runs on one loop and has each
/// loop end its own.
/// </summary>
internal sealed class ShutdownWatch(SharedServices shared, TimeProvider time, Action stopped)
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>How long the cancels of what servers still run may take: nobody would send them later.</summary>
    private static readonly TimeSpan CancelPatience = TimeSpan.FromMilliseconds(500);

    /// <summary>How long logins under way may take where clients are waited for; one that hangs does not hold up the end.</summary>
    private static readonly TimeSpan LoginPatience = TimeSpan.FromSeconds(3);

    private long _start;
    private ShutdownMode _mode = ShutdownMode.WaitForClients;
    private TaskCompletionSource _sooner = new();
    private bool _isRunning;

    /// <summary>Begins, or goes on harder. Must be started by the loop's Run; always on the same loop.</summary>
    public async Task BeginAsync(ShutdownMode mode)
    {
        shared.IsShuttingDown = true;
        _mode = (ShutdownMode)Math.Min((int)mode, (int)_mode);

        // Waiting for clients, whoever was accepted may log in: nobody listens any more, and a client that was sent away now would be one that was lost.
        shared.TurnsLoginsAway = _mode != ShutdownMode.WaitForClients;
        _sooner.TrySetResult();
        if (_isRunning)
        {
            return;
        }

        _isRunning = true;
        _start = time.GetTimestamp();
        do
        {
            _sooner = new TaskCompletionSource();
            await shared.OnEachAsync(EndClients);
        }
        while (!await IsOverAsync());

        // A console may watch the shutdown; it does not hold it up.
        await shared.OnEachAsync(EndAll);
        for (var waited = TimeSpan.Zero; waited < CancelPatience && await AreCancelsUnderWayAsync(); waited += LookInterval)
        {
            await Task.Delay(LookInterval, time);
        }

        stopped();
    }

    private void EndClients(FrontendServices services)
    {
        foreach (var client in services.Clients.All.ToArray())
        {
            if (_mode == ShutdownMode.Immediate || (_mode == ShutdownMode.WaitForServers && client.IsIdle))
            {
                client.End(ProxyErrors.ServerShuttingDown);
            }
        }
    }

    /// <summary>Nobody is served any more, and no server is on its way between two loops, where no end would reach it.</summary>
    private async Task<bool> IsOverAsync()
    {
        if (shared.Census.ServedCount == 0 && AreLoginsOver && shared.Pools.All.All(pool => pool.MovingCount == 0))
        {
            return true;
        }

        await Task.WhenAny(_sooner.Task, Task.Delay(LookInterval, time));
        return false;
    }

    private bool AreLoginsOver => shared.TurnsLoginsAway || shared.Census.LoginCount == 0 || time.GetElapsedTime(_start) >= LoginPatience;

    private async Task<bool> AreCancelsUnderWayAsync() =>
        (await shared.AskEachAsync(static services => services.Routes.Pools.Pools.Any(pool => pool.Abandoned.Count > 0))).Any(isUnderWay => isUnderWay);

    private static void EndAll(FrontendServices services)
    {
        foreach (var client in services.Clients.All.ToArray())
        {
            client.End(ProxyErrors.ServerShuttingDown);
        }

        foreach (var pool in services.Routes.Pools.Of(""))
        {
            pool.Upkeep.CloseAll(CloseReason.ShuttingDown);
        }
    }
}
