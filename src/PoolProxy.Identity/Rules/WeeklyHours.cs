using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace PoolProxy.Identity.Rules;

/// <summary>
/// Hours of some days of the week by the clock on the wall: <c>Mon-Fri 08:00-18:00</c>. From the first minute to before the last; where the end is not behind the
/// beginning it is on the next day, and the hours belong to the day that they begin on.
/// </summary>
public sealed class WeeklyHours
{
    private const int MinutesOfDay = 24 * 60;

    private static readonly string[] DayNames = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

    private readonly bool[] _days;

    private WeeklyHours(bool[] days, int startMinute, int endMinute)
    {
        _days = days;
        StartMinute = startMinute;
        EndMinute = endMinute;
    }

    /// <summary>The beginning, in minutes of its day.</summary>
    public int StartMinute { get; }

    /// <summary>The end, in minutes from the beginning of the same day: more than a day's where it is on the next.</summary>
    public int EndMinute { get; }

    /// <summary>Whether hours begin on that day.</summary>
    public bool BeginOn(DayOfWeek day) => _days[(int)day];

    /// <summary>Reads <c>Mon-Fri 08:00-18:00</c>, <c>Sat,Sun 10:00-12:00</c>, <c>22:00-06:00</c> (every day), <c>Mon 00:00-24:00</c>.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out WeeklyHours? hours)
    {
        hours = null;
        string[] parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        bool[] days = new bool[7];
        if (parts.Length is 0 or > 2 || (parts.Length == 2 && !TryParseDays(parts[0], days)))
        {
            return false;
        }

        if (parts.Length == 1)
        {
            Array.Fill(days, true);
        }

        string[] times = parts[^1].Split('-');
        if (times.Length != 2 || !TryParseTime(times[0], out int start) || !TryParseTime(times[1], out int end) || start == MinutesOfDay || start == end)
        {
            return false;
        }

        hours = new WeeklyHours(days, start, end > start ? end : end + MinutesOfDay);
        return true;
    }

    private static bool TryParseDays(string text, bool[] days)
    {
        foreach (string part in text.Split(','))
        {
            string[] ends = part.Split('-');
            int first = Array.FindIndex(DayNames, name => name.Equals(ends[0], StringComparison.OrdinalIgnoreCase));
            int last = Array.FindIndex(DayNames, name => name.Equals(ends[^1], StringComparison.OrdinalIgnoreCase));
            if (ends.Length > 2 || first < 0 || last < 0)
            {
                return false;
            }

            // Sat-Mon goes round the week's end.
            for (int day = first; ; day = (day + 1) % 7)
            {
                days[day] = true;
                if (day == last)
                {
                    break;
                }
            }
        }

        return true;
    }

    private static bool TryParseTime(string text, out int minute)
    {
        minute = 0;
        if (text is not [_, _, ':', _, _]
            || !int.TryParse(text.AsSpan(0, 2), NumberStyles.None, CultureInfo.InvariantCulture, out int hour)
            || !int.TryParse(text.AsSpan(3, 2), NumberStyles.None, CultureInfo.InvariantCulture, out int minutes) || minutes > 59)
        {
            return false;
        }

        minute = (60 * hour) + minutes;
        return minute <= MinutesOfDay;
    }
}
