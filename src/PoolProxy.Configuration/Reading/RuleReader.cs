using System.Globalization;
using PoolProxy.Configuration.Catalogue;
using PoolProxy.Configuration.Model;
using PoolProxy.Configuration.Toml;

namespace PoolProxy.Configuration.Reading;

/// <summary>Reads <c>[[rules]]</c>.</summary>
internal sealed class RuleReader(SectionReader sections)
{
    public IReadOnlyList<RuleSettings> Read(TomlEntry entry)
    {
        if (entry.Value is not TomlArray array)
        {
            sections.Faults.Add(entry.KeyPosition, "rules: expected an array of tables", "Write [[rules]] with two brackets: rules are tried in their order.");
            return [];
        }
        var rules = new List<RuleSettings>();
        foreach (var item in array.Items)
        {
            var number = (rules.Count + 1).ToString(CultureInfo.InvariantCulture);
            sections.Faults.Positions.Add(item.Position, "rules", number);
            if (item is TomlTable table) rules.Add(ReadRule(table, rules.Count + 1, number));
            else sections.Faults.Add(item.Position, $"rules: expected a table, not {item.TypeName}");
        }
        return rules;
    }

    private RuleSettings ReadRule(TomlTable table, int number, string name)
    {
        var rule = sections.Read(
            table, new RuleSettings { Number = number, Issuer = "" }, RuleCatalogue.Settings, RefusedSettings.None, ["when"], "rules", name);
        if (!table.TryGet("when", out var when)) return rule;
        sections.Faults.Positions.Add(when.KeyPosition, "rules", name, "when");
        return sections.TryTable(when, "Write when.CLAIM = \"value\".", out var conditions) ? rule with { When = new ConditionReader(sections.Faults).Read(conditions) } : rule;
    }
}
