using PoolProxy.Configuration.Model;
using PoolProxy.Core.Loops;
using PoolProxy.Core.Pooling;
using PoolProxy.Core.Telemetry;

namespace PoolProxy.Core.Frontend;

/// <summary>
/// Forgets what nobody uses: databases that only the fallback <c>*</c> serves, behind autodb_idle_timeout, and pools, behind pool_idle_timeout. Their names are clients' choice, so without this
/// they would only ever become more. Looks from time to time; runs on one loop for all.
/// </summary>
internal sealed class IdlePools(FrontendServices services) : TimerNode
{
    private const int MostMilliseconds = 5000;
    private const int LeastMilliseconds = 20;

    // Since when each was empty, as far as it was looked at.
    private Dictionary<PoolState, long> _pools = [];
    private Dictionary<string, long> _databases = new(StringComparer.Ordinal);

    private RoutePlan Plan => services.Routes.Plan;

    private ProxySettings Proxy => Plan.Configuration.Proxy;

    public void Start()
    {
        var (autodb, pool) = (Proxy.AutodbIdleTimeout.InMilliseconds(), Proxy.PoolIdleTimeout.InMilliseconds());
        var shortest = Math.Min(autodb > 0 ? autodb : long.MaxValue, pool > 0 ? pool : long.MaxValue);
        services.Loop.Timers.Arm(this, services.Loop.NowMilliseconds + Math.Clamp(shortest / 4, LeastMilliseconds, MostMilliseconds));
    }

    /// <inheritdoc/>
    protected internal override void OnDue(long nowMilliseconds)
    {
        if (services.Loop.Standstill.TryPutOff(this))
        {
            return;
        }

        LookAtDatabases(nowMilliseconds, Proxy.AutodbIdleTimeout.InMilliseconds());
        LookAtPools(nowMilliseconds, Proxy.PoolIdleTimeout.InMilliseconds());
        Start();
    }

    private void LookAtDatabases(long now, long timeout)
    {
        var (states, known) = (services.Shared.Pools, _databases);
        _databases = new(StringComparer.Ordinal);
        if (timeout == 0)
        {
            return;
        }

        foreach (var limit in states.Databases)
        {
            // What was paused or disabled by name is remembered.
            if (Plan.Configuration.Databases.ContainsKey(limit.Name) || limit.IsPaused || limit.IsDisabled || states.Of(limit.Name).Any(pool => !pool.IsEmpty))
            {
                continue;
            }

            var since = known.GetValueOrDefault(limit.Name, now);
            if (now - since < timeout || !states.Of(limit.Name).ToArray().All(TryForget) || !states.TryForgetDatabase(limit.Name))
            {
                _databases[limit.Name] = since;
                continue;
            }

            services.Log.AutoDatabaseDropped(limit.Name);
        }
    }

    private void LookAtPools(long now, long timeout)
    {
        var known = _pools;
        _pools = [];
        if (timeout == 0)
        {
            return;
        }

        foreach (var pool in services.Shared.Pools.All)
        {
            // One that is kept filled is empty only while its server is away.
            if (pool.Config is { MayPrefill: true, MinPoolSize: > 0 } || !pool.IsEmpty)
            {
                continue;
            }

            var since = known.GetValueOrDefault(pool, now);
            if (now - since < timeout || !TryForget(pool))
            {
                _pools[pool] = since;
            }
        }
    }

    private bool TryForget(PoolState pool)
    {
        if (!pool.TryForget())
        {
            return false;
        }

        services.Shared.Pools.Remove(pool);
        services.Shared.Pools.ForgetUser(pool.Key.User);
        services.Log.PoolForgotten(pool.Key.ToString());
        foreach (var loop in services.Shared.Loops)
        {
            loop.Loop.Post(
                static state =>
                {
                    var (routes, pool) = ((RouteDirectory, PoolState))state!;
                    routes.Forget(pool);
                },
                (loop.Routes, pool));
        }

        return true;
    }
}
