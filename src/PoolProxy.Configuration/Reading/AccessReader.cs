using System.Globalization;
using PoolProxy.Configuration.Catalogue;
using PoolProxy.Configuration.Model;
using PoolProxy.Configuration.Toml;

namespace PoolProxy.Configuration.Reading;

/// <summary>Reads <c>[access]</c> with its policies.</summary>
internal sealed class AccessReader(SectionReader sections)
{
    private const string Policies = "policies";

    public AccessSettings Read(TomlEntry entry)
    {
        if (!sections.TryTable(entry, "Write [access].", out var table)) return new();
        var access = sections.Read(table, new AccessSettings(), AccessCatalogue.Settings, RefusedSettings.None, [Policies], entry.Key);
        if (!table.TryGet(Policies, out var policies)) return access;
        if (policies.Value is not TomlArray array)
        {
            sections.Faults.Add(policies.KeyPosition, "policies: expected an array of tables", "Write [[access.policies]] with two brackets: policies are tried in their order.");
            return access;
        }
        var read = new List<AccessPolicySettings>();
        foreach (var item in array.Items)
        {
            var number = (read.Count + 1).ToString(CultureInfo.InvariantCulture);
            sections.Faults.Positions.Add(item.Position, entry.Key, Policies, number);
            if (item is TomlTable policy) read.Add(ReadPolicy(policy, read.Count + 1, [entry.Key, Policies, number]));
            else sections.Faults.Add(item.Position, $"policies: expected a table, not {item.TypeName}");
        }
        return access with { Policies = read };
    }

    private AccessPolicySettings ReadPolicy(TomlTable table, int number, string[] path)
    {
        var policy = sections.Read(
            table, new AccessPolicySettings { Number = number, Issuer = "", Role = [] }, AccessCatalogue.Policy, RefusedSettings.None, ["when", "approve_when"], path);
        return policy with { When = ReadConditions(table, "when"), ApproveWhen = ReadConditions(table, "approve_when") };
    }

    private IReadOnlyList<ClaimCondition> ReadConditions(TomlTable table, string key) =>
        table.TryGet(key, out var entry) && sections.TryTable(entry, $"Write {key}.CLAIM = \"value\".", out var conditions) ? new ConditionReader(sections.Faults).Read(conditions) : [];
}
