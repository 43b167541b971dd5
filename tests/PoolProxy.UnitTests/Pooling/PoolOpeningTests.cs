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
    private static readonly HostNature Standby = new(IsInRecovery: true, IsReadOnly: true, Timeline: 0);

    private readonly LoopThread _loop = new();
    private readonly HeldOpener _opener = new();
    private readonly Pool _pool;

    public PoolOpeningTests() => _pool = _loop.Do(() =>
        new PoolDirectory(_loop.Loop, new PoolStates(loopCount: 1), _opener, _loop.Logger).Get(new PoolKey("app", "pp"), () => Config(minimum: 1, "a", "b")));

    public void Dispose() => _loop.Dispose();

    [Fact]
    public void A_reload_that_takes_the_host_away_while_it_is_asked()
    {
        _loop.Do(_pool.Dispatch.Run);
        Next("a").SetException(new ServerLoginException("connection refused"));
        var second = Next("b");
        _loop.Do(() => _pool.Upkeep.Reconfigure(Config(minimum: 0, "a")));
        second.SetException(new ServerLoginException("not used") { Unfit = Standby });
        AllPlacesAreFree();
    }

    [Fact]
    public void An_exception_that_nobody_expected()
    {
        _loop.Do(_pool.Dispatch.Run);
        var first = Next("a");
        _loop.Do(() => _pool.Upkeep.Reconfigure(Config(minimum: 0, "a", "b")));
        first.SetException(new InvalidOperationException("nobody expected this"));
        AllPlacesAreFree();
        Assert.Contains(_loop.Logger.Entries, entry => entry.Text.Contains("a server was not opened", StringComparison.Ordinal));
    }

    private void AllPlacesAreFree()
    {
        _loop.WaitUntil(() => _pool.State.ServerCount == 0);
        Assert.Equal((0, 0, 0), _loop.Do(() => (_pool.State.Database.ServerCount, _pool.State.User.ServerCount, _pool.State.Look(0, static (books, _, _, _) => books.LoginCount))));
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
            Mode = PoolMode.Transaction, Isolation = IsolationLevel.None, PoolSize = 1, MinPoolSize = minimum, MayPrefill = true, Target = targets[0], Targets = targets,
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
