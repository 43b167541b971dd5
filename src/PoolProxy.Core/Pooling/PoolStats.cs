namespace PoolProxy.Core.Pooling;

/// <summary>
/// A pool's running totals: the same numbers feed SHOW STATS and the metrics. Plain longs, written by the pool's loop only.
/// Times are microseconds, as in PgBouncer.
/// </summary>
internal sealed class PoolStats
{
    public long XactCount;
    public long QueryCount;
    public long ServerAssignmentCount;
    public long ReceivedBytes;
    public long SentBytes;
    public long XactMicroseconds;
    public long QueryMicroseconds;
    public long WaitMicroseconds;
    public long ClientParseCount;
    public long ServerParseCount;
    public long BindCount;
    public long ClientLoginCount;

    public void Add(PoolStats other)
    {
        XactCount += other.XactCount;
        QueryCount += other.QueryCount;
        ServerAssignmentCount += other.ServerAssignmentCount;
        ReceivedBytes += other.ReceivedBytes;
        SentBytes += other.SentBytes;
        XactMicroseconds += other.XactMicroseconds;
        QueryMicroseconds += other.QueryMicroseconds;
        WaitMicroseconds += other.WaitMicroseconds;
        ClientParseCount += other.ClientParseCount;
        ServerParseCount += other.ServerParseCount;
        BindCount += other.BindCount;
        ClientLoginCount += other.ClientLoginCount;
    }

    public PoolStats Copy() => (PoolStats)MemberwiseClone();
}
