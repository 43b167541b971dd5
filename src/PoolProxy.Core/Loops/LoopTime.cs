namespace PoolProxy.Core.Loops;

/// <summary>Spans of time in the unit of a loop's clock.</summary>
internal static class LoopTime
{
    /// <summary>Whole milliseconds, rounded down, by integers: deadlines are worked out several times in each transaction.</summary>
    public static long InMilliseconds(this TimeSpan time) => time.Ticks / TimeSpan.TicksPerMillisecond;
}
