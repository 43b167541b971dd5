using System.Globalization;
using PoolProxy.Core.Authentication.Tokens;
using PoolProxy.Identity.Rules;
using PoolProxy.Protocol.Messages.Backend;

namespace PoolProxy.Core.Admin.Show;

/// <summary>
/// SHOW RULES: the rules in their order, what they give, and how often each has decided since it came into force. Of the conditions on claims the number only, since
/// their values are whom the rule is about.
/// </summary>
internal sealed class ShowRules : ShowCommand
{
    /// <inheritdoc/>
    public override string Noun => "rules";

    /// <inheritdoc/>
    public override IReadOnlyList<Column> Columns { get; } = 
    [
        Int("number"), Text("issuer"), Int("conditions"), Text("roles"), Text("databases"), Text("console"), Text("circumstances"), Text("route"), Text("search_path"),
        Text("limits"), Int("hits"), Text("last_hit"),
    ];

    /// <inheritdoc/>
    protected override IEnumerable<object?[]> Rows(ConsoleView view) =>
        (view.Control.Tokens?.Rules ?? []).Select(entry => Row(entry.Rule, entry.Hits));

    private static object?[] Row(Rule rule, RuleHits hits) =>
        [
            rule.Number, rule.Issuer, rule.Conditions.Count, string.Join(",", rule.Roles), rule.Databases.Count == 0 ? "*" : string.Join(",", rule.Databases),
            rule.Console.ToString().ToLowerInvariant(), string.Join("; ", rule.Circumstances), rule.Route, rule.SearchPath, rule.Limits.ToString(), hits.Count,
            hits.Last?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
        ];
}
