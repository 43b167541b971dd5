namespace PoolProxy.Core.Pooling;

/// <summary>What a pool has done: transactions, how many of them went behind others, how many waited for a server of their own, and the time that all of them ran, and waited and ran, in microseconds.</summary>
internal readonly record struct WorkDone(long Transactions, long Pipelined, long Alone, long RunMicroseconds, long Microseconds)
{
    /// <summary>What one took on average; there must be some.</summary>
    public double MicrosecondsEach => (double)Microseconds / Transactions;

    public static WorkDone operator +(WorkDone one, WorkDone other) =>
        new(one.Transactions + other.Transactions, one.Pipelined + other.Pipelined, one.Alone + other.Alone, one.RunMicroseconds + other.RunMicroseconds, one.Microseconds + other.Microseconds);

    public static WorkDone operator -(WorkDone one, WorkDone other) =>
        new(one.Transactions - other.Transactions, one.Pipelined - other.Pipelined, one.Alone - other.Alone, one.RunMicroseconds - other.RunMicroseconds, one.Microseconds - other.Microseconds);
}
