namespace PoolProxy.Testing.Loops;

/// <summary>A clock that stands still until it is moved. Timestamps are milliseconds; timers of the base class are not supported.</summary>
internal sealed class ManualTime : TimeProvider
{
    private long _milliseconds = 1_000_000;

    public override long TimestampFrequency => 1000;

    public long NowMilliseconds => Interlocked.Read(ref _milliseconds);

    public override long GetTimestamp() => NowMilliseconds;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddMilliseconds(NowMilliseconds);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        throw new NotSupportedException("Deadlines under test sit in a loop's timer wheel.");

    public void Advance(long milliseconds) => Interlocked.Add(ref _milliseconds, milliseconds);
}
