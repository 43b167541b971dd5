using PoolProxy.Core.Backend;
using PoolProxy.Core.Loops;
using PoolProxy.Core.Telemetry;

namespace PoolProxy.Core.Pooling;

/// <summary>
/// Watches the hosts of a pool that has a choice of them: asks each what it is every host_check_period, as long as the pool is in use, and has
/// every pool act on what is found. Pools that share a host share its checks. On one loop for all loops of the pool.
/// </summary>
/// <param name="pool">The part on this loop.</param>
/// <param name="directory">The loop's pools.</param>
/// <param name="checks">It makes the checks of its pool.</param>
internal sealed class PoolHostWatch(Pool pool, PoolDirectory directory, bool checks) : TimerNode
{
    /// <summary>A check that takes longer has failed.</summary>
    private static readonly TimeSpan MostPatience = TimeSpan.FromSeconds(5);

    private bool _isStopped;

    /// <summary>The settings may be others: the next look is a period from now, not in step with other proxies.</summary>
    public void Schedule()
    {
        var period = pool.Config.HostCheckPeriod.InMilliseconds();
        if (checks && !_isStopped && period > 0)
        {
            pool.Loop.Timers.Arm(this, pool.Loop.NowMilliseconds + (long)(period * (0.9 + (Random.Shared.NextDouble() / 5))));
        }
        else
        {
            pool.Loop.Timers.Disarm(this);
        }
    }

    public void Stop()
    {
        _isStopped = true;
        pool.Loop.Timers.Disarm(this);
    }

    /// <summary>Something new is known of a host: every pool that has it acts on it, whoever waits for it first of all.</summary>
    public void Tell(HostHealth host)
    {
        var report = host.Report;
        pool.Log.HostChanged(host.Address.ToString(), report.IsDown ? "down" : "up", report.Nature?.ToString() ?? "not known", report.Failures > 0 ? report.LastFailure : "");
        if (report is { IsLost: true, Nature: { Timeline: > 0 } lost })
        {
            pool.Log.HostLost(host.Address.ToString(), lost.Timeline);
        }

        foreach (var state in directory.States.All)
        {
            if (Array.Exists([.. state.Hosts.Health], known => known == host))
            {
                state.HostChanged(host.Address, isUp: report.Failures == 0);
            }
        }
    }

    protected internal override void OnDue(long nowMilliseconds)
    {
        if (_isStopped || pool.Loop.Standstill.TryPutOff(this))
        {
            return;
        }

        var config = pool.Config;
        var hosts = pool.State.Hosts;
        if (pool.State.ServerCount > 0 || pool.State.WaiterCount > 0)
        {
            for (var i = 0; i < config.Targets.Count && i < hosts.Health.Count; i++)
            {
                // Half a period: the jitter of the timer must not make it miss every second turn.
                if (hosts.Health[i].TryBeginCheck(config.HostCheckPeriod.InMilliseconds() / 2, nowMilliseconds))
                {
                    pool.Loop.Run(static check => ((HostCheck)check!).RunAsync(), new HostCheck(this, hosts, i, pool.State.Proven(config.Targets[i])));
                }
            }
        }

        Schedule();
    }

    /// <summary>One host asked once.</summary>
    private sealed class HostCheck(PoolHostWatch watch, PoolHosts hosts, int index, ServerTarget target)
    {
        public async Task RunAsync()
        {
            var (loop, host) = (watch.Loop, hosts.Health[index]);
            try
            {
                var period = watch.Period;
                var nature = await watch.Opener.ProbeAsync(target, period > MostPatience ? MostPatience : period < TimeSpan.FromSeconds(1) ? TimeSpan.FromSeconds(1) : period);
                Tell(hosts.Answered(index, nature, loop.NowMilliseconds));
            }
            catch (ServerLoginException failure)
            {
                Tell(hosts.Failed(index, failure, loop.NowMilliseconds));
            }
            finally
            {
                host.EndAttempt();
            }
        }

        private void Tell(bool isNews)
        {
            if (isNews)
            {
                watch.Tell(hosts.Health[index]);
            }
        }
    }

    private Loop Loop => pool.Loop;

    private TimeSpan Period => pool.Config.HostCheckPeriod;

    private IServerOpener Opener => directory.Opener;
}
