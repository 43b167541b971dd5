using System.Diagnostics;
using PoolProxy.Configuration.Model;
using PoolProxy.Core.Backend;
using PoolProxy.Core.Telemetry;

namespace PoolProxy.Core.Pooling;

/// <summary>
/// Decides when a pool opens another server, within its size, its reserve and the limits of its database and login, and carries the
/// logins out. A login that failed is not tried again for server_login_retry.
/// </summary>
internal sealed class PoolGrowth(Pool pool, PoolDirectory directory)
{
    /// <summary>Logins of one pool under way at once: a cold start is quick, and PostgreSQL is not stormed.</summary>
    private const int MaxLogins = 8;

    /// <summary>A server that says it is only starting or recovering is asked again this soon.</summary>
    private static readonly TimeSpan TransientRetry = TimeSpan.FromMilliseconds(250);

    private long _retryAtMilliseconds;

    /// <summary>The last attempt failed and its time is not over.</summary>
    public bool IsHeldBack { get; private set; }

    /// <summary>Logins fail and there is no server left that could serve anyone: waiting would be in vain.</summary>
    public bool IsHopeless => IsInRetryTime && pool.ServerCount == 0;

    /// <summary>Logins given up because somebody had altered the login's own settings.</summary>
    public long TamperedLogins { get; private set; }

    /// <summary>When the next attempt may be made, on the loop's clock.</summary>
    public long RetryAtMilliseconds => _retryAtMilliseconds;

    private bool IsInRetryTime => IsHeldBack && pool.Loop.NowMilliseconds < RetryAtMilliseconds;

    /// <summary>Opens as many servers as the waiters (or min_pool_size) call for and the limits allow.</summary>
    public void Grow()
    {
        var config = pool.Config;
        while (!IsInRetryTime && pool.LoginCount < MaxLogins)
        {
            var wanted = pool.Waiters.Count > pool.LoginCount + pool.Count(ServerState.Tested)
                || (config.MayPrefill && pool.ServerCount < config.MinPoolSize && !pool.Database.IsPaused);
            if (!wanted || !HasRoom(config))
            {
                return;
            }

            pool.CountLogin();
            pool.Loop.Run(static state => ((PoolGrowth)state!).OpenAsync(), this);
        }
    }

    private bool HasRoom(PoolConfig config)
    {
        if (config.PoolSize > 0 && pool.ServerCount >= config.PoolSize)
        {
            // exclusive: a free server of somebody else's has to make room, or its identity would keep others out.
            var evicts = config.Isolation == IsolationLevel.Exclusive && pool.Waiters.Count > 0 && pool.Idle.Count > 0;
            if (evicts)
            {
                pool.Idle[0].Close(CloseReason.Evicted);
            }
            else if (!MayUseReserve(config))
            {
                return false;
            }
        }

        // Only for a client that waits is somebody else's free server closed: pools that fill themselves up would never come to rest.
        var mayEvict = pool.Waiters.Count > 0;
        return (pool.Database.HasServerRoom || (mayEvict && directory.TryEvict(pool, pool.Database)))
            && (pool.User.HasServerRoom || (mayEvict && directory.TryEvict(pool, pool.User)));
    }

    private bool MayUseReserve(PoolConfig config) =>
        config.ReservePoolSize > 0
        && pool.ServerCount < config.PoolSize + config.ReservePoolSize
        && pool.Waiters.Head is { } head
        && pool.Loop.NowMilliseconds - head.SinceMilliseconds >= (long)config.ReservePoolTimeout.TotalMilliseconds;

    private async Task OpenAsync()
    {
        var target = pool.Config.Target;
        try
        {
            var server = await directory.Opener.OpenAsync(target, pool);
            IsHeldBack = false;
            server.IsCloseNeeded = target.Signature != pool.Config.Target.Signature;
            pool.Admit(server);
        }
        catch (ServerLoginException failure)
        {
            Debug.Assert(pool.LoginCount > 0, "every login was counted");
            IsHeldBack = true;
            var retry = pool.Config.ServerLoginRetry;
            retry = failure.IsTransient && retry > TransientRetry ? TransientRetry : retry;
            _retryAtMilliseconds = pool.Loop.NowMilliseconds + (long)retry.TotalMilliseconds;
            if (failure.Tampered is { } found)
            {
                TamperedLogins++;
                pool.Log.UndeclaredSetting(pool.Key.ToString(), 0, found.Settings, found.Repair);
            }
            else
            {
                pool.Log.ServerLoginFailed(target.ToString(), failure.Message);
            }

            pool.LoginFailed();
        }
    }
}
