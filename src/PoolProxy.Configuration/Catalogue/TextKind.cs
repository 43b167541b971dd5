using PoolProxy.Configuration.Toml;

namespace PoolProxy.Configuration.Catalogue;

/// <summary>A text of bounded length without NUL.</summary>
/// <param name="maxLength">In characters.</param>
/// <param name="mayBeEmpty">Whether empty is a value ("off") or a mistake.</param>
/// <param name="check">A further check: the problem, or null.</param>
internal sealed class TextKind(int maxLength, bool mayBeEmpty, Func<string, SettingProblem?>? check = null) : SettingKind<string>
{
    public override SettingProblem? Read(TomlValue source, out string value)
    {
        value = "";
        if (source is not TomlString text) return WrongType(source, "a string");
        value = text.Value;
        if (value.Length == 0) return mayBeEmpty ? null : new("the text is empty");
        return Texts.CheckPlain(value, maxLength) ?? check?.Invoke(value);
    }

    public override string Print(string value) => value;
}
