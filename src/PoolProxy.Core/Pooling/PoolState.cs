using PoolProxy.Configuration.Model;
using PoolProxy.Core.Backend;
using PoolProxy.Core.Errors;
using PoolProxy.Core.Loops;

namespace PoolProxy.Core.Pooling;

/// <summary>
/// A pool over all loops: the permits, the free servers and the one queue of waiters of one database and login. It decides and does nothing:
/// each call enters the gate for a moment, and what it answers is carried out by the loop that asked (<see cref="Pool"/>), or by the loop
/// that a server lives on. So no lock spans I/O, and every limit holds exactly whatever loops are concerned.
/// After each call this holds: while somebody waits, no free server would do, and no place is left that could be used now.
/// </summary>
internal sealed class PoolState
{
    /// <summary>Of a pool without a size.</summary>
    private const int MaxWidth = 1000;

    private readonly LoopGate _gate;
    private readonly WaiterQueue _waiters = new();
    private readonly PoolBooks _books = new();
    private readonly PoolGrowth _growth;
    private readonly PoolNews _news;
    private readonly Pool?[] _parts;
    private readonly HostRegistry _registry;
    private volatile PoolHosts _hosts;
    private volatile PoolConfig _config;
    private volatile ServerFacts? _welcome;
    private volatile ProxyError? _refusal;
    private volatile bool _isRetired;
    private volatile bool _isForgotten;
    private volatile ServerProof? _proof;

    public PoolState(PoolKey key, PoolConfig config, ConnectionLimit database, ConnectionLimit user, int loopCount, PoolNews news, HostRegistry hosts)
    {
        _news = news;
        Key = key;
        _config = config;
        _registry = hosts;
        _hosts = new PoolHosts(config, hosts);
        Database = database;
        User = user;
        _parts = new Pool?[loopCount];
        _gate = new LoopGate(IsShared);
        _growth = new PoolGrowth(_books, _waiters, database, user);
    }

    public PoolKey Key { get; }

    /// <summary>The settings in force; replaced whole by RELOAD.</summary>
    public PoolConfig Config => _config;

    public ConnectionLimit Database { get; }

    public ConnectionLimit User { get; }

    /// <summary>Persons whose number of servers here is limited.</summary>
    public ServerShares Shares { get; } = new();

    /// <summary>Where servers may be opened, and in which order.</summary>
    public PoolHosts Hosts => _hosts;

    /// <summary>There are several loops.</summary>
    public bool IsShared => _parts.Length > 1;

    /// <summary>What the newest server said at its login; clients are welcomed with it. Null before the first.</summary>
    public ServerFacts? Welcome => _welcome;

    /// <summary>Why nobody is to be served, as the last login has shown: waiting would not help. Null otherwise.</summary>
    public ProxyError? Refusal => _refusal;

    /// <summary>Out of the configuration: nobody gets a server any more.</summary>
    public bool IsRetired => _isRetired;

    /// <summary>The target, with what was learned of a client where no file has a password for the login.</summary>
    public ServerTarget Proven(ServerTarget target) => target.Password is null && _proof is { } proof ? target with { Proof = proof } : target;

    /// <summary>It was given up because nobody used it: who comes from here on gets another.</summary>
    public bool IsForgotten => _isForgotten;

    /// <summary>
    /// Whether min_pool_size is seen to: always where the file names the login; where that is the clients' own, as long as one of them is there, as in PgBouncer. May be a moment old.
    /// </summary>
    public bool KeepsMinimum => _config is { MinPoolSize: > 0 } config && (config.MayPrefill || Array.Exists(_parts, static part => part is { ClientCount: > 0 }));

    /// <summary>There are fewer servers than min_pool_size asks for. May be a moment old.</summary>
    public bool IsBelowMinimum => _books.ServerCount < _config.MinPoolSize && KeepsMinimum && !_isRetired && !Database.IsPaused;

    /// <summary>The limits that it shares with others let it have one more server. May be a moment old.</summary>
    public bool HasServerRoom => Database.HasServerRoom && User.HasServerRoom;

    /// <summary>Neither clients nor servers, and nobody who waits. May be a moment old.</summary>
    public bool IsEmpty => ServerCount == 0 && WaiterCount == 0 && Parts.Sum(part => part.ClientCount) == 0;

    /// <summary>The loops' parts, for sums of their plain counters.</summary>
    public IEnumerable<Pool> Parts => _parts.Select((_, i) => Volatile.Read(ref _parts[i])).OfType<Pool>();

    /// <summary>All that count against the size: logging in, free, in use and on their way. May be a moment old, as the next ones.</summary>
    public int ServerCount => _books.ServerCount;

    /// <summary>Servers that have to be replaced, wherever they are.</summary>
    public int OutdatedCount => _books.OutdatedCount;

    /// <summary>Servers on their way from one loop to another.</summary>
    public int MovingCount => _books.Count(ServerState.Moving);

    /// <summary>How many servers fewer would do, where the pool pipelines. May be a moment old.</summary>
    public int Surplus => _config.Pipelines ? Math.Max(0, _books.SettledCount - Math.Max(_books.Width.Servers, _config.MinPoolSize)) : 0;

    public int WaiterCount => _waiters.Count;

    /// <summary>A loop has taken up the pool. True for the first one: it sees to min_pool_size.</summary>
    public bool Join(Pool part)
    {
        using var entered = _gate.Enter();
        var isFirst = Array.TrueForAll(_parts, known => known is null);
        Volatile.Write(ref _parts[part.Loop.Index], part);
        return isFirst;
    }

    /// <summary>A free server of the client's own loop at once, if nobody waits before and it needs no check. Null: the client waits.</summary>
    public ServerConnection? TryTake(object wearer, Loop home)
    {
        using var entered = _gate.Enter();
        if (_waiters.Count > 0 || Database.IsPaused)
        {
            return null;
        }

        var idle = _books.Idle;
        var choice = IdleChoice.For(idle, _config, wearer, home);
        if (choice < 0 || idle[choice].Loop != home || ServerFitness.IsStale(idle[choice], _config, home.NowMilliseconds))
        {
            return null;
        }

        var server = idle[choice];
        idle.RemoveAt(choice);
        server.IsChecked = false;
        server.HasServed = true;
        _books.Move(server, ServerState.Active, home.NowMilliseconds);
        return server;
    }

    /// <summary>To the end of the queue. False where a client at its login would wait in vain, or nobody is to be served.</summary>
    public bool TryEnqueue(WaiterNode node, Pool home)
    {
        using var entered = _gate.Enter();
        if (_isRetired || ((node.Waiter.IsLoggingIn || _refusal is not null) && _growth.IsHopeless(_config, home.Loop.NowMilliseconds)))
        {
            return false;
        }

        node.Home = home;
        node.Ticket++;
        _waiters.Enqueue(node);
        return true;
    }

    /// <summary>The waiter leaves, from the queue or from a promise; what is under way to it goes to the next. True if it was in the queue.</summary>
    public bool Leave(WaiterNode node)
    {
        using var entered = _gate.Enter();
        var wasQueued = node.Place == WaiterPlace.Queued;
        if (wasQueued)
        {
            _waiters.Remove(node, WaiterPlace.Out);
        }

        node.Place = WaiterPlace.Out;
        return wasQueued;
    }

    /// <summary>
    /// The first waiter, where it may look for a busy server (isolation.md §9): none is free, as after each call. It may be of another loop.
    /// </summary>
    public WaiterNode? FirstRider()
    {
        using var entered = _gate.Enter();
        return _isRetired || Database.IsPaused ? null : _waiters.Head;
    }

    /// <summary>Takes the first waiter out of the queue, whose request goes behind another's; false if it is not the first any more.</summary>
    public bool TryBoard(WaiterNode node)
    {
        using var entered = _gate.Enter();
        if (_waiters.Head != node)
        {
            return false;
        }

        _waiters.Remove(node, WaiterPlace.Out);
        return true;
    }

    /// <summary>Somebody waits: has the width looked at again; the answer is when to come back, on the loops' clock.</summary>
    public long ObserveWidth(long nowMilliseconds)
    {
        using var entered = _gate.Enter();
        var done = default(WorkDone);
        foreach (var part in _parts)
        {
            done += part?.Stats.Done ?? default;
        }

        var most = _config.PoolSize > 0 ? _config.PoolSize : MaxWidth;
        _books.Width.Observe(done, _books.SettledCount, Math.Clamp(_config.MinPoolSize, Math.Min(_parts.Length, most), most), most, nowMilliseconds);
        return _books.Width.DueMilliseconds;
    }

    /// <summary>Takes a waiter that cannot have a server out of the queue; false if it is not there (any more).</summary>
    public bool TryReject(WaiterNode node)
    {
        using var entered = _gate.Enter();
        if (node.Place != WaiterPlace.Queued)
        {
            return false;
        }

        _waiters.Remove(node, WaiterPlace.Out);
        return true;
    }

    /// <summary>The promised server was lost on the way: the waiter, if it still waits for it, is first again.</summary>
    public void PutBack(WaiterNode node, long ticket)
    {
        using var entered = _gate.Enter();
        if (node.Place == WaiterPlace.Promised && node.Ticket == ticket)
        {
            _waiters.PutFirst(node);
        }
    }

    /// <summary>What is to be done now, one thing at a time: a server for the first waiter, else one more server.</summary>
    public PoolAnswer Decide(Loop asking)
    {
        using var entered = _gate.Enter();
        return DecideWithin(asking.NowMilliseconds);
    }

    /// <summary>
    /// A server is done with and owes nothing. It becomes free, and with <paramref name="mayServe"/> the answer says who gets it. With <paramref name="mayNarrow"/>
    /// others serve on, and it is closed where the pool is wide enough without it.
    /// </summary>
    public PoolAnswer Return(ServerConnection server, Loop loop, bool mayServe, bool mayNarrow)
    {
        using var entered = _gate.Enter();
        if (IsUnwanted(server, loop.NowMilliseconds))
        {
            return new PoolAnswer(PoolAnswerKind.Close, server);
        }

        if (mayNarrow && Surplus > 0 && _waiters.Head is not { IsRiderSoon: false })
        {
            _books.LetLeave(server);
            return new PoolAnswer(PoolAnswerKind.Close, server);
        }

        _books.Move(server, ServerState.Idle, loop.NowMilliseconds);
        _books.Idle.Add(server);
        return mayServe && _waiters.Count > 0 ? DecideWithin(loop.NowMilliseconds) : PoolAnswer.Wait;
    }

    /// <summary>Whether a server that is done with should go: replaced, paused, too old, or beyond the size.</summary>
    public bool IsOutOfUse(ServerConnection server, Loop loop)
    {
        using var entered = _gate.Enter();
        return IsUnwanted(server, loop.NowMilliseconds);
    }

    public void Move(ServerConnection server, ServerState state)
    {
        using var entered = _gate.Enter();
        _books.Move(server, state, server.Loop.NowMilliseconds);
    }

    /// <summary>A server has come from its login: clients are welcomed with what it said. It is its loop's to free.</summary>
    public void Admit(ServerConnection server, int epoch)
    {
        using var entered = _gate.Enter();
        _books.Admit(server, epoch, server.Loop.NowMilliseconds);
        _growth.Succeeded();
        _refusal = null;
        _welcome = server.Facts;
    }

    /// <summary>
    /// A login has failed; the next try is not before <paramref name="retryAtMilliseconds"/>, or if it <paramref name="isByHosts"/>, before a host is known to be up. With a
    /// <paramref name="refusal"/> nobody is served until one goes well: the servers there are have to go too.
    /// </summary>
    public void LoginFailed(int epoch, long retryAtMilliseconds, bool isByHosts, ProxyError? refusal = null)
    {
        using (_gate.Enter())
        {
            _books.RemoveLogin(epoch);
            _refusal = refusal;
            if (refusal is not null)
            {
                _books.Outdate();
            }

            _growth.Failed(retryAtMilliseconds, isByHosts);
            Database.RemoveServer();
            User.RemoveServer();
        }

        _news.Tell();
    }

    /// <summary>
    /// A client has logged in with what its servers can be opened with from now on; those that are open stay. Where it is something new, what held back logins
    /// that failed with the old does not count any more.
    /// </summary>
    public void Learn(ServerProof proof)
    {
        using var entered = _gate.Enter();
        if (!proof.IsSame(_proof))
        {
            _proof = proof;
            _growth.Succeeded();
        }
    }

    /// <summary>An admitted server is closed.</summary>
    public void Closed(ServerConnection server)
    {
        using (_gate.Enter())
        {
            _books.Remove(server, server.Loop.NowMilliseconds);
            Database.RemoveServer();
            User.RemoveServer();
        }

        _news.Tell();
    }

    /// <summary>New settings from RELOAD; true when the servers there are have to be replaced, since they are of another target.</summary>
    public bool Reconfigure(PoolConfig config)
    {
        using var entered = _gate.Enter();
        var isOtherTarget = config.Target.Signature != _config.Target.Signature;
        _config = config;
        _hosts = new PoolHosts(config, _registry, _hosts.Turn);
        if (isOtherTarget)
        {
            _books.Outdate();
            if (_refusal is not null)
            {
                // It was said of the other target.
                _refusal = null;
                _growth.Succeeded();
            }
        }

        return isOtherTarget;
    }

    /// <summary>
    /// Something new is known of a host. One that is up may serve who waits, at once, unless something else than hosts holds logins back; servers of one that is not what it was are closed as they
    /// come free, each by its own loop. Any thread.
    /// </summary>
    public void HostChanged(ServerAddress host, bool isUp)
    {
        Pool? waiting = null;
        if (isUp)
        {
            // What hosts have refused this pool for itself is in this, and stays.
            var due = _hosts.RetryDue();
            using var entered = _gate.Enter();
            _growth.RetryBy(due);
            waiting = _waiters.Head?.Home;
        }

        foreach (var part in Parts)
        {
            part.Upkeep.HostChangedSoon(host);
        }

        waiting?.Dispatch.RunSoon();
    }

    /// <summary>Every server there is has to be replaced, wherever it is; each loop closes its own.</summary>
    public void Outdate()
    {
        using var entered = _gate.Enter();
        _books.Outdate();
    }

    /// <summary>
    /// Gives the pool up where it is still empty. A client that takes its seat on another loop at this moment either is seen here, or sees what is done here: each says its own
    /// first, and then looks for the other's.
    /// </summary>
    public bool TryForget()
    {
        using var entered = _gate.Enter();
        if (_isRetired || !IsEmpty)
        {
            return false;
        }

        _isForgotten = true;
        _isRetired = true;
        Interlocked.MemoryBarrier();
        if (!IsEmpty)
        {
            _isRetired = false;
            _isForgotten = false;
            return false;
        }

        _proof = null;
        return true;
    }

    /// <summary>The pool is out of the configuration.</summary>
    public void Retire()
    {
        using var entered = _gate.Enter();
        if (!_isRetired)
        {
            _isRetired = true;
            _proof = null;
            _books.Outdate();
        }
    }

    /// <summary>
    /// Looks at the books, the queue and the growth from within the gate, or takes free servers out of the books that are to be closed;
    /// <paramref name="look"/> must do nothing else.
    /// </summary>
    public T Look<T, TState>(TState state, Func<PoolBooks, WaiterQueue, PoolGrowth, TState, T> look)
    {
        using var entered = _gate.Enter();
        return look(_books, _waiters, _growth, state);
    }

    private PoolAnswer DecideWithin(long now)
    {
        if (_isRetired || Database.IsPaused)
        {
            return PoolAnswer.Wait;
        }

        return _waiters.Head is { } head && Serve(head, now) is { Kind: not PoolAnswerKind.Wait } served ? served : _growth.Decide(_config, KeepsMinimum, now);
    }

    private PoolAnswer Serve(WaiterNode head, long now)
    {
        var idle = _books.Idle;
        var choice = IdleChoice.For(idle, _config, head.Waiter.Wearer, head.Home.Loop);
        if (choice < 0)
        {
            return PoolAnswer.Wait;
        }

        var server = idle[choice];
        var isStale = ServerFitness.IsStale(server, _config, now);
        if (isStale && _waiters.Count <= _books.Count(ServerState.Tested))
        {
            // One is being checked for each waiter already.
            return PoolAnswer.Wait;
        }

        idle.RemoveAt(choice);
        if (isStale)
        {
            // The waiter stays where it is; the server comes back free.
            _books.Move(server, ServerState.Tested, now);
            return new PoolAnswer(PoolAnswerKind.Check, server);
        }

        server.IsChecked = false;
        _books.Move(server, server.Loop == head.Home.Loop ? ServerState.Active : ServerState.Moving, now);
        _waiters.Remove(head, WaiterPlace.Promised);
        return new PoolAnswer(PoolAnswerKind.Grant, server, head, head.Ticket);
    }

    private bool IsUnwanted(ServerConnection server, long now) => _isRetired || Database.IsPaused || ServerFitness.IsSpent(server, _config, _books, now);
}
