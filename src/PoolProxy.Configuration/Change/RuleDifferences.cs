using PoolProxy.Configuration.Catalogue;
using PoolProxy.Configuration.Model;

namespace PoolProxy.Configuration.Change;

/// <summary>Compares rules: their order counts, for the first match wins.</summary>
internal static class RuleDifferences
{
    public static bool AreSame(IReadOnlyList<RuleSettings> before, IReadOnlyList<RuleSettings> after) =>
        before.Count == after.Count && before.Zip(after).All(pair => AreSame(pair.First, pair.Second));

    private static bool AreSame(RuleSettings before, RuleSettings after) =>
        RuleCatalogue.Settings.All(setting => setting.IsSame(before, after))
        && before.When.Count == after.When.Count
        && before.When.Zip(after.When).All(pair => AreSame(pair.First, pair.Second));

    private static bool AreSame(ClaimCondition before, ClaimCondition after) =>
        before.Match == after.Match && before.Claim.SequenceEqual(after.Claim) && before.Values.SequenceEqual(after.Values);
}
