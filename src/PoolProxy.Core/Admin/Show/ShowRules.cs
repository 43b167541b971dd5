using PoolProxy.Protocol.Messages.Backend;

namespace PoolProxy.Core.Admin.Show;

/// <summary>SHOW RULES: the rules in their order; of conditions the number only, since their values are whom the rule is about.</summary>
internal sealed class ShowRules : ShowCommand
{
    /// <inheritdoc/>
    public override string Noun => "rules";

    /// <inheritdoc/>
    public override IReadOnlyList<Column> Columns { get; } = [Int("number"), Text("issuer"), Int("conditions"), Text("roles"), Text("databases"), Text("console")];

    /// <inheritdoc/>
    protected override IEnumerable<object?[]> Rows(ConsoleView view) =>
        (view.Control.Tokens?.Rules.Rules ?? []).Select(rule => (object?[])
        [
            rule.Number, rule.Issuer, rule.Conditions.Count, string.Join(",", rule.Roles), rule.Databases.Count == 0 ? "*" : string.Join(",", rule.Databases),
            rule.Console.ToString().ToLowerInvariant(),
        ]);
}
