using System.Globalization;
using PoolProxy.Configuration.Toml;

namespace PoolProxy.Configuration.Catalogue;

/// <summary>One port for all hosts, or one for each: a number, an array, or a string with commas as in libpq's.</summary>
internal sealed class PortsKind : SettingKind<IReadOnlyList<int>>
{
    private static readonly IntegerKind One = new(1, 65535);

    public override SettingProblem? Read(TomlValue source, out IReadOnlyList<int> value)
    {
        var ports = new List<int>();
        value = ports;
        switch (source)
        {
            case TomlArray { IsOfTables: false } array:
                foreach (var item in array.Items)
                    if (Take(item, ports) is { } problem) return problem with { Position = item.Position };
                break;
            case TomlString text when text.Value.Contains(',', StringComparison.Ordinal):
                foreach (var part in text.Value.Split(',', StringSplitOptions.TrimEntries))
                    if (Take(new Ini.IniWord(part, text.Position), ports) is { } problem) return problem;
                break;
            default:
                if (Take(source, ports) is { } single) return single;
                break;
        }
        return ports.Count == 0 ? new("the list is empty") : null;
    }

    public override string Print(IReadOnlyList<int> value) => string.Join(',', value.Select(One.Print));

    public override string Write(IReadOnlyList<int> value) =>
        value is [var only] ? One.Write(only) : $"[{string.Join(", ", value.Select(port => port.ToString(CultureInfo.InvariantCulture)))}]";

    public override bool AreEqual(IReadOnlyList<int> one, IReadOnlyList<int> other) => one.SequenceEqual(other);

    private static SettingProblem? Take(TomlValue source, List<int> ports)
    {
        var problem = One.Read(source, out var port);
        if (problem is null) ports.Add(port);
        return problem;
    }
}
