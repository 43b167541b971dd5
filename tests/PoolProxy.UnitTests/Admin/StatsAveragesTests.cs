using PoolProxy.Core.Admin.Statistics;
using PoolProxy.Core.Pooling;
using Xunit;

namespace PoolProxy.UnitTests.Admin;

public sealed class StatsAveragesTests
{
    [Fact]
    public void Counts_are_by_the_second_and_times_by_the_event()
    {
        var before = new PoolStats { XactCount = 100, QueryCount = 200, XactMicroseconds = 1000, QueryMicroseconds = 500, SentBytes = 10, ServerAssignmentCount = 5, WaitMicroseconds = 7 };
        var now = new PoolStats { XactCount = 400, QueryCount = 800, XactMicroseconds = 31_000, QueryMicroseconds = 6_500, SentBytes = 610, ServerAssignmentCount = 7, WaitMicroseconds = 47 };
        var average = new StatsAverages(now, before, SpanMilliseconds: 60_000);
        Assert.Equal((5L, 10L, 100L, 10L, 10L, 20L), (average.XactCount, average.QueryCount, average.XactMicroseconds, average.QueryMicroseconds, average.SentBytes, average.WaitMicroseconds));
    }

    [Fact]
    public void Without_events_or_time_everything_is_zero()
    {
        var stats = new PoolStats { XactMicroseconds = 5, QueryMicroseconds = 5, WaitMicroseconds = 5 };
        Assert.All(StatsValues.Of(new StatsAverages(stats, new PoolStats(), 0)), value => Assert.Equal(0L, value));
    }
}
