namespace PoolProxy.Identity.Rules;

/// <summary>The clock on the wall of a time zone, with its jumps.</summary>
/// <param name="zone">The zone.</param>
internal sealed class LocalClock(TimeZoneInfo zone)
{
    /// <summary>More than any zone is away from UTC or jumps.</summary>
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>What it shows at <paramref name="instant"/>.</summary>
    public DateTime At(DateTimeOffset instant) => DateTime.SpecifyKind(instant.UtcDateTime + zone.GetUtcOffset(instant.UtcDateTime), DateTimeKind.Unspecified);

    /// <summary>
    /// The first moment at which it shows <paramref name="local"/> or more, as seen from the day before: of a time that comes twice the first one, and for one that is
    /// left out the moment of the jump.
    /// </summary>
    public DateTimeOffset FirstMoment(DateTime local)
    {
        // A jump lies between these two, or none; before it one offset holds, behind it another.
        DateTime early = DateTime.SpecifyKind(local - Day, DateTimeKind.Utc), late = DateTime.SpecifyKind(local + Day, DateTimeKind.Utc);
        TimeSpan before = zone.GetUtcOffset(early), after = zone.GetUtcOffset(late);
        DateTimeOffset first = new(local, before);
        if (zone.GetUtcOffset(first.UtcDateTime) == before)
        {
            return first;
        }

        DateTimeOffset second = new(local, after);
        return zone.GetUtcOffset(second.UtcDateTime) == after ? second : Jump(early, late, before);
    }

    // The first tick at which another offset than before holds.
    private DateTimeOffset Jump(DateTime early, DateTime late, TimeSpan before)
    {
        long low = early.Ticks, high = late.Ticks;
        while (high - low > 1)
        {
            long middle = low + ((high - low) / 2);
            if (zone.GetUtcOffset(new DateTime(middle, DateTimeKind.Utc)) == before)
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        return new DateTimeOffset(high, TimeSpan.Zero);
    }
}
