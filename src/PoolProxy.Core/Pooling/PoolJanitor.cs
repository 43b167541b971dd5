using PoolProxy.Core.Backend;
using PoolProxy.Core.Errors;
using PoolProxy.Core.Loops;

namespace PoolProxy.Core.Pooling;

/// <summary>
/// Does for one loop's part of a pool what time asks for: waiters that have waited too long or must be told, the reserve, servers that are
/// idle for too long or too old, min_pool_size, and the next try after a failed login. It sleeps until the first of these is due, or may be:
/// what comes in only moves its waking earlier, and it looks at everything when it wakes.
/// </summary>
/// <param name="pool">The part.</param>
/// <param name="fills">It sees to min_pool_size, for all loops; where that depends on clients, their own loops do.</param>
internal sealed class PoolJanitor(Pool pool, bool fills) : TimerNode
{
    /// <summary>How soon a pool below its min_pool_size is filled up, and looked at again while max_db_connections or max_user_connections forbids it: there may be many such.</summary>
    private const int PrefillMilliseconds = 100;
    private const int ForbiddenPrefillMilliseconds = 1000;

    /// <summary>Queues longer than this are not read for the next deadline, but looked at every <see cref="LongQueueMilliseconds"/>.</summary>
    private const int LongQueue = 64;
    private const int LongQueueMilliseconds = 100;

    private bool _isStopped;

    /// <summary>Anything may have changed: works out anew when something is due.</summary>
    public void Schedule()
    {
        if (!_isStopped)
        {
            var due = NextDue();
            if (due < Never)
            {
                pool.Loop.Timers.Arm(this, due);
            }
        }
    }

    /// <summary>A client waits: its own deadlines, the reserve and the next try of a failed login count from now.</summary>
    public void WaiterCame(WaiterNode waiter)
    {
        var config = pool.Config;
        WakeBy(Math.Min(After(waiter.SinceMilliseconds, waiter.Waiter.QueryWaitTimeout), After(waiter.SinceMilliseconds, config.QueryWaitNotify)));
        if (config.ReservePoolSize > 0)
        {
            WakeBy(After(waiter.SinceMilliseconds, config.ReservePoolTimeout, atLeast: pool.Loop.NowMilliseconds + 10));
        }

        if (config.Pipelines)
        {
            WakeBy(waiter.SinceMilliseconds + PoolWidth.PatienceMilliseconds);
        }

        WakeBy(RetryDue());
    }

    /// <summary>A server is free from now on.</summary>
    public void ServerFreed(ServerConnection server)
    {
        var config = pool.Config;
        WakeBy(Math.Min(ServerFitness.OverDue(server, config), After(server.StateSinceMilliseconds, config.ServerIdleTimeout)));
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

        if (pool.Loop.Standstill.TryPutOff(this))
        {
            // SUSPEND waits for who waits for a server.
            if (pool.State.WaiterCount > 0)
            {
                pool.Dispatch.Run();
            }

            return;
        }

        EndWaits(nowMilliseconds);
        CloseOld(nowMilliseconds);
        pool.Dispatch.Run();
        Schedule();
    }

    private static long After(long since, TimeSpan timeout, long atLeast = 0) =>
        timeout > TimeSpan.Zero ? Math.Max(atLeast, since + timeout.InMilliseconds()) : atLeast > 0 ? atLeast : Never;

    /// <summary>Something may be due then.</summary>
    public void WakeBy(long due)
    {
        if (due < DueMilliseconds && !_isStopped)
        {
            pool.Loop.Timers.Arm(this, due);
        }
    }

    private void EndWaits(long now)
    {
        var notify = pool.Config.QueryWaitNotify.InMilliseconds();
        pool.Upkeep.Reject(ProxyErrors.QueryWaitTimeout, static (waiter, waited) => waiter.Waiter.QueryWaitTimeout > TimeSpan.Zero && waited >= waiter.Waiter.QueryWaitTimeout.InMilliseconds());
        if (notify == 0)
        {
            return;
        }

        foreach (var waiter in pool.Upkeep.OwnWaiters())
        {
            if (waiter.IsQueued && !waiter.IsNotified && now - waiter.SinceMilliseconds >= notify)
            {
                waiter.IsNotified = true;
                waiter.Waiter.NotifyQueued();
            }
        }
    }

    /// <summary>Free servers whose server_lifetime is over, and those that are idle for too long.</summary>
    public void CloseOld(long now)
    {
        var config = pool.Config;
        var idleTimeout = config.ServerIdleTimeout.InMilliseconds();
        pool.Upkeep.Close((server, _) => ServerFitness.OverDue(server, config) <= now, CloseReason.LifetimeOver);
        if (idleTimeout > 0)
        {
            var taken = 0;
            pool.Upkeep.Close(
                (server, books) => now - server.StateSinceMilliseconds >= idleTimeout && books.ServerCount - taken > config.MinPoolSize && ++taken > 0,
                CloseReason.IdleTooLong);
        }
    }

    private long NextDue()
    {
        var config = pool.Config;
        var due = pool.State.Look((pool, config), static (books, waiters, _, of) =>
            Math.Min(WaitersDue(books, waiters, of.pool, of.config), IdleDue(books, of.pool, of.config)));
        if ((fills || pool.ClientCount > 0) && pool.State.IsBelowMinimum)
        {
            due = Math.Min(due, RetryDue() is < Never and var retry ? retry : pool.Loop.NowMilliseconds + (pool.State.HasServerRoom ? PrefillMilliseconds : ForbiddenPrefillMilliseconds));
        }

        return pool.State.WaiterCount > 0 ? Math.Min(due, RetryDue()) : due;
    }

    private long RetryDue() => pool.State.Look(pool.Loop.NowMilliseconds, static (_, _, growth, now) => growth.RetryDue(now));

    private static long WaitersDue(PoolBooks books, WaiterQueue waiters, Pool pool, PoolConfig config)
    {
        if (waiters.Head is not { } head)
        {
            return Never;
        }

        // Waiters of one pool may have different timeouts (a user's own): look at all when the queue is short.
        var due = waiters.Count > LongQueue ? pool.Loop.NowMilliseconds + LongQueueMilliseconds : Never;
        for (var node = waiters.Count > LongQueue ? null : head; node is not null; node = node.Next)
        {
            if (node.Home == pool)
            {
                due = Math.Min(due, After(node.SinceMilliseconds, node.Waiter.QueryWaitTimeout));
                due = node.IsNotified ? due : Math.Min(due, After(node.SinceMilliseconds, config.QueryWaitNotify));
            }
        }

        if (config.Pipelines && head.SinceMilliseconds + PoolWidth.PatienceMilliseconds is var patience && patience > pool.Loop.NowMilliseconds)
        {
            due = Math.Min(due, patience);
        }

        return config.ReservePoolSize > 0 && books.ServerCount < config.PoolSize + config.ReservePoolSize
            ? Math.Min(due, After(head.SinceMilliseconds, config.ReservePoolTimeout, atLeast: pool.Loop.NowMilliseconds + 10))
            : due;
    }

    private static long IdleDue(PoolBooks books, Pool pool, PoolConfig config)
    {
        var due = Never;
        foreach (var server in books.Idle)
        {
            if (server.Loop == pool.Loop)
            {
                due = Math.Min(due, ServerFitness.OverDue(server, config));
                due = books.ServerCount > config.MinPoolSize ? Math.Min(due, After(server.StateSinceMilliseconds, config.ServerIdleTimeout)) : due;
            }
        }

        return due;
    }
}
