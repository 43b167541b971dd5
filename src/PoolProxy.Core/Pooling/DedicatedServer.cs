using PoolProxy.Core.Backend;
using PoolProxy.Core.Loops;
using PoolProxy.Core.Telemetry;
using PoolProxy.Core.Transport;

namespace PoolProxy.Core.Pooling;

/// <summary>
/// A server connection that belongs to one client from its login to its end, and is in no pool: a replication connection. It counts against
/// max_db_connections and max_user_connections, and goes when its pool's servers have to be replaced. Owned by one loop.
/// </summary>
internal sealed class DedicatedServer
{
    private readonly Pool _pool;
    private readonly int _epoch;
    private bool _isOver;

    private DedicatedServer(Pool pool, ServerTarget target, OpenedServer opened, int epoch)
    {
        _pool = pool;
        _epoch = epoch;
        Target = target;
        Connection = opened.Channel.Connection;
        Facts = opened.Facts;
        Opened = opened;
        ConnectedTime = pool.Loop.Time.GetUtcNow();
    }

    public Connection Connection { get; }

    public ServerFacts Facts { get; }

    public ServerTarget Target { get; }

    public OpenedServer Opened { get; }

    public DateTimeOffset ConnectedTime { get; }

    /// <summary>What a cancel needs to know.</summary>
    public CancelAim Aim => new(Target, Connection.RemoteEndPoint?.Address, Facts.ProcessId, Facts.CancelKey);

    /// <summary>Tells its client that it has to go.</summary>
    public Action<CloseReason>? Unwanted { get; set; }

    /// <summary>Its pool's servers have been replaced since it was opened.</summary>
    public bool IsOutdated => _epoch != _pool.State.Look(0, static (books, _, _, _) => books.Epoch);

    /// <summary>
    /// Opens one at the first host that will have it, with <paramref name="parameters"/> behind the pool's own in the startup packet. Null where
    /// max_db_connections or max_user_connections has no room.
    /// </summary>
    /// <exception cref="ServerLoginException">No host will have it.</exception>
    public static async Task<DedicatedServer?> OpenAsync(Pool pool, PoolDirectory directory, IEnumerable<KeyValuePair<string, string>> parameters)
    {
        var limits = new List<ConnectionLimit>();
        foreach (var limit in new[] { pool.State.Database, pool.State.User })
        {
            if (!await TakePlaceAsync(pool, directory, limit))
            {
                limits.ForEach(taken => taken.RemoveServer());
                return null;
            }

            limits.Add(limit);
        }

        try
        {
            var server = await OpenAnywhereAsync(pool, directory, [.. parameters]);
            pool.Dedicated.Add(server);
            return server;
        }
        catch
        {
            limits.ForEach(taken => taken.RemoveServer());
            directory.RoomMade(pool);
            throw;
        }
    }

    /// <summary>Ends one that its client will not have.</summary>
    public void Discard(PoolDirectory directory)
    {
        Connection.Close();
        Over(directory);
    }

    /// <summary>It is closed: its place is free. Told once.</summary>
    public void Over(PoolDirectory directory)
    {
        if (!_isOver)
        {
            _isOver = true;
            _pool.Dedicated.Remove(this);
            _pool.State.Database.RemoveServer();
            _pool.State.User.RemoveServer();
            directory.RoomMade(_pool);
            directory.States.News.Tell();
        }
    }

    /// <summary>A place under the limit, for which a free server may have to go; of another loop that takes a moment.</summary>
    private static async ValueTask<bool> TakePlaceAsync(Pool pool, PoolDirectory directory, ConnectionLimit limit)
    {
        var (loop, news) = (pool.Loop, directory.States.News);
        var until = loop.NowMilliseconds + (long)pool.Config.Target.ConnectTimeout.TotalMilliseconds;
        while (!limit.TryAddServer())
        {
            if (directory.TryMakeRoom(needy: null, limit))
            {
                continue;
            }

            if (loop.NowMilliseconds >= until || !(limit.IsEvicting || limit.HasServerRoom))
            {
                return false;
            }

            var timer = new CallbackTimer(static (listeners, _) => ((PoolNews)listeners!).Tell(), news);
            loop.Timers.Arm(timer, until);
            await ServerWatch.UntilAsync(loop, news, () => limit.HasServerRoom || loop.NowMilliseconds >= until);
            loop.Timers.Disarm(timer);
        }

        return true;
    }

    private static async Task<DedicatedServer> OpenAnywhereAsync(Pool pool, PoolDirectory directory, KeyValuePair<string, string>[] parameters)
    {
        var config = pool.Config;
        var epoch = pool.State.Look(0, static (books, _, _, _) => books.Epoch);
        var targets = config.ChoosesHosts ? pool.State.Hosts.Order(pool.Loop.NowMilliseconds).ConvertAll(candidate => candidate.Target) : [config.Target];
        ServerLoginException? last = null;
        foreach (var target in targets)
        {
            try
            {
                var dedicated = pool.State.Proven(target) with { StartupParameters = [.. target.StartupParameters, .. parameters] };
                return new DedicatedServer(pool, target, await directory.Opener.OpenDedicatedAsync(dedicated), epoch);
            }
            catch (ServerLoginException failure)
            {
                pool.Log.ServerLoginFailed(target.ToString(), failure.Message);
                last = failure;
            }
        }

        throw last ?? new ServerLoginException("no host can be tried just now");
    }
}
