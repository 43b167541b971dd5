using PoolProxy.Configuration.Model;

namespace PoolProxy.Configuration.Catalogue;

/// <summary>Every key of <c>[[rules]]</c> but <c>when</c>, whose keys are claims.</summary>
public static class RuleCatalogue
{
    /// <summary>The settings, in the order of conf/pool.toml.</summary>
    public static IReadOnlyList<Setting<RuleSettings>> Settings { get; } =
    [
        Setting<RuleSettings>.Of("issuer", Kinds.RequiredText, model => model.Issuer, (model, value) => model with { Issuer = value }, isRequired: true),
        Setting<RuleSettings>.Of("role", Kinds.Roles, model => model.Role, (model, value) => model with { Role = value }),
        Setting<RuleSettings>.Of("database", Kinds.DatabaseNames, model => model.Database, (model, value) => model with { Database = value }),
        Setting<RuleSettings>.Of("console", Kinds.Console, model => model.Console, (model, value) => model with { Console = value }),
    ];
}
