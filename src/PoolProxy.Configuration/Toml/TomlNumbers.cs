using System.Globalization;

namespace PoolProxy.Configuration.Toml;

/// <summary>Integers and floats. TOML 1.0, "Integer" and "Float".</summary>
internal static class TomlNumbers
{
    /// <summary>False with a reason where the token is a number gone wrong, false without one where it is no number at all.</summary>
    public static bool TryParse(string token, SourcePosition position, out TomlValue? value, out string? reason)
    {
        value = null;
        reason = null;
        var negative = token[0] == '-';
        var unsigned = token.AsSpan(token[0] is '+' or '-' ? 1 : 0);
        if (unsigned is "inf" or "nan")
        {
            value = new TomlFloat(unsigned is "nan" ? double.NaN : negative ? double.NegativeInfinity : double.PositiveInfinity, position);
            return true;
        }
        if (unsigned.IsEmpty || !char.IsAsciiDigit(unsigned[0])) return false;
        if (unsigned.Length > 1 && unsigned[0] == '0' && unsigned[1] is 'x' or 'o' or 'b') return TryParseRadix(token, position, out value, out reason);
        var mark = unsigned.IndexOfAny('.', 'e', 'E');
        if (mark >= 0 ? !IsFloat(unsigned, mark, out reason) : !IsDigits(unsigned, char.IsAsciiDigit)) return false;
        if (HasLeadingZero(mark >= 0 ? unsigned[..mark] : unsigned))
        {
            reason = "a decimal number may not begin with 0";
            return false;
        }

        var plain = token.Replace("_", "", StringComparison.Ordinal);
        if (mark >= 0) value = new TomlFloat(double.Parse(plain, NumberStyles.Float, CultureInfo.InvariantCulture), position);
        else if (long.TryParse(plain, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)) value = new TomlInteger(number, 10, position);
        else reason = "the integer does not fit 64 bits";
        return value is not null;
    }

    private static bool TryParseRadix(string token, SourcePosition position, out TomlValue? value, out string? reason)
    {
        value = null;
        reason = null;
        if (token[0] != '0')
        {
            reason = "a hexadecimal, octal or binary integer takes no sign";
            return false;
        }
        var (radix, isDigit) = token[1] switch
        {
            'x' => (16, (Func<char, bool>)char.IsAsciiHexDigit),
            'o' => (8, c => c is >= '0' and <= '7'),
            _ => (2, c => c is '0' or '1'),
        };
        if (!IsDigits(token.AsSpan(2), isDigit))
        {
            reason = $"malformed integer of base {radix}";
            return false;
        }
        var number = 0L;
        foreach (var c in token.AsSpan(2))
        {
            if (c == '_') continue;
            var digit = char.IsAsciiDigit(c) ? c - '0' : (c | 0x20) - 'a' + 10;
            if (number > (long.MaxValue - digit) / radix)
            {
                reason = "the integer does not fit 64 bits";
                return false;
            }
            number = (number * radix) + digit;
        }
        value = new TomlInteger(number, radix, position);
        return true;
    }

    // mark is the first of . e E; digits must stand on both sides of a dot and behind an exponent.
    private static bool IsFloat(ReadOnlySpan<char> text, int mark, out string? reason)
    {
        reason = "malformed number";
        if (!IsDigits(text[..mark], char.IsAsciiDigit)) return false;
        var rest = text[mark..];
        if (rest[0] == '.')
        {
            var exponent = rest.IndexOfAny('e', 'E');
            if (!IsDigits(exponent < 0 ? rest[1..] : rest[1..exponent], char.IsAsciiDigit)) return false;
            rest = exponent < 0 ? [] : rest[exponent..];
        }
        if (!rest.IsEmpty)
        {
            rest = rest[1..];
            if (!rest.IsEmpty && rest[0] is '+' or '-') rest = rest[1..];
            if (!IsDigits(rest, char.IsAsciiDigit)) return false;
        }
        reason = null;
        return true;
    }

    // At least one digit; an underscore only between two digits.
    private static bool IsDigits(ReadOnlySpan<char> text, Func<char, bool> isDigit)
    {
        if (text.IsEmpty) return false;
        for (var i = 0; i < text.Length; i++)
        {
            if (isDigit(text[i])) continue;
            if (text[i] != '_' || i == 0 || i == text.Length - 1 || text[i - 1] == '_') return false;
        }
        return true;
    }

    private static bool HasLeadingZero(ReadOnlySpan<char> digits) => digits.Length > 1 && digits[0] == '0';
}
