using PoolProxy.Configuration.Toml;

namespace PoolProxy.Configuration.Catalogue;

/// <summary>Permission bits: <c>"0777"</c> or <c>0o777</c>. A decimal number is refused: 777 would not mean what it looks like.</summary>
internal sealed class FileModeKind : SettingKind<int>
{
    private const string Form = "Write \"0777\" or 0o777.";

    public override SettingProblem? Read(TomlValue source, out int value)
    {
        value = 0;
        switch (source)
        {
            case TomlInteger { Radix: 8, Value: >= 0 and <= 0b111_111_111 } number:
                value = (int)number.Value;
                return null;
            case TomlString { Value: { Length: 3 or 4 } text } when IsOctal(text):
                value = text.Aggregate(0, (bits, digit) => (bits << 3) | (digit - '0'));
                return null;
            default: return new("not permission bits in octal", Form);
        }
    }

    public override string Print(int value) => "0" + Convert.ToString(value, 8).PadLeft(3, '0');

    private static bool IsOctal(string text) => text.All(c => c is >= '0' and <= '7') && (text.Length == 3 || text[0] == '0');
}
