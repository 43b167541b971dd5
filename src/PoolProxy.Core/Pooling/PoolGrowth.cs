using PoolProxy.Configuration.Model;
using PoolProxy.Core.Backend;
using PoolProxy.Core.Loops;

namespace PoolProxy.Core.Pooling;

/// <summary>
/// Decides when a pool opens another server, within its size, its reserve and the limits of its database and login. A login that failed is
/// not tried again for server_login_retry. Under the gate of the pool's state.
/// </summary>
internal sealed class PoolGrowth(PoolBooks books, WaiterQueue waiters, ConnectionLimit database, ConnectionLimit user)
{
    /// <summary>Logins of one pool under way at once: a cold start is quick, and PostgreSQL is not stormed.</summary>
    private const int MaxLogins = 8;

    private bool _isHeldBack;
    private bool _isHeldBackByHosts;
    private long _retryAtMilliseconds;

    /// <summary>When the next attempt may be made after a failed one, on the loops' clock; never where nothing holds it back.</summary>
    public long RetryDue(long nowMilliseconds) => IsInRetryTime(nowMilliseconds) ? _retryAtMilliseconds : long.MaxValue;

    /// <summary>
    /// Logins fail and there is no server left that could serve anyone: waiting would be in vain. Where there is a choice of hosts another may
    /// take over at any moment, so nobody is sent away.
    /// </summary>
    public bool IsHopeless(PoolConfig config, long nowMilliseconds) => !config.ChoosesHosts && IsInRetryTime(nowMilliseconds) && books.ServerCount == 0;

    public void Succeeded() => _isHeldBack = false;

    /// <summary>The next attempt is not before that; sooner where hosts hold it back and <see cref="RetryBy"/> says so.</summary>
    public void Failed(long retryAtMilliseconds, bool isByHosts)
    {
        _isHeldBack = true;
        _isHeldBackByHosts = isByHosts;
        _retryAtMilliseconds = retryAtMilliseconds;
    }

    /// <summary>As far as hosts are concerned the next attempt is worth it at that time.</summary>
    public void RetryBy(long dueMilliseconds)
    {
        if (_isHeldBackByHosts)
        {
            _retryAtMilliseconds = Math.Min(_retryAtMilliseconds, dueMilliseconds);
        }
    }

    /// <summary>One more server for the waiters (or min_pool_size, where that is kept), where the limits allow it; its place is taken then.</summary>
    public PoolAnswer Decide(PoolConfig config, bool keepsMinimum, long nowMilliseconds)
    {
        if (IsInRetryTime(nowMilliseconds) || books.LoginCount >= MaxLogins || !IsWanted(config, keepsMinimum))
        {
            return PoolAnswer.Wait;
        }

        if (config.Pipelines && !MayWiden(config, nowMilliseconds))
        {
            return PoolAnswer.Wait;
        }

        if (config.PoolSize > 0 && books.ServerCount >= config.PoolSize)
        {
            // exclusive: a free server of somebody else's has to make room, or its identity would keep others out.
            if (config.Isolation == IsolationLevel.Exclusive && waiters.Count > 0 && books.Idle.Count > 0)
            {
                return Evict(nowMilliseconds);
            }

            if (!MayUseReserve(config, nowMilliseconds))
            {
                return PoolAnswer.Wait;
            }
        }

        if (!database.TryAddServer())
        {
            return NoRoom(database, config, nowMilliseconds);
        }

        if (!user.TryAddServer())
        {
            database.RemoveServer();
            return NoRoom(user, config, nowMilliseconds);
        }

        var isReserve = config.PoolSize > 0 && books.ServerCount >= config.PoolSize;
        books.AddLogin();
        return new PoolAnswer(PoolAnswerKind.Open, Epoch: books.Epoch, IsReserve: isReserve);
    }

    /// <summary>Pipelining: more servers than the width are for those who cannot go behind others, and have waited a little.</summary>
    private bool MayWiden(PoolConfig config, long nowMilliseconds)
    {
        if (books.ServerCount < Math.Max(books.Width.Servers, config.MinPoolSize))
        {
            return true;
        }

        // One at a time: who has waited so long may be served by the one that logs in.
        if (books.LoginCount + books.Count(ServerState.Tested) > 0 || waiters.Head is not { IsRiderSoon: false } head || nowMilliseconds - head.SinceMilliseconds < PoolWidth.PatienceMilliseconds)
        {
            return false;
        }

        books.Width.MakeRoom(books.ServerCount, nowMilliseconds);
        return true;
    }

    private bool IsInRetryTime(long nowMilliseconds) => _isHeldBack && nowMilliseconds < _retryAtMilliseconds;

    /// <summary>More clients wait than servers are coming.</summary>
    private bool DoMoreWait => waiters.Count > books.LoginCount + books.Count(ServerState.Tested);

    private bool IsWanted(PoolConfig config, bool keepsMinimum) =>
        DoMoreWait || (keepsMinimum && books.ServerCount < config.MinPoolSize);

    /// <summary>Only for a client that waits is somebody else's free server closed: pools that fill themselves up would never come to rest.</summary>
    private PoolAnswer NoRoom(ConnectionLimit limit, PoolConfig config, long nowMilliseconds)
    {
        if (!DoMoreWait)
        {
            return PoolAnswer.Wait;
        }

        // exclusive: this pool's own free servers are of no use to who waits here, and others do not touch those of a pool that somebody waits for.
        return config.Isolation == IsolationLevel.Exclusive && books.Idle.Count > 0 ? Evict(nowMilliseconds) : new PoolAnswer(PoolAnswerKind.MakeRoom, Limit: limit);
    }

    private PoolAnswer Evict(long nowMilliseconds)
    {
        var server = books.Idle[0];
        books.Idle.RemoveAt(0);

        // Until its end it counts as one that is coming: a place is.
        books.Move(server, ServerState.Tested, nowMilliseconds);
        return new PoolAnswer(PoolAnswerKind.Evict, server);
    }

    private bool MayUseReserve(PoolConfig config, long nowMilliseconds) =>
        config.ReservePoolSize > 0
        && books.ServerCount < config.PoolSize + config.ReservePoolSize
        && waiters.Head is { } head
        && nowMilliseconds - head.SinceMilliseconds >= config.ReservePoolTimeout.InMilliseconds();
}
