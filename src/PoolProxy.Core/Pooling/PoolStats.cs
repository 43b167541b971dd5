namespace PoolProxy.Core.Pooling;

/// <summary>
/// A pool's running totals on one loop: the same numbers feed SHOW STATS and the metrics, which sum them. Plain longs, written by the loop only
/// and read by anybody, a moment old.
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

    /// <summary>Requests that were sent behind another client's.</summary>
    public long PipelinedCount;

    /// <summary>Clients that waited and were given a server to themselves.</summary>
    public long AloneCount;

    /// <summary>Servers that came from another loop for a client of this one.</summary>
    public long MovedCount;

    /// <summary>The longest that a client past its login has waited for a server.</summary>
    public long LongestWaitMilliseconds;

    /// <summary>A wait is over. A login's, for the first server of a pool, is no measure of how fairly servers are shared.</summary>
    public void Waited(long milliseconds, bool isLogin)
    {
        WaitMicroseconds += milliseconds * 1000;
        LongestWaitMilliseconds = isLogin ? LongestWaitMilliseconds : Math.Max(LongestWaitMilliseconds, milliseconds);
    }

    /// <summary>What a pool's width is judged by.</summary>
    public WorkDone Done => new(XactCount, PipelinedCount, AloneCount, QueryMicroseconds, WaitMicroseconds + QueryMicroseconds);

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
        PipelinedCount += other.PipelinedCount;
        AloneCount += other.AloneCount;
        MovedCount += other.MovedCount;
        LongestWaitMilliseconds = Math.Max(LongestWaitMilliseconds, other.LongestWaitMilliseconds);
    }

    public PoolStats Copy() => (PoolStats)MemberwiseClone();
}
