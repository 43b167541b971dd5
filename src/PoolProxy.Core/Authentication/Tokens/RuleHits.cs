namespace PoolProxy.Core.Authentication.Tokens;

/// <summary>How often a rule has decided about a login since it came into force, and when it last did. Any thread.</summary>
internal sealed class RuleHits
{
    private long _count;
    private long _lastTicks;

    public long Count => Interlocked.Read(ref _count);

    /// <summary>Null for never.</summary>
    public DateTimeOffset? Last => Interlocked.Read(ref _lastTicks) is > 0 and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    public void Note(DateTimeOffset now)
    {
        Interlocked.Increment(ref _count);
        Interlocked.Exchange(ref _lastTicks, now.UtcTicks);
    }
}
