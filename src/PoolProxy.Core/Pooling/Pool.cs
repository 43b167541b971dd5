using System.Diagnostics;
using Microsoft.Extensions.Logging;
using PoolProxy.Configuration.Model;
using PoolProxy.Core.Backend;
using PoolProxy.Core.Errors;
using PoolProxy.Core.Loops;
using PoolProxy.Core.Telemetry;
using PoolProxy.Protocol.Framing;

namespace PoolProxy.Core.Pooling;

/// <summary>
/// The servers of one database and login, and the clients that wait for one. Taking a free server is a synchronous step; whoever finds
/// none waits in order of arrival. <see cref="Move"/> is the only writer of a server's state, so the counts of SHOW POOLS cannot drift.
/// Owned by one loop.
/// </summary>
internal sealed class Pool : IServerOwner
{
    private static readonly TimeSpan ExchangeDeadline = TimeSpan.FromSeconds(15);

    private readonly PoolDirectory _directory;
    private readonly PoolGrowth _growth;
    private readonly PoolJanitor _janitor;
    private readonly List<ServerConnection> _idle = [];
    private readonly HashSet<ServerConnection> _servers = [];
    private readonly int[] _counts = new int[(int)ServerState.Gone + 1];
    private bool _isDispatching;

    public Pool(PoolDirectory directory, PoolKey key, PoolConfig config, ConnectionLimit database, ConnectionLimit user)
    {
        _directory = directory;
        Key = key;
        Config = config;
        Database = database;
        User = user;
        _growth = new PoolGrowth(this, directory);
        _janitor = new PoolJanitor(this);
        _janitor.Schedule();
    }

    public PoolKey Key { get; }

    public PoolConfig Config { get; private set; }

    public ConnectionLimit Database { get; }

    public ConnectionLimit User { get; }

    public Loop Loop => _directory.Loop;

    public ILogger Log => _directory.Log;

    public WaiterQueue Waiters { get; } = new();

    public PoolStats Stats { get; } = new();

    /// <summary>What the newest server said at its login; clients are welcomed with it. Null before the first.</summary>
    public ServerFacts? Welcome { get; private set; }

    /// <summary>Clients logged in to this pool; kept by the frontend.</summary>
    public int ClientCount { get; set; }

    /// <summary>Every server but those that are closed or still logging in.</summary>
    public IReadOnlyCollection<ServerConnection> Servers => _servers;

    public IReadOnlyList<ServerConnection> Idle => _idle;

    /// <summary>All that count against the size: logging in, free and in use.</summary>
    public int ServerCount => _servers.Count + LoginCount;

    public int LoginCount => _counts[(int)ServerState.Login];

    public PoolGrowth Growth => _growth;

    public bool IsRetired { get; private set; }

    public int Count(ServerState state) => _counts[(int)state];

    /// <summary>Idle for so long that it is checked before use; SHOW calls it used.</summary>
    public bool IsStale(ServerConnection server)
    {
        var config = Config;
        return config.CheckQuery is not null && server.State == ServerState.Idle && !server.IsChecked
            && Loop.NowMilliseconds - server.StateSinceMilliseconds >= (long)config.CheckDelay.TotalMilliseconds;
    }

    /// <summary>
    /// A free server at once, if nobody waits before: the one last dressed for the same wearer where there is one. Null: the caller
    /// waits (<see cref="Wait"/>).
    /// </summary>
    public ServerConnection? TryTake(object wearer) => Waiters.Count > 0 || Database.IsPaused ? null : Pick(wearer);

    /// <summary>Queues the client, and opens or checks a server for it where the limits allow. May reject at once.</summary>
    public void Wait(IWaiter waiter)
    {
        Waiters.Enqueue(waiter.Node, Loop.NowMilliseconds);
        if (_growth.IsHopeless && waiter.IsLoggingIn)
        {
            Reject(waiter.Node, ProxyErrors.ServerLoginFailing);
            return;
        }

        FindServers();
        _janitor.Schedule();
    }

    /// <summary>The client gives up waiting: it has left, or was ended.</summary>
    public void Leave(IWaiter waiter) => Waiters.Remove(waiter.Node);

    /// <summary>The client is done with the server, which owes nothing. It goes to the next, after a reset where the mode wants one.</summary>
    public void Release(ServerConnection server)
    {
        if (server.IsClosed)
        {
            return;
        }

        Debug.Assert(server.Link is null, "parted before it is released");
        var conversation = server.Conversation;
        if (!conversation.IsQuiet || conversation.IsUncertain)
        {
            server.Close(CloseReason.ClientLeftUnfinished);
        }
        else if (server.CancelsUnderWay > 0)
        {
            // The next client must not be hit by a cancel that was meant for this one.
            Move(server, ServerState.BeingCanceled);
        }
        else if (conversation.Status != TransactionStatus.Idle)
        {
            Run(server, "ROLLBACK"u8, resetFollows: true);
        }
        else
        {
            ResetOrFree(server);
        }
    }

    /// <inheritdoc/>
    public void ServerClosed(ServerConnection server, CloseReason reason)
    {
        var had = server.State;
        Move(server, ServerState.Gone);
        if (_servers.Remove(server))
        {
            _idle.Remove(server);
            Database.ServerCount--;
            User.ServerCount--;
            Log.ServerClosed(Key.ToString(), server.Facts.ProcessId, reason.ToString(), had.ToString());
            _directory.RoomMade(this);
        }
    }

    /// <inheritdoc/>
    public void ServerSettled(ServerConnection server)
    {
        if (server.State == ServerState.BeingCanceled && server.CancelsUnderWay == 0)
        {
            Release(server);
        }
    }

    /// <summary>A check, reset or ROLLBACK went well.</summary>
    public void ExchangeDone(ServerConnection server)
    {
        Debug.Assert(server.State == ServerState.Tested, "only the pool's own exchanges end here");
        if (server.IsResetDue)
        {
            ResetOrFree(server);
        }
        else
        {
            server.IsChecked = true;
            Free(server);
        }
    }

    /// <summary>A server has come from its login.</summary>
    public void Admit(ServerConnection server)
    {
        _counts[(int)ServerState.Login]--;
        _servers.Add(server);
        _counts[(int)server.State]++;
        Welcome = server.Facts;
        Move(server, ServerState.Tested);
        Log.ServerOpened(Key.ToString(), server.Facts.ProcessId);
        Free(server);
    }

    /// <summary>A place for a login that begins; given back by <see cref="Admit"/> or <see cref="LoginFailed"/>.</summary>
    internal void CountLogin()
    {
        _counts[(int)ServerState.Login]++;
        Database.ServerCount++;
        User.ServerCount++;
    }

    internal void LoginFailed()
    {
        _counts[(int)ServerState.Login]--;
        Database.ServerCount--;
        User.ServerCount--;
        for (var node = _growth.IsHopeless ? Waiters.Head : null; node is not null;)
        {
            var next = node.Next;
            if (node.Waiter.IsLoggingIn)
            {
                Reject(node, ProxyErrors.ServerLoginFailing);
            }

            node = next;
        }

        _janitor.Schedule();
    }

    /// <summary>New settings from RELOAD; servers of another target are replaced as they come free.</summary>
    public void Reconfigure(PoolConfig config)
    {
        var isOtherTarget = config.Target.Signature != Config.Target.Signature;
        Config = config;
        if (isOtherTarget)
        {
            Reconnect();
        }

        FindServers();
        _janitor.Schedule();
    }

    /// <summary>Every server is replaced: free ones now, the others when their client lets go.</summary>
    public void Reconnect()
    {
        foreach (var server in _servers)
        {
            server.IsCloseNeeded = true;
        }

        CloseIdle(CloseReason.Administrator);
    }

    public void CloseIdle(CloseReason reason)
    {
        while (_idle.Count > 0)
        {
            _idle[^1].Close(reason);
        }
    }

    /// <summary>KILL, or the end of the proxy: every server now.</summary>
    public void CloseAll(CloseReason reason)
    {
        foreach (var server in _servers.ToArray())
        {
            server.Close(reason);
        }
    }

    /// <summary>The pool is out of the configuration: nobody gets a server any more.</summary>
    public void Retire()
    {
        IsRetired = true;
        RejectAll(ProxyErrors.DatabaseRemoved);
        Reconnect();
        _janitor.Stop();
    }

    public void RejectAll(ProxyError error)
    {
        while (Waiters.Head is { } head)
        {
            Reject(head, error);
        }
    }

    internal void Reject(WaiterNode node, ProxyError error)
    {
        Waiters.Remove(node);
        node.Waiter.Rejected(error);
    }

    /// <summary>Serves waiters while there are servers, then sees to more servers. Never runs inside itself: a grant may release at once.</summary>
    public void FindServers()
    {
        if (_isDispatching)
        {
            return;
        }

        _isDispatching = true;
        try
        {
            while (!Database.IsPaused && Waiters.Head is { } head && Pick(head.Waiter.Wearer) is { } server)
            {
                Waiters.Remove(head);
                Stats.WaitMicroseconds += (Loop.NowMilliseconds - head.SinceMilliseconds) * 1000;
                head.Waiter.Granted(server);
            }
        }
        finally
        {
            _isDispatching = false;
        }

        if (!Database.IsPaused && !IsRetired)
        {
            _growth.Grow();
        }
    }

    internal void Move(ServerConnection server, ServerState state)
    {
        if (server.State == state)
        {
            return;
        }

        if (_servers.Contains(server))
        {
            _counts[(int)server.State]--;
            _counts[(int)state]++;
        }

        server.State = state;
        server.StateSinceMilliseconds = Loop.NowMilliseconds;
    }

    private ServerConnection? Pick(object wearer)
    {
        var choice = IdleChoice.For(_idle, Config, wearer, IsStale, out var needsCheck);
        if (choice < 0)
        {
            return null;
        }

        var server = _idle[choice];
        _idle.RemoveAt(choice);
        if (needsCheck)
        {
            // The waiter stays where it is; the server comes back through Free.
            Run(server, System.Text.Encoding.UTF8.GetBytes(Config.CheckQuery!), resetFollows: false);
            return null;
        }

        server.IsChecked = false;
        Move(server, ServerState.Active);
        Stats.ServerAssignmentCount++;
        return server;
    }

    private void ResetOrFree(ServerConnection server)
    {
        var config = Config;
        server.IsResetDue = false;
        if (IsUnwanted(server, config))
        {
            server.Close(server.IsCloseNeeded ? CloseReason.Administrator : CloseReason.LifetimeOver);
        }
        else if (config.ResetQuery.Length > 0 && (config.Mode == PoolMode.Session || config.ResetQueryAlways))
        {
            // Whom it served is not forgotten: the administrator's query may leave things behind that only DISCARD ALL clears.
            server.IsDressIntact = false;
            Run(server, System.Text.Encoding.UTF8.GetBytes(config.ResetQuery), resetFollows: false);
        }
        else
        {
            Free(server);
        }
    }

    private bool IsUnwanted(ServerConnection server, PoolConfig config) =>
        server.IsCloseNeeded || IsRetired || Database.IsPaused
        || (config.ServerLifetime > TimeSpan.Zero && Loop.NowMilliseconds - server.ConnectedMilliseconds >= (long)config.ServerLifetime.TotalMilliseconds)
        || (config.PoolSize > 0 && ServerCount > config.PoolSize + config.ReservePoolSize);

    private void Free(ServerConnection server)
    {
        if (server.IsCloseNeeded || IsRetired || Database.IsPaused)
        {
            server.Close(CloseReason.Administrator);
            return;
        }

        Move(server, ServerState.Idle);
        server.StateSinceMilliseconds = Loop.NowMilliseconds;
        _idle.Add(server);
        if (Waiters.Count > 0)
        {
            FindServers();
        }
        else
        {
            _janitor.Schedule();
        }
    }

    private void Run(ServerConnection server, ReadOnlySpan<byte> sql, bool resetFollows)
    {
        server.IsResetDue = resetFollows;
        Move(server, ServerState.Tested);
        server.Ask(new PoolExchange(this), sql, ExchangeDeadline);
    }
}
