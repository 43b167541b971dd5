using PoolProxy.Core.Backend;
using PoolProxy.Core.Errors;
using PoolProxy.Core.Loops;
using PoolProxy.Core.Telemetry;

namespace PoolProxy.Core.Pooling;

/// <summary>
/// One server being opened, on the loop that the place was given to: at the pool's one host, or at the first of several that will have it. Its
/// place is given back if none does.
/// </summary>
internal sealed class PoolOpening(Pool pool, PoolDirectory directory, int epoch)
{
    /// <summary>A server that says it is only starting or recovering is asked again this soon.</summary>
    private static readonly TimeSpan TransientRetry = TimeSpan.FromMilliseconds(250);

    private ServerConnection? _opened;

    // Why the last host that was tried would not do.
    private ServerLoginException? _last;

    // The place has become a server's, or has been given back.
    private bool _isSettled;

    public async Task RunAsync()
    {
        try
        {
            await TryAsync(pool.Config);
        }
        catch (Exception fault) when (!_isSettled)
        {
            // Nobody expected this one; the place must come back all the same, or the pool has one less until the proxy ends.
            pool.Log.OpeningFault(pool.Key.ToString(), fault);
            _opened?.Discard();
            _last = null;
            GiveUp(pool.Loop.NowMilliseconds + (long)pool.Config.ServerLoginRetry.TotalMilliseconds, isTried: true, isByHosts: false);
        }
    }

    private async Task TryAsync(PoolConfig config)
    {
        if (config.ChoosesHosts)
        {
            await TryHostsAsync();
            return;
        }

        try
        {
            Admit(await OpenAsync(config.Target));
        }
        catch (ServerLoginException failure)
        {
            Log(config.Target, failure);
            var retry = config.ServerLoginRetry;
            retry = failure.IsTransient && retry > TransientRetry ? TransientRetry : retry;
            _last = failure;
            GiveUp(pool.Loop.NowMilliseconds + (long)retry.TotalMilliseconds, isTried: true, isByHosts: failure.IsOfHost);
        }
    }

    /// <summary>
    /// The hosts in turn, together within server_connect_timeout. Where none will have it the pool tries again when the first of them is worth
    /// another try; clients wait meanwhile.
    /// </summary>
    private async Task TryHostsAsync()
    {
        // A RELOAD meanwhile gives the pool other hosts: an index is one of these.
        var hosts = pool.State.Hosts;
        var start = pool.Loop.NowMilliseconds;
        var candidates = hosts.Order(start);
        var (isTried, isLeftToOthers) = (false, false);
        for (var i = 0; i < candidates.Count && !_isSettled && _last?.Unsafe is null; i++)
        {
            var (index, target) = candidates[i];
            var isUnfit = hosts.IsUnfit(index);
            if (isUnfit && !hosts.Health[index].TryBeginAttempt(pool.Loop.NowMilliseconds))
            {
                // Somebody is finding out what has become of it: in a failover every pool would, at the same moment.
                isLeftToOthers = true;
                continue;
            }

            isTried = true;
            try
            {
                await TryHostAsync(hosts, index, target with { ConnectTimeout = ShareOf(target.ConnectTimeout, start, candidates.Count - i) });
            }
            finally
            {
                if (isUnfit)
                {
                    hosts.Health[index].EndAttempt();
                }
            }
        }

        if (!_isSettled)
        {
            // Not before the next moment, whatever the hosts say: each that is due now has just been tried. What others find out is told at once; this is for what they do not.
            var atLeast = isLeftToOthers ? HostHealth.UnfitMilliseconds : 20;
            GiveUp(Math.Max(pool.Loop.NowMilliseconds + atLeast, hosts.RetryDue()), isTried, isByHosts: true);
        }
    }

    private async Task TryHostAsync(PoolHosts hosts, int index, ServerTarget target)
    {
        try
        {
            var server = await OpenAsync(target);
            Learned(hosts.Answered(index, server.Facts.Nature!, pool.Loop.NowMilliseconds), hosts.Health[index]);
            if (hosts.IsUsable(target.Address))
            {
                Admit(server);
                return;
            }

            server.Discard();
            _opened = null;
            _last = new ServerLoginException($"not used: it is a {server.Facts.Nature}, and others are further") { Unfit = server.Facts.Nature };
            pool.Log.HostLeftOver(target.Address.ToString(), server.Facts.Nature!.Timeline);
        }
        catch (ServerLoginException failure)
        {
            _last = failure;
            if (failure.Unfit is null)
            {
                Log(target, failure);
            }

            Learned(hosts.Failed(index, failure, pool.Loop.NowMilliseconds), hosts.Health[index]);
        }
    }

    private async Task<ServerConnection> OpenAsync(ServerTarget target)
    {
        var server = await directory.Opener.OpenAsync(pool.State.Proven(target), pool);
        if (server.IsClosed)
        {
            throw new ServerLoginException("the server closed the connection behind its login");
        }

        _opened = server;
        return server;
    }

    private void Admit(ServerConnection server)
    {
        _isSettled = true;
        pool.Admit(server, epoch);
    }

    private void Learned(bool isNews, HostHealth host)
    {
        if (isNews)
        {
            pool.Watch.Tell(host);
        }
    }

    private void GiveUp(long retryAtMilliseconds, bool isTried, bool isByHosts)
    {
        _isSettled = true;
        pool.State.LoginFailed(epoch, retryAtMilliseconds, isByHosts, isTried ? _last?.Unsafe is null ? null : LoginErrors.UnsafeLogin : pool.State.Refusal);
        foreach (var part in pool.State.Parts)
        {
            part.Upkeep.LoginFailedSoon();
        }

        directory.RoomMade(pool);
    }

    private void Log(ServerTarget target, ServerLoginException failure)
    {
        if (failure.Tampered is { } found)
        {
            pool.TamperedLogins++;
            pool.Log.UndeclaredSetting(pool.Key.ToString(), 0, found.Settings, found.Repair);
        }
        else if (failure.Unsafe is { } unsafeLogin)
        {
            pool.Log.UnsafeLogin(pool.Key.ToString(), unsafeLogin.Dangers, unsafeLogin.Repair);
        }
        else
        {
            pool.Log.ServerLoginFailed(target.ToString(), failure.Message);
        }
    }

    // What is left of the time, shared among the hosts that are left.
    private TimeSpan ShareOf(TimeSpan whole, long start, int left)
    {
        if (whole == TimeSpan.Zero)
        {
            return whole;
        }

        var rest = whole.InMilliseconds() - (pool.Loop.NowMilliseconds - start);
        return TimeSpan.FromMilliseconds(Math.Max(100, rest / left));
    }
}
