using PoolProxy.Configuration.Ini;
using PoolProxy.Configuration.Toml;

namespace PoolProxy.Configuration.Catalogue;

/// <summary><c>true</c> and <c>false</c>, or 1 and 0 as in PgBouncer's files; printed as 1 and 0. In an ini file any number but 0 is 1, as there.</summary>
internal sealed class BooleanKind : SettingKind<bool>
{
    public override SettingProblem? Read(TomlValue source, out bool value)
    {
        if (source is IniWord word)
        {
            value = IntegerKind.TryParse(word.Value, out var number) && number != 0;
            return IntegerKind.TryParse(word.Value, out _) ? null : WrongType(source, "1 or 0");
        }
        value = source is TomlBoolean { Value: true } or TomlInteger { Value: 1 };
        return source is TomlBoolean or TomlInteger { Value: 0 or 1 } ? null : WrongType(source, "true or false", "0 and 1 are taken too.");
    }

    public override string Print(bool value) => value ? "1" : "0";

    public override string Write(bool value) => value ? "true" : "false";
}
