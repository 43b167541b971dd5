using System.Globalization;
using PoolProxy.Configuration.Toml;

namespace PoolProxy.Configuration.Catalogue;

/// <summary>
/// <c>settings = {…}</c>: PostgreSQL settings for the startup packet, by name in lower case. Numbers and booleans become their text; a dotted key is a dotted name.
/// </summary>
internal sealed class ServerSettingsKind : SettingKind<IReadOnlyDictionary<string, string>>
{
    private const int MaxCount = 64;

    public override SettingProblem? Read(TomlValue source, out IReadOnlyDictionary<string, string> value)
    {
        var settings = new OrderedDictionary<string, string>();
        value = settings;
        return source is TomlTable table ? Take(table, "", settings) : WrongType(source, "a table of PostgreSQL settings");
    }

    public override string Print(IReadOnlyDictionary<string, string> value) => string.Join(", ", value.Select(setting => $"{setting.Key}={setting.Value}"));

    public override string Write(IReadOnlyDictionary<string, string> value) =>
        $"{{ {string.Join(", ", value.Select(setting => $"{TomlText.Quote(setting.Key)} = {TomlText.Quote(setting.Value)}"))} }}";

    public override bool AreEqual(IReadOnlyDictionary<string, string> one, IReadOnlyDictionary<string, string> other) => one.SequenceEqual(other);

    private static SettingProblem? Take(TomlTable table, string prefix, OrderedDictionary<string, string> settings)
    {
        foreach (var entry in table.Entries)
        {
            var name = prefix + entry.Key.ToLowerInvariant();
            if (entry.Value is TomlTable inner)
            {
                if (Take(inner, name + ".", settings) is { } within) return within;
                continue;
            }
            if (CheckName(name) is { } problem) return problem with { Position = entry.KeyPosition };
            if (Spell(entry.Value) is not { } text) return WrongType(entry.Value, "a string, a number or a boolean") with { Position = entry.Value.Position };
            if (Texts.CheckPlain(text, Bounds.TextLength) is { } unfit) return unfit with { Position = entry.Value.Position };
            if (settings.Count == MaxCount) return new("too many settings", $"There may be {MaxCount}.", entry.KeyPosition);
            if (!settings.TryAdd(name, text)) return new($"\"{name}\" stands twice", "PostgreSQL's names compare without case.", entry.KeyPosition);
        }
        return null;
    }

    private static SettingProblem? CheckName(string name)
    {
        if (!ServerSettingNames.IsWellFormed(name)) return new($"\"{name}\" is not the name of a PostgreSQL setting");
        return ServerSettingNames.IsOurs(name) ? new($"\"{name}\" is the proxy's own to set") : null;
    }

    private static string? Spell(TomlValue value) => value switch
    {
        TomlString text => text.Value,
        TomlInteger number => number.Value.ToString(CultureInfo.InvariantCulture),
        TomlFloat number => number.Value.ToString("R", CultureInfo.InvariantCulture),
        TomlBoolean truth => truth.Value ? "on" : "off",
        _ => null,
    };
}
