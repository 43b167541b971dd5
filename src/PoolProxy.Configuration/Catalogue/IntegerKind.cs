using System.Globalization;
using PoolProxy.Configuration.Ini;
using PoolProxy.Configuration.Toml;

namespace PoolProxy.Configuration.Catalogue;

/// <summary>A whole number within bounds.</summary>
internal sealed class IntegerKind(int min, int max) : SettingKind<int>
{
    public override SettingProblem? Read(TomlValue source, out int value)
    {
        value = 0;
        long number;
        if (source is TomlInteger integer) number = integer.Value;
        else if (source is not IniWord word || !TryParse(word.Value, out number)) return WrongType(source, "an integer");
        if (number < min || number > max)
            return new($"{number} is out of bounds", $"It may be {min} to {max}.");
        value = (int)number;
        return null;
    }

    /// <summary>A number of an ini file, as strtol(3) reads it: decimal, hexadecimal behind 0x, octal behind 0.</summary>
    public static bool TryParse(string text, out long value)
    {
        var digits = text.StartsWith('-') ? text.AsSpan(1) : text.AsSpan();
        bool isRead;
        if (digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase)) isRead = long.TryParse(digits[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
        else if (digits.Length > 1 && digits[0] == '0') isRead = TryParseOctal(digits[1..], out value);
        else isRead = long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out value);
        if (text.StartsWith('-')) value = -value;
        return isRead;
    }

    private static bool TryParseOctal(ReadOnlySpan<char> digits, out long value)
    {
        value = 0;
        foreach (var digit in digits)
        {
            if (digit is < '0' or > '7' || value > int.MaxValue) return false;
            value = (value << 3) | (uint)(digit - '0');
        }
        return true;
    }

    public override string Print(int value) => value.ToString(CultureInfo.InvariantCulture);

    public override string Write(int value) => Print(value);
}
