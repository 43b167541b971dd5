using PoolProxy.Configuration.Model;
using PoolProxy.Core.Backend;
using PoolProxy.Core.Backend.Parameters;
using PoolProxy.Core.Pooling;
using PoolProxy.Protocol.Conversation;
using PoolProxy.Testing.Loops;
using Xunit;

namespace PoolProxy.UnitTests.Pooling;

/// <summary>Cancels of what closed servers run: which are sent, and how many at a time.</summary>
public sealed class AbandonedStatementsTests : IDisposable
{
    private readonly LoopThread _loop = new();
    private readonly SocketPair _pair;
    private readonly HeldOpener _opener = new();
    private readonly AbandonedStatements _abandoned;
    private readonly ServerConnection _server;

    public AbandonedStatementsTests()
    {
        _pair = SocketPair.Open(_loop, startsReading: false);
        (_abandoned, _server) = _loop.Do(() =>
        {
            var target = new ServerTarget { DatabaseName = "app", Host = "127.0.0.1", Port = 5432, Dbname = "app", User = "pp", Signature = "" };
            var pool = new PoolDirectory(_loop.Loop, new PoolStates(loopCount: 1), _opener, _loop.Logger).Get(
                new PoolKey("app", "pp"), () => new PoolConfig { Mode = PoolMode.Transaction, Isolation = IsolationLevel.None, PoolSize = 1, Target = target });
            var registry = new ParameterRegistry(isShared: false);
            return (pool.Abandoned, new ServerConnection(_pair.Connection, new ServerFacts(1, [1, 2, 3, 4], registry.Empty, []), registry, pool, maxPreparedStatements: 10) { Target = target });
        });
    }

    public void Dispose()
    {
        _pair.Dispose();
        _loop.Dispose();
    }

    [Theory]
    [InlineData(nameof(CloseReason.ClientLeftUnfinished), 1)]
    [InlineData(nameof(CloseReason.Administrator), 1)]
    [InlineData(nameof(CloseReason.CheckFailed), 1)]
    [InlineData(nameof(CloseReason.ServerLost), 0)]
    [InlineData(nameof(CloseReason.ProtocolViolation), 0)]
    [InlineData(nameof(CloseReason.PipelineBroken), 0)]
    [InlineData(nameof(CloseReason.ClientTerminated), 0)]
    public void Why_it_was_closed_decides(string reason, int cancels)
    {
        _loop.Do(() =>
        {
            _server.Expect(OwedKind.Query, OwedOrigin.Client);
            _abandoned.ServerClosed(_server, Enum.Parse<CloseReason>(reason));
        });
        Assert.Equal(cancels, _loop.Do(() => _abandoned.TotalCount));
    }

    [Fact]
    public void A_server_that_owes_nothing_runs_nothing()
    {
        _loop.Do(() => _abandoned.ServerClosed(_server, CloseReason.ClientLeftUnfinished));
        Assert.Equal(0, _loop.Do(() => _abandoned.TotalCount));
    }

    [Fact]
    public void So_many_are_under_way_at_a_time_and_so_many_wait_and_those_beyond_are_told_of()
    {
        const int TooMany = 10;
        _loop.Do(() =>
        {
            _server.Expect(OwedKind.Query, OwedOrigin.Client);
            for (var i = 0; i < AbandonedStatements.MaxWaiting + TooMany; i++)
            {
                _abandoned.ServerClosed(_server, CloseReason.ClientLeftUnfinished);
            }
        });
        _loop.WaitUntil(() => _opener.Asked == AbandonedStatements.MaxUnderWay);
        Assert.Equal(AbandonedStatements.MaxUnderWay, _loop.Do(() => _abandoned.UnderWay));
        Assert.Equal(AbandonedStatements.MaxWaiting, _loop.Do(() => _abandoned.Count));
        Assert.Equal(TooMany, _loop.Logger.Entries.Count(entry => entry.Text.Contains("is not cancelled", StringComparison.Ordinal)));

        // One that fails holds up nobody.
        _loop.Do(() => _opener.Outcome.SetException(new ServerLoginException("nobody there")));
        _loop.WaitUntil(() => _abandoned.Count == 0);
        Assert.Equal(AbandonedStatements.MaxWaiting, _opener.Asked);
        Assert.Equal(0, _loop.Loop.FaultCount);
    }

    /// <summary>Cancels end when the test says so.</summary>
    private sealed class HeldOpener : IServerOpener
    {
        public TaskCompletionSource Outcome { get; } = new();

        public int Asked { get; private set; }

        public Task<ServerConnection> OpenAsync(ServerTarget target, IServerOwner owner) => throw new NotSupportedException();

        public Task CancelAsync(CancelAim aim)
        {
            Asked++;
            return Outcome.Task;
        }
    }
}
