using PoolProxy.Core.Pooling;

namespace PoolProxy.Core.Admin.Statistics;

/// <summary>
/// The avg_ columns: counts and bytes a second, times in microseconds an event (a transaction, a query, an assignment). Whole numbers,
/// rounded down, as PgBouncer's.
/// </summary>
/// <param name="Now">Totals as they are.</param>
/// <param name="Before">Totals as they were.</param>
/// <param name="SpanMilliseconds">The time between.</param>
internal readonly record struct StatsAverages(PoolStats Now, PoolStats Before, long SpanMilliseconds)
{
    public long XactCount => Rate(Now.XactCount - Before.XactCount);

    public long QueryCount => Rate(Now.QueryCount - Before.QueryCount);

    public long ServerAssignmentCount => Rate(Now.ServerAssignmentCount - Before.ServerAssignmentCount);

    public long ReceivedBytes => Rate(Now.ReceivedBytes - Before.ReceivedBytes);

    public long SentBytes => Rate(Now.SentBytes - Before.SentBytes);

    public long XactMicroseconds => Each(Now.XactMicroseconds - Before.XactMicroseconds, Now.XactCount - Before.XactCount);

    public long QueryMicroseconds => Each(Now.QueryMicroseconds - Before.QueryMicroseconds, Now.QueryCount - Before.QueryCount);

    public long WaitMicroseconds => Each(Now.WaitMicroseconds - Before.WaitMicroseconds, Now.ServerAssignmentCount - Before.ServerAssignmentCount);

    public long ClientParseCount => Rate(Now.ClientParseCount - Before.ClientParseCount);

    public long ServerParseCount => Rate(Now.ServerParseCount - Before.ServerParseCount);

    public long BindCount => Rate(Now.BindCount - Before.BindCount);

    public long ClientLoginCount => Rate(Now.ClientLoginCount - Before.ClientLoginCount);

    private static long Each(long sum, long count) => count > 0 ? sum / count : 0;

    private long Rate(long count) => SpanMilliseconds > 0 ? (long)((Int128)count * 1000 / SpanMilliseconds) : 0;
}
