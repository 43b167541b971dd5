using PoolProxy.Core.Backend;
using PoolProxy.Testing.Loops;
using Xunit;

namespace PoolProxy.UnitTests.Backend;

public sealed class ConnectDeadlineTests : IDisposable
{
    private readonly ManualTime _time = new();
    private readonly LoopThread _thread;

    public ConnectDeadlineTests() => _thread = new LoopThread(_time);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_connection_is_given_up_whether_it_came_before_the_time_ran_out_or_after(bool isEarly)
    {
        using var pair = SocketPair.Open(_thread);
        var deadline = _thread.Do(() => new ConnectDeadline(_thread.Loop, TimeSpan.FromSeconds(1)));
        if (isEarly)
        {
            _thread.Do(() => deadline.Watch(pair.Connection));
        }

        _time.Advance(2000);
        _thread.WaitUntil(() => deadline.HasPassed);
        if (!isEarly)
        {
            _thread.Do(() => deadline.Watch(pair.Connection));
        }

        Assert.True(_thread.Do(() => pair.Connection.IsClosed));
        _thread.Do(deadline.Dispose);
    }

    public void Dispose() => _thread.Dispose();
}
