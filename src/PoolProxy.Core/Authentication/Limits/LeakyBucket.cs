namespace PoolProxy.Core.Authentication.Limits;

/// <summary>
/// So many drops within a period, spread or at once, kept as one number: the time at which the bucket will be empty (the "virtual scheduling" of ITU-T I.371's
/// generic cell rate algorithm). Mutable; lives inside an entry of <see cref="LoginTable"/>.
/// </summary>
internal struct LeakyBucket
{
    private long _emptyAtTicks;

    /// <summary>Nothing is in it.</summary>
    public readonly bool IsEmpty(long nowTicks) => _emptyAtTicks <= nowTicks;

    /// <summary>Adds a drop where there is room; false, and nothing changes, where the period's <paramref name="capacity"/> is used up.</summary>
    public bool TryAdd(int capacity, TimeSpan period, long nowTicks)
    {
        // Never 0: a capacity that is beyond the clock's fineness is as good as none.
        var drop = Math.Max(1, period.Ticks / capacity);

        // A limit that a RELOAD has lowered must not keep a bucket over-full for longer than the new period.
        var emptyAt = Math.Clamp(_emptyAtTicks, nowTicks, nowTicks + period.Ticks);
        if (emptyAt - nowTicks > period.Ticks - drop)
        {
            return false;
        }

        _emptyAtTicks = emptyAt + drop;
        return true;
    }
}
