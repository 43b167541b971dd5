using PoolProxy.Identity.Claims;

namespace PoolProxy.Identity.Rules;

/// <summary>
/// <c>hours = […]</c> with <c>time_zone</c>: only at these hours; when they are over, the session is too. Beginnings and ends are moments: of an hour that the clocks
/// repeat the first counts, and one that they leave out is the moment of the jump.
/// </summary>
public sealed record HoursCondition : CircumstanceCondition
{
    /// <summary>Hours that join on for longer than this have no end.</summary>
    private const int MaxJoined = 16;

    private readonly WeeklyHours[] _hours;
    private readonly string[] _texts;
    private readonly LocalClock _clock;
    private readonly string _zone;

    /// <summary>At least one text.</summary>
    /// <param name="texts">As <see cref="WeeklyHours.TryParse"/> reads them.</param>
    /// <param name="zone">Whose clock is meant.</param>
    /// <exception cref="ArgumentException">A text cannot be read.</exception>
    public HoursCondition(IReadOnlyList<string> texts, TimeZoneInfo zone)
    {
        _texts = [.. texts];
        _hours = [.. texts.Select(text => WeeklyHours.TryParse(text, out WeeklyHours? hours)
            ? hours : throw new ArgumentException($"\"{text}\" is not of the form Mon-Fri 08:00-18:00"))];
        _clock = new LocalClock(zone);
        _zone = zone.Id;
    }

    /// <inheritdoc/>
    public override bool Holds(ClaimSet claims, in Circumstances circumstances) => EndOf(circumstances.Now) is not null;

    /// <inheritdoc/>
    public override DateTimeOffset? EndsAt(in Circumstances circumstances)
    {
        // Fri 22:00-24:00 and Sat 00:00-06:00 are one stretch of time.
        DateTimeOffset? end = EndOf(circumstances.Now);
        for (int joined = 0; end is { } moment && EndOf(moment) is { } further; end = further)
        {
            if (++joined == MaxJoined)
            {
                return null;
            }
        }

        return end;
    }

    /// <inheritdoc/>
    public override string ToString() => $"hours = [{string.Join(", ", _texts.Select(text => $"\"{text}\""))}] in {_zone}";

    /// <summary>The latest end of the hours that <paramref name="now"/> is in; null outside of all.</summary>
    private DateTimeOffset? EndOf(DateTimeOffset now)
    {
        DateTimeOffset? latest = null;
        DateTime today = _clock.At(now).Date;
        foreach (WeeklyHours hours in _hours)
        {
            // Yesterday's may go on today; tomorrow's may have begun where the clock was put back over midnight.
            for (int day = -1; day <= 1; day++)
            {
                DateTime date = today.AddDays(day);
                if (hours.BeginOn(date.DayOfWeek) && _clock.FirstMoment(date.AddMinutes(hours.StartMinute)) <= now)
                {
                    DateTimeOffset end = _clock.FirstMoment(date.AddMinutes(hours.EndMinute));
                    latest = end > now && (latest is null || end > latest) ? end : latest;
                }
            }
        }

        return latest;
    }
}
