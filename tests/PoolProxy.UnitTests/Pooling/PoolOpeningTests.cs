using System.Collections.Concurrent;
using PoolProxy.Configuration.Model;
using PoolProxy.Core.Backend;
using PoolProxy.Core.Pooling;
using PoolProxy.Testing.Loops;
using Xunit;

namespace PoolProxy.UnitTests.Pooling;

/// <summary>A pool's place for a server that is being opened comes back, whatever becomes of the opening.</summary>
public sealed class PoolOpeningTests : IDisposable
{
    private static readonly HostNature Primary = new(IsInRecovery: false, IsReadOnly: false, Timeline: 1);
    private static readonly HostNature Standby = new(IsInRecovery: true, IsReadOnly: true, Timeline: 0);

    private readonly ManualTime _time = new();
    private readonly LoopThread _loop;
    private readonly HeldOpener _opener = new();
    private readonly PoolDirectory _directory;

    public PoolOpeningTests()
    {
        _loop = new LoopThread(_time);
        _directory = new PoolDirectory(_loop.Loop, new PoolStates(loopCount: 1), _opener, _loop.Logger);
    }

    public void Dispose() => _loop.Dispose();

    [Fact]
    public void A_reload_that_takes_the_host_away_while_it_is_asked()
    {
        var pool = Pool("pp", minimum: 1, "a", "b");
        _loop.Do(pool.Dispatch.Run);
        Next("a").SetException(new ServerLoginException("connection refused"));
        var second = Next("b");
        _loop.Do(() => pool.Upkeep.Reconfigure(Config(minimum: 0, "a")));
        second.SetException(new ServerLoginException("not used") { Unfit = Standby });
        AllPlacesAreFree(pool);
    }

    [Fact]
    public void An_exception_that_nobody_expected()
    {
        var pool = Pool("pp", minimum: 1, "a", "b");
        _loop.Do(pool.Dispatch.Run);
        var first = Next("a");
        _loop.Do(() => pool.Upkeep.Reconfigure(Config(minimum: 0, "a", "b")));
        first.SetException(new InvalidOperationException("nobody expected this"));
        AllPlacesAreFree(pool);
        Assert.Contains(_loop.Logger.Entries, entry => entry.Text.Contains("a server was not opened", StringComparison.Ordinal));
    }

    [Fact]
    public void One_login_at_a_time_finds_out_about_a_host_that_is_not_fit_and_the_others_wait_for_it()
    {
        Pool[] pools = [.. Enumerable.Range(0, 5).Select(number => Pool($"user{number}", minimum: 3, "a"))];
        var host = HostOf("a");
        _loop.Do(() => host.Failed("connection refused", 1000, 0, _loop.Loop.NowMilliseconds - 1000));
        _loop.Do(() => Array.ForEach(pools, pool => pool.Dispatch.Run()));
        var only = Next("a");

        // They look again from time to time, and leave the host alone for as long as it is asked.
        for (int i = 0; i < 10; i++)
        {
            NothingIsAsked(pools);
            _time.Advance(HostHealth.UnfitMilliseconds);
        }

        // It refuses that pool's login: it is there, and now everybody else may ask at once.
        only.SetException(new ServerLoginException("28P01 no") { SqlState = "28P01" });
        _loop.WaitUntil(() => host.Report.Failures == 0);
        _time.Advance(200);
        _loop.WaitUntil(() => _opener.Asked.Count == 12);
        Assert.Equal([0, 3, 3, 3, 3], pools.Select(LoginsOf).Order());
    }

    [Fact]
    public void Who_is_at_it_by_a_check_leaves_nothing_to_ask_for_logins()
    {
        var pool = Pool("pp", minimum: 1, "a");
        var host = HostOf("a");
        _loop.Do(() => host.Failed("connection refused", 1000, 0, _loop.Loop.NowMilliseconds - 1000));
        Assert.True(_loop.Do(() => host.TryBeginCheck(1000, _loop.Loop.NowMilliseconds + 2000)));
        _loop.Do(pool.Dispatch.Run);
        NothingIsAsked(pool);
        _loop.Do(host.EndAttempt);
        _time.Advance(HostHealth.UnfitMilliseconds);
        Next("a");

        // And the other way round.
        Assert.False(_loop.Do(() => host.TryBeginCheck(1000, _loop.Loop.NowMilliseconds + 2000)));
    }

    [Fact]
    public void A_host_that_is_back_undoes_what_it_has_held_back_and_nothing_else()
    {
        var (refused, down) = (Pool("refused", minimum: 1, "a"), Pool("down", minimum: 1, "a"));
        _loop.Do(refused.Dispatch.Run);
        Next("a").SetException(new ServerLoginException("28P01 no") { SqlState = "28P01" });
        _loop.WaitUntil(() => refused.State.ServerCount == 0);
        _loop.Do(down.Dispatch.Run);
        Next("a").SetException(new ServerLoginException("connection refused") { IsUnanswered = true, IsBrokenOff = true });
        _loop.WaitUntil(() => down.State.ServerCount == 0);
        Assert.Equal((true, true), _loop.Do(() => (IsHeldBack(refused), IsHeldBack(down))));
        Assert.True(_loop.Do(() => HostOf("a").Answered(Primary, _loop.Loop.NowMilliseconds)));
        _loop.Do(() => down.Watch.Tell(HostOf("a")));
        Assert.Equal((true, false), _loop.Do(() => (IsHeldBack(refused), IsHeldBack(down))));
        _time.Advance(200);
        Next("a");
        Assert.Equal((0, 1), (LoginsOf(refused), LoginsOf(down)));
    }

    private void NothingIsAsked(params Pool[] pools)
    {
        for (int turns = 0; turns < 5; turns++)
        {
            _loop.Do(static () => { });
        }

        Assert.Empty(_opener.Asked);
        Assert.InRange(pools.Sum(LoginsOf), 0, 1);
    }

    private HostHealth HostOf(string host) => _directory.States.Hosts.Get(new ServerAddress(host, 1));

    private int LoginsOf(Pool pool) => _loop.Do(() => pool.State.Look(0, static (books, _, _, _) => books.LoginCount));

    private bool IsHeldBack(Pool pool) => pool.State.Look(_loop.Loop.NowMilliseconds, static (_, _, growth, now) => growth.RetryDue(now)) < long.MaxValue;

    private Pool Pool(string user, int minimum, params string[] hosts) => _loop.Do(() => _directory.Get(new PoolKey("app", user), () => Config(minimum, hosts)));

    private void AllPlacesAreFree(Pool pool)
    {
        _loop.WaitUntil(() => pool.State.ServerCount == 0);
        Assert.Equal((0, 0, 0), _loop.Do(() => (pool.State.Database.ServerCount, pool.State.User.ServerCount, pool.State.Look(0, static (books, _, _, _) => books.LoginCount))));
        Assert.Equal(0, _loop.Loop.FaultCount);
    }

    private TaskCompletionSource<ServerConnection> Next(string host)
    {
        _loop.WaitUntil(() => !_opener.Asked.IsEmpty);
        Assert.True(_opener.Asked.TryDequeue(out var asked));
        Assert.Equal(host, asked.Host);
        return asked.Outcome;
    }

    private static PoolConfig Config(int minimum, params string[] hosts)
    {
        ServerTarget[] targets =
        [
            .. hosts.Select(host => new ServerTarget
            {
                DatabaseName = "app", Host = host, Port = 1, Dbname = "app", User = "pp", Signature = "", Demand = TargetSessionAttrs.Primary, AsksNature = true,
            }),
        ];
        return new PoolConfig
        {
            Mode = PoolMode.Transaction, Isolation = IsolationLevel.None, PoolSize = 3, MinPoolSize = minimum, MayPrefill = true, Target = targets[0], Targets = targets,
            LoadBalanceHosts = LoadBalanceHosts.Disable, ServerLoginRetry = TimeSpan.FromSeconds(15),
        };
    }

    /// <summary>Openings end when the test says so.</summary>
    private sealed class HeldOpener : IServerOpener
    {
        public ConcurrentQueue<(string Host, TaskCompletionSource<ServerConnection> Outcome)> Asked { get; } = new();

        public Task<ServerConnection> OpenAsync(ServerTarget target, IServerOwner owner)
        {
            var outcome = new TaskCompletionSource<ServerConnection>(TaskCreationOptions.RunContinuationsAsynchronously);
            Asked.Enqueue((target.Host, outcome));
            return outcome.Task;
        }

        public Task CancelAsync(CancelAim aim) => throw new NotSupportedException();
    }
}
