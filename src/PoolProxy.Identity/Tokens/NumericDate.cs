using System.Text.Json;

namespace PoolProxy.Identity.Tokens;

/// <summary>Seconds since 1970 (RFC 7519 §2), whole and up to the year 9999. A number written as text is no number.</summary>
internal static class NumericDate
{
    private static readonly long MaxSeconds = DateTimeOffset.MaxValue.ToUnixTimeSeconds();

    /// <summary>Reads <paramref name="value"/>; also whole numbers in another spelling such as 1.7e9, which some libraries write.</summary>
    public static bool TryRead(JsonElement value, out DateTimeOffset date)
    {
        date = default;
        if (value.ValueKind != JsonValueKind.Number || !TryReadWhole(value, out long seconds) || seconds < 0 || seconds > MaxSeconds)
        {
            return false;
        }

        date = DateTimeOffset.FromUnixTimeSeconds(seconds);
        return true;
    }

    private static bool TryReadWhole(JsonElement value, out long seconds)
    {
        if (value.TryGetInt64(out seconds))
        {
            return true;
        }

        if (!value.TryGetDecimal(out decimal number) || number < 0 || number > MaxSeconds || decimal.Truncate(number) != number)
        {
            return false;
        }

        seconds = (long)number;
        return true;
    }
}
