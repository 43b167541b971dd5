using PoolProxy.Configuration.Model;
using PoolProxy.Core.Backend;
using PoolProxy.Core.Errors;
using IPAddress = System.Net.IPAddress;

namespace PoolProxy.Core.Pooling;

/// <summary>
/// What the administrator, RELOAD and failing logins do to one loop's part of a pool: its own servers and its own waiters. What concerns the
/// pool as a whole is said to its state first, so that a server on its way between two loops is not forgotten.
/// </summary>
internal sealed class PoolUpkeep(Pool pool, HashSet<ServerConnection> servers)
{
    private readonly List<ServerConnection> _withdrawn = [];
    private readonly List<WaiterNode> _waiters = [];

    /// <summary>New settings from RELOAD; servers of another target are replaced as they come free.</summary>
    public void Reconfigure(PoolConfig config)
    {
        pool.State.Reconfigure(config);
        CloseOutdated();
        pool.Janitor.CloseOld(pool.Loop.NowMilliseconds);
        pool.Dispatch.Run();
        pool.Janitor.Schedule();
        pool.Watch.Schedule();
    }

    /// <summary>RECONNECT, once the state knows that every server is outdated: free ones are closed now, the others when their client lets go.</summary>
    public void CloseOutdated()
    {
        var epoch = pool.State.Look(0, static (books, _, _, _) => books.Epoch);
        foreach (var server in servers)
        {
            server.IsCloseNeeded |= server.Epoch != epoch;
        }

        Close(static (server, _) => server.IsCloseNeeded, CloseReason.Administrator);
        TellUnwanted(isOutdated: true);

        // As PgBouncer does: they never come free.
        EndDedicated(static server => server.IsOutdated, CloseReason.Administrator);
    }

    /// <summary>Every free server.</summary>
    public void CloseIdle(CloseReason reason)
    {
        Close(static (_, _) => true, reason);
        TellUnwanted(isOutdated: false);
    }

    /// <summary>The free servers that <paramref name="choose"/> names; it is asked within the gate and must do nothing else.</summary>
    public void Close(Func<ServerConnection, PoolBooks, bool> choose, CloseReason reason)
    {
        pool.State.Look((pool, choose, _withdrawn), static (books, _, _, to) =>
        {
            books.Withdraw(to.pool.Loop, to.choose, to._withdrawn);
            return true;
        });
        while (_withdrawn.Count > 0)
        {
            // Taken off the list first: closing may come back here.
            var server = _withdrawn[^1];
            _withdrawn.RemoveAt(_withdrawn.Count - 1);
            server.Close(reason);
        }
    }

    /// <summary>KILL, or the end of the proxy: every server now.</summary>
    public void CloseAll(CloseReason reason)
    {
        foreach (var server in servers.ToArray())
        {
            server.Close(reason);
        }

        foreach (var server in pool.Dedicated.ToArray())
        {
            server.Unwanted?.Invoke(reason);
        }
    }

    /// <summary>The pool is out of the configuration: nobody gets a server any more.</summary>
    public void Retire()
    {
        pool.State.Retire();
        RejectAll(ProxyErrors.DatabaseRemoved);
        CloseOutdated();
        pool.Janitor.Stop();
        pool.Watch.Stop();
    }

    /// <summary>Every waiter of this loop.</summary>
    public void RejectAll(ProxyError error) => Reject(error, static (_, _) => true);

    /// <summary>Every waiter of this loop that <paramref name="choose"/> names; it is given the time it has waited, in milliseconds.</summary>
    public void Reject(ProxyError error, Func<WaiterNode, long, bool> choose)
    {
        foreach (var waiter in OwnWaiters())
        {
            if (choose(waiter, pool.Loop.NowMilliseconds - waiter.SinceMilliseconds) && pool.State.TryReject(waiter))
            {
                waiter.IsQueued = false;
                pool.Stats.Waited(pool.Loop.NowMilliseconds - waiter.SinceMilliseconds, waiter.Waiter.IsLoggingIn);
                waiter.Waiter.Rejected(error);
            }
        }
    }

    /// <summary>The waiters of this loop, first come first; each may be gone when its turn comes.</summary>
    public WaiterNode[] OwnWaiters()
    {
        pool.State.Look((pool, _waiters), static (_, waiters, _, to) =>
        {
            for (var node = waiters.Head; node is not null; node = node.Next)
            {
                if (node.Home == to.pool)
                {
                    to._waiters.Add(node);
                }
            }

            return true;
        });
        var own = _waiters.ToArray();
        _waiters.Clear();
        return own;
    }

    /// <summary>Something new is known of a host: servers there that may not be used any more go, free ones now. Any thread.</summary>
    public void HostChangedSoon(ServerAddress host)
    {
        if (pool.Loop.IsCurrent)
        {
            HostChanged(host);
        }
        else
        {
            pool.Loop.Post(static state =>
            {
                var (upkeep, host) = ((PoolUpkeep, ServerAddress))state!;
                upkeep.HostChanged(host);
            }, (this, host));
        }
    }

    /// <summary>A login has failed, on whatever loop: whoever waits in vain is told, on its own loop. Any thread.</summary>
    public void LoginFailedSoon()
    {
        if (pool.Loop.IsCurrent)
        {
            LoginFailed();
        }
        else
        {
            pool.Loop.Post(static state => ((PoolUpkeep)state!).LoginFailed(), this);
        }
    }

    /// <summary>Servers that are in use go when they come free; who would keep one for ever is told.</summary>
    private void TellUnwanted(bool isOutdated)
    {
        foreach (var server in servers.Where(server => server.Link is not null && (server.IsCloseNeeded || !isOutdated)).ToArray())
        {
            server.Link?.Unwanted(isOutdated);
        }
    }

    /// <summary>A host name has other addresses now: servers at those that it has lost go, free ones at once.</summary>
    public void NameChanged(string host, IReadOnlyCollection<IPAddress> addresses)
    {
        foreach (var server in servers)
        {
            server.IsCloseNeeded |= server.Target.Host.Equals(host, StringComparison.OrdinalIgnoreCase)
                && server.Connection.RemoteEndPoint is { } remote && !addresses.Contains(remote.Address);
        }

        Close(static (server, _) => server.IsCloseNeeded, CloseReason.NameChanged);
        TellUnwanted(isOutdated: true);
        EndDedicated(
            server => server.Target.Host.Equals(host, StringComparison.OrdinalIgnoreCase) && server.Connection.RemoteEndPoint is { } remote && !addresses.Contains(remote.Address),
            CloseReason.NameChanged);
    }

    private void EndDedicated(Func<DedicatedServer, bool> choose, CloseReason reason)
    {
        foreach (var server in pool.Dedicated.Where(choose).ToArray())
        {
            server.Unwanted?.Invoke(reason);
        }
    }

    private void HostChanged(ServerAddress host)
    {
        var hosts = pool.State.Hosts;
        EndDedicated(server => !hosts.IsUsable(server.Target.Address), CloseReason.HostChanged);
        var areUsable = true;
        foreach (var server in servers)
        {
            // Demoted, promoted, or left over by another's promotion, which is why each is asked about: what is there has to go, in use or not.
            var isUsable = hosts.IsUsable(server.Target.Address);
            server.IsCloseNeeded |= !isUsable;
            areUsable &= isUsable;
        }

        if (!areUsable)
        {
            Close(static (server, _) => server.IsCloseNeeded, CloseReason.HostChanged);
            TellUnwanted(isOutdated: true);
        }

        if (hosts.IsDown(host))
        {
            // Nobody is given a connection that nobody answers on. Those in use may yet be answered.
            Close((server, _) => server.Target.Address == host, CloseReason.HostChanged);
        }

        // There may be something to try sooner.
        pool.Janitor.Schedule();
    }

    private void LoginFailed()
    {
        if (pool.State.Refusal is { } refusal)
        {
            // What it is refused for holds for the servers that are there as well.
            CloseOutdated();
            RejectAll(refusal);
        }
        else if (pool.State.Look(pool.Loop.NowMilliseconds, (_, _, growth, now) => growth.IsHopeless(pool.Config, now)))
        {
            Reject(ProxyErrors.ServerLoginFailing, static (waiter, _) => waiter.Waiter.IsLoggingIn);
        }

        pool.Janitor.Schedule();
    }
}
