using PoolProxy.Core.Backend;
using PoolProxy.Core.Errors;
using PoolProxy.Core.Loops;

namespace PoolProxy.Core.Pooling;

/// <summary>
/// Does for a pool what time asks for: waiters that have waited too long or must be told, the reserve, servers that are idle for too long
/// or too old, min_pool_size, and the next try after a failed login. It sleeps until the first of these is due.
/// </summary>
internal sealed class PoolJanitor(Pool pool) : TimerNode
{
    /// <summary>How soon a pool below its min_pool_size is filled up, and tried again while a limit forbids it.</summary>
    private const int PrefillMilliseconds = 100;

    private bool _isStopped;

    /// <summary>Something may be due earlier than was known.</summary>
    public void Schedule()
    {
        if (!_isStopped)
        {
            var due = NextDue();
            if (due < long.MaxValue)
            {
                pool.Loop.Timers.Arm(this, due);
            }
        }
    }

    public void Stop()
    {
        _isStopped = true;
        pool.Loop.Timers.Disarm(this);
    }

    protected internal override void OnDue(long nowMilliseconds)
    {
        if (_isStopped)
        {
            return;
        }

        EndWaits(nowMilliseconds);
        CloseOld(nowMilliseconds);
        pool.FindServers();
        Schedule();
    }

    private static long Milliseconds(TimeSpan time) => (long)time.TotalMilliseconds;

    private void EndWaits(long now)
    {
        var notify = Milliseconds(pool.Config.QueryWaitNotify);
        for (var node = pool.Waiters.Head; node is not null;)
        {
            var next = node.Next;
            var waited = now - node.SinceMilliseconds;
            var timeout = Milliseconds(node.Waiter.QueryWaitTimeout);
            if (timeout > 0 && waited >= timeout)
            {
                pool.Stats.WaitMicroseconds += waited * 1000;
                pool.Reject(node, ProxyErrors.QueryWaitTimeout);
            }
            else if (notify > 0 && waited >= notify && !node.IsNotified)
            {
                node.IsNotified = true;
                node.Waiter.NotifyQueued();
            }

            node = next;
        }
    }

    private void CloseOld(long now)
    {
        var config = pool.Config;
        var idleTimeout = Milliseconds(config.ServerIdleTimeout);
        var lifetime = Milliseconds(config.ServerLifetime);
        for (var i = pool.Idle.Count - 1; i >= 0 && i < pool.Idle.Count; i--)
        {
            var server = pool.Idle[i];
            if (lifetime > 0 && now - server.ConnectedMilliseconds >= lifetime)
            {
                server.Close(CloseReason.LifetimeOver);
            }
            else if (idleTimeout > 0 && now - server.StateSinceMilliseconds >= idleTimeout && pool.ServerCount > config.MinPoolSize)
            {
                server.Close(CloseReason.IdleTooLong);
            }
        }
    }

    private long NextDue()
    {
        var config = pool.Config;
        var due = long.MaxValue;
        if (pool.Waiters.Head is { } head)
        {
            // Waiters of one pool may have different timeouts (a user's own): look at all when the queue is short, else every 100 ms.
            due = pool.Waiters.Count > 64 ? pool.Loop.NowMilliseconds + 100 : long.MaxValue;
            for (var node = pool.Waiters.Count > 64 ? null : head; node is not null; node = node.Next)
            {
                due = Math.Min(due, After(node.SinceMilliseconds, node.Waiter.QueryWaitTimeout));
                due = node.IsNotified ? due : Math.Min(due, After(node.SinceMilliseconds, config.QueryWaitNotify));
            }

            due = config.ReservePoolSize > 0 ? Math.Min(due, ReserveDue(config, head)) : due;
            due = pool.Growth.IsHeldBack ? Math.Min(due, pool.Growth.RetryAtMilliseconds) : due;
        }

        foreach (var server in pool.Idle)
        {
            due = Math.Min(due, After(server.ConnectedMilliseconds, config.ServerLifetime));
            if (pool.ServerCount > config.MinPoolSize)
            {
                due = Math.Min(due, After(server.StateSinceMilliseconds, config.ServerIdleTimeout));
            }
        }

        if (config.MayPrefill && pool.ServerCount < config.MinPoolSize && !pool.Database.IsPaused)
        {
            due = Math.Min(due, pool.Growth.IsHeldBack ? pool.Growth.RetryAtMilliseconds : pool.Loop.NowMilliseconds + PrefillMilliseconds);
        }

        return due;
    }

    /// <summary>When the head of the queue may have a connection of the reserve; later looks are made once a second.</summary>
    private long ReserveDue(PoolConfig config, WaiterNode head) =>
        pool.ServerCount >= config.PoolSize + config.ReservePoolSize
            ? long.MaxValue
            : Math.Max(head.SinceMilliseconds + Milliseconds(config.ReservePoolTimeout), pool.Loop.NowMilliseconds + 10);

    private static long After(long since, TimeSpan timeout) => timeout > TimeSpan.Zero ? since + Milliseconds(timeout) : long.MaxValue;
}
