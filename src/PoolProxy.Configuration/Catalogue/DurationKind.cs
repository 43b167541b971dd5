using System.Buffers;
using System.Globalization;
using PoolProxy.Configuration.Ini;
using PoolProxy.Configuration.Toml;

namespace PoolProxy.Configuration.Catalogue;

/// <summary>
/// A time: a bare number counts <paramref name="unit"/> (seconds nearly everywhere, as in PgBouncer), a string carries its unit:
/// <c>"250ms"</c>, <c>"5s"</c>, <c>"1m"</c>, <c>"2h"</c>, <c>"1d"</c>. Printed as a bare number.
/// </summary>
/// <param name="unit">What a bare number counts.</param>
/// <param name="min">The shortest time taken; with <paramref name="zeroIsOff"/>, zero is taken besides.</param>
/// <param name="max">The longest time taken.</param>
/// <param name="step">Times must be multiples of this, where the system has no finer unit.</param>
/// <param name="zeroIsOff">Whether zero is taken below <paramref name="min"/>.</param>
internal sealed class DurationKind(TimeSpan unit, TimeSpan min, TimeSpan max, TimeSpan step, bool zeroIsOff) : SettingKind<TimeSpan>
{
    private const string Form = "Write seconds as a number, or a string such as \"250ms\", \"5s\", \"1m\", \"2h\", \"1d\".";

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");

    public override SettingProblem? Read(TomlValue source, out TimeSpan value)
    {
        value = default;
        double units;
        var scale = unit;
        switch (source)
        {
            case TomlInteger number: units = number.Value; break;
            case TomlFloat number: units = number.Value; break;
            case IniWord word when double.TryParse(word.Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out units): break;
            case TomlString text when TrySplit(text.Value, out units, out scale): break;
            case TomlString: return new("not a time", Form);
            default: return WrongType(source, "a time", Form);
        }
        var ticks = units * scale.Ticks;
        if (!(ticks >= 0 && ticks <= max.Ticks) || (ticks < min.Ticks && !(zeroIsOff && ticks == 0))) // NaN falls through every comparison
            return new("the time is out of bounds", $"It may be {Spell(min)} to {Spell(max)}{(zeroIsOff && min > TimeSpan.Zero ? ", or 0" : "")}.");
        value = TimeSpan.FromTicks((long)Math.Round(ticks));
        return value.Ticks % step.Ticks == 0 ? null : new("the time is too fine", $"It must be a multiple of {Spell(step)}.");
    }

    public override string Print(TimeSpan value) => ((decimal)value.Ticks / unit.Ticks).ToString("0.#######", CultureInfo.InvariantCulture);

    public override string Write(TimeSpan value) => Print(value);

    private static bool TrySplit(string text, out double units, out TimeSpan scale)
    {
        var digits = text.AsSpan().IndexOfAnyExcept(Digits);
        units = 0;
        scale = digits < 0 ? default : text[digits..] switch
        {
            "us" => TimeSpan.FromMicroseconds(1),
            "ms" => TimeSpan.FromMilliseconds(1),
            "s" => TimeSpan.FromSeconds(1),
            "m" or "min" => TimeSpan.FromMinutes(1),
            "h" => TimeSpan.FromHours(1),
            "d" => TimeSpan.FromDays(1),
            _ => default,
        };
        return scale != default && double.TryParse(text.AsSpan(0, digits), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out units);
    }

    private static string Spell(TimeSpan time) => time switch
    {
        _ when time == TimeSpan.Zero => "0",
        _ when time.Ticks % TimeSpan.TicksPerDay == 0 => $"{time.TotalDays} d",
        _ when time.Ticks % TimeSpan.TicksPerSecond == 0 => $"{time.TotalSeconds} s",
        _ => $"{time.TotalMilliseconds.ToString(CultureInfo.InvariantCulture)} ms",
    };
}
