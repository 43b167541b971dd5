using System.Globalization;
using PoolProxy.Configuration.Toml;

namespace PoolProxy.Configuration.Catalogue;

/// <summary>A whole number within bounds.</summary>
internal sealed class IntegerKind(int min, int max) : SettingKind<int>
{
    public override SettingProblem? Read(TomlValue source, out int value)
    {
        value = 0;
        if (source is not TomlInteger number) return WrongType(source, "an integer");
        if (number.Value < min || number.Value > max)
            return new($"{number.Value} is out of bounds", $"It may be {min} to {max}.");
        value = (int)number.Value;
        return null;
    }

    public override string Print(int value) => value.ToString(CultureInfo.InvariantCulture);
}
