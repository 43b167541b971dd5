using System.Globalization;

namespace PoolProxy.Configuration.Toml;

/// <summary>Dates and times as RFC 3339 writes them. TOML 1.0, "Offset Date-Time" to "Local Time".</summary>
internal static class TomlDates
{
    /// <summary>Whether it begins as a date or a time does: the rest decides whether it is one.</summary>
    public static bool LooksLikeOne(ReadOnlySpan<char> token) =>
        (token.Length >= 5 && AreDigits(token[..4]) && token[4] == '-') || (token.Length >= 3 && AreDigits(token[..2]) && token[2] == ':');

    public static bool TryParse(string token, SourcePosition position, out TomlValue? value, out string? reason)
    {
        value = null;
        reason = "malformed date or time";
        ReadOnlySpan<char> rest = token;
        if (token[2] == ':')
        {
            if (TryTakeTime(ref rest, out var timeOnly) && rest.IsEmpty) value = new TomlLocalTime(timeOnly, position);
            return value is not null;
        }
        if (rest.Length < 10 || !DateOnly.TryParseExact(rest[..10], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)) return false;
        rest = rest[10..];
        if (rest.IsEmpty)
        {
            value = new TomlLocalDate(date, position);
            return true;
        }
        if (rest[0] is not ('T' or 't' or ' ')) return false;
        rest = rest[1..];
        if (!TryTakeTime(ref rest, out var time)) return false;
        if (rest.IsEmpty)
        {
            value = new TomlLocalDateTime(date.ToDateTime(time), position);
            return true;
        }
        if (!TryReadOffset(rest, out var offset)) return false;
        var local = date.ToDateTime(time);
        if (local.Ticks - offset.Ticks is < 0 or > 3_155_378_975_999_999_999) // DateTime's range
        {
            reason = "the date is out of range";
            return false;
        }
        // DateTimeOffset holds offsets up to 14 hours; RFC 3339 allows 23:59. The instant is the same in UTC.
        value = new TomlOffsetDateTime(
            offset.Duration() <= TimeSpan.FromHours(14) ? new DateTimeOffset(local, offset) : new DateTimeOffset(local - offset, TimeSpan.Zero), position);
        return true;
    }

    private static bool TryTakeTime(ref ReadOnlySpan<char> text, out TimeOnly time)
    {
        time = default;
        if (text.Length < 8 || !TimeOnly.TryParseExact(text[..8], "HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out time)) return false;
        text = text[8..];
        if (text.IsEmpty || text[0] != '.') return true;
        var digits = text[1..].IndexOfAnyExceptInRange('0', '9');
        if (digits < 0) digits = text.Length - 1;
        if (digits == 0) return false;
        var (ticks, unit) = (0L, TimeSpan.TicksPerSecond);
        foreach (var c in text.Slice(1, Math.Min(digits, 7))) ticks += (c - '0') * (unit /= 10);
        time = new TimeOnly(time.Ticks + ticks);
        text = text[(1 + digits)..];
        return true;
    }

    private static bool TryReadOffset(ReadOnlySpan<char> text, out TimeSpan offset)
    {
        offset = default;
        if (text is "Z" or "z") return true;
        if (text.Length != 6 || text[0] is not ('+' or '-') || text[3] != ':' || !AreDigits(text[1..3]) || !AreDigits(text[4..])) return false;
        var (hours, minutes) = (((text[1] - '0') * 10) + text[2] - '0', ((text[4] - '0') * 10) + text[5] - '0');
        if (hours > 23 || minutes > 59) return false;
        offset = new TimeSpan(hours, minutes, 0) * (text[0] == '-' ? -1 : 1);
        return true;
    }

    private static bool AreDigits(ReadOnlySpan<char> text) => !text.ContainsAnyExceptInRange('0', '9');
}
