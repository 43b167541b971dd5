using System.Collections.Concurrent;
using PoolProxy.Core.Backend;
using PoolProxy.Core.Errors;
using PoolProxy.Core.Isolation;
using PoolProxy.Core.Loops;
using PoolProxy.Core.Pooling;
using PoolProxy.Core.Telemetry;

namespace PoolProxy.Core.Notifications;

/// <summary>
/// One server connection that listens for the clients of a database and role, on all loops:
/// 1. the first channel that is wanted takes a server from the pool, as a client would, in turn and within its limits;
/// 2. the server is wiped and told who it is, then LISTENs; only when that is committed are the clients' own LISTEN let go on;
/// 3. what it is notified of goes to the loops that have clients for the channel; it is always read, so PostgreSQL's queue never waits for a client;
/// 4. a channel that nobody wants any more gets UNLISTEN, and a connection that nobody wants is closed after a while.
/// When it is lost every client that listens is told. Owned by one loop; the Post methods may be called on any.
/// </summary>
internal sealed class ListeningServer : SilentLink, IWaiter
{
    private const long LongestIdleMilliseconds = 30_000;

    /// <summary>How often a connection that nobody uses looks whether somebody waits for its place.</summary>
    private const long IdleLookMilliseconds = 250;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly ListeningServers _directory;
    private readonly Pool _pool;
    private readonly ConcurrentDictionary<Loop, ListeningShare> _shares = [];
    private readonly ListenedChannels _channels = new();
    private readonly CallbackTimer _idleLook;
    private ServerConnection? _server;
    private bool _isPrepared;
    private long _idleUntilMilliseconds;
    private ProxyError? _end;

    public ListeningServer(ListeningServers directory, ListeningKey key, Pool pool, TimeSpan patience)
    {
        _directory = directory;
        _pool = pool;
        Key = key;
        QueryWaitTimeout = patience;
        Node = new WaiterNode(this);
        _idleLook = new CallbackTimer(static (server, now) => ((ListeningServer)server!).LookIfNeeded(now), this);
    }

    public ListeningKey Key { get; }

    /// <summary>How many clients hold it; the directory's, under its lock.</summary>
    public int UserCount { get; set; }

    /// <inheritdoc/>
    public object Wearer => Key.Scope is ClientIdentity identity ? identity : this;

    /// <inheritdoc/>
    public TimeSpan QueryWaitTimeout { get; }

    /// <inheritdoc/>
    public bool IsLoggingIn => false;

    /// <inheritdoc/>
    public WaiterNode Node { get; }

    private Loop Loop => _pool.Loop;

    /// <summary>That loop's share. On that loop.</summary>
    public ListeningShare ShareOf(Loop loop) => _shares.GetOrAdd(loop, static (loop, server) => new ListeningShare(server, loop), this);

    /// <summary>Clients of a loop want the channel; it is told when that is listened on, or cannot be.</summary>
    public void PostWant(ListeningShare share, SharedChannel channel) => Post((share, channel), static (server, wanted) => server.Want(wanted.share, wanted.channel));

    /// <summary>Clients of a loop want it no more.</summary>
    public void PostUnwant(ListeningShare share, SharedChannel channel) => Post((share, channel), static (server, unwanted) => server.Unwant(unwanted.share, unwanted.channel));

    /// <summary>No client holds it.</summary>
    public void UnusedSoon() => Post(0, static (server, _) => server.Unused());

    /// <inheritdoc/>
    public void Granted(ServerConnection server)
    {
        if (_end is not null)
        {
            server.Close(CloseReason.NotNeeded);
            return;
        }

        _server = server;

        // Nobody else gets it, now or later. Under exclusive it counts as its identity's from here on.
        server.DressedFor = Key.Scope as ClientIdentity;
        server.IsDressIntact = false;
        server.Join(this);
        Ask(ListeningSql.Wipe, static (listening, error) => listening.Prepare(error));
    }

    /// <inheritdoc/>
    public void Rejected(ProxyError error) => _channels.FailAll(error.AsError());

    /// <inheritdoc/>
    public void NotifyQueued()
    {
    }

    /// <inheritdoc/>
    public override bool Notified(ReadOnlySpan<byte> body)
    {
        if (Notification.Read(body) is { } notification)
        {
            _channels.Notify(notification);
        }

        return false;
    }

    /// <inheritdoc/>
    public override void Unwanted(bool isOutdated)
    {
        if (isOutdated)
        {
            _server?.Close(CloseReason.Administrator);
        }
        else if (_end is null && _directory.TryRetire(this))
        {
            Close();
        }
    }

    /// <inheritdoc/>
    public override void ServerLost(ServerConnection server, CloseReason reason)
    {
        _server = null;
        if (_end is not null)
        {
            return;
        }

        _pool.Log.ListeningLost(_pool.Key.ToString(), server.Facts.ProcessId, reason.ToString(), _channels.Count);
        End(ProxyErrors.ListeningLost);
    }

    /// <summary>Nobody uses it: it goes after a while, or at once where somebody waits for its place.</summary>
    private void LookIfNeeded(long nowMilliseconds)
    {
        if (_end is not null || Loop.Standstill.TryPutOff(_idleLook))
        {
            return;
        }

        if (nowMilliseconds < _idleUntilMilliseconds && _pool.State.WaiterCount == 0)
        {
            Loop.Timers.Arm(_idleLook, nowMilliseconds + IdleLookMilliseconds);
        }
        else if (_directory.TryRetire(this))
        {
            Close();
        }
    }

    private void Want(ListeningShare share, SharedChannel wanted)
    {
        if (_end is { } end)
        {
            share.PostFailed(wanted, end.AsError());
        }
        else if (_channels.Want(share, wanted))
        {
            Pump();
        }
    }

    private void Unwant(ListeningShare share, SharedChannel unwanted)
    {
        _channels.Unwant(share, unwanted);
        Pump();
    }

    private void Unused()
    {
        if (_pool.State.Database.IsPaused)
        {
            Unwanted(isOutdated: false);
        }
        else if (_end is null)
        {
            var idle = _pool.Config.ServerIdleTimeout.InMilliseconds();
            _idleUntilMilliseconds = Loop.NowMilliseconds + (idle > 0 ? Math.Min(idle, LongestIdleMilliseconds) : LongestIdleMilliseconds);
            LookIfNeeded(Loop.NowMilliseconds);
        }
    }

    /// <summary>Brings the server to what is wanted, one Query at a time; takes one first if there is none.</summary>
    private void Pump()
    {
        if (_end is not null)
        {
            return;
        }

        if (_server is not { } server)
        {
            if (!Node.IsQueued && _channels.IsAnyWanted)
            {
                _pool.Wait(this);
            }

            return;
        }

        if (!_isPrepared || server.Exchange is not null)
        {
            return;
        }

        var (listens, unlistens) = _channels.TakeChanges();
        if (listens.Length + unlistens.Length > 0)
        {
            Ask(ListeningSql.Change(listens, unlistens), (listening, error) => listening.Changed(listens, error));
        }
    }

    private void Prepare(ProxyError? error)
    {
        if (error is not null)
        {
            _server!.Close(CloseReason.CheckFailed);
            return;
        }

        _server!.ForgetAll();
        Ask(ListeningSql.Prepare(Key.Encoding), static (listening, failure) =>
        {
            if (failure is not null)
            {
                // It cannot be made what it has to be: whoever waits hears why.
                listening._channels.FailAll(failure);
                listening._server?.Close(CloseReason.CheckFailed);
                return;
            }

            listening._isPrepared = true;
            listening._pool.Log.ListeningBegan(listening._pool.Key.ToString(), listening._server!.Facts.ProcessId);
            listening.Pump();
        });
    }

    private void Changed(ListenedChannel[] listens, ProxyError? error)
    {
        if (error is null)
        {
            ListenedChannels.Listened(listens);
        }
        else if (listens.Length > 0)
        {
            _channels.Fail(listens, error);
        }
        else
        {
            // UNLISTEN does not fail: what the server is in is not known.
            _server!.Close(CloseReason.CheckFailed);
        }

        Pump();
    }

    private void Close()
    {
        End(ProxyErrors.ListeningLost);
        _server?.Close(CloseReason.NotNeeded);
    }

    /// <summary>Nothing comes over it any more: all that wait or listen are told.</summary>
    private void End(ProxyError error)
    {
        _end = error;
        _directory.Forget(this);
        Loop.Timers.Disarm(_idleLook);
        if (Node.IsQueued)
        {
            _pool.Leave(this);
        }

        _channels.Clear();
        foreach (var share in _shares.Values)
        {
            share.PostLost(error);
        }
    }

    private void Ask(ReadOnlySpan<byte> sql, Action<ListeningServer, ProxyError?> then) =>
        _server!.Ask(new ListeningExchange(error => then(this, error)), sql, Deadline);

    private void Post<T>(T argument, Action<ListeningServer, T> action) => Loop.Post(
        static state =>
        {
            var (server, argument, action) = ((ListeningServer, T, Action<ListeningServer, T>))state!;
            action(server, argument);
        },
        (this, argument, action));
}
