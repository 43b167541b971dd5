using PoolProxy.Configuration.Model;

namespace PoolProxy.Configuration.Catalogue;

/// <summary>Every key of <c>[access]</c>, and of <c>[[access.policies]]</c> but <c>when</c> and <c>approve_when</c>, whose keys are claims.</summary>
public static class AccessCatalogue
{
    /// <summary>The settings, in the order of conf/pool.toml.</summary>
    public static IReadOnlyList<Setting<AccessSettings>> Settings { get; } =
    [
        Setting<AccessSettings>.Of("issuer", Kinds.RequiredText, model => model.Issuer, (model, value) => model with { Issuer = value }),
        Setting<AccessSettings>.Of("use_within", Kinds.Between(TimeSpan.FromSeconds(10), TimeSpan.FromHours(1)), model => model.UseWithin, (model, value) => model with { UseWithin = value }),
        Setting<AccessSettings>.Of("approval_timeout", Kinds.Between(TimeSpan.FromMinutes(1), TimeSpan.FromDays(7)), model => model.ApprovalTimeout, (model, value) => model with { ApprovalTimeout = value }),
        Setting<AccessSettings>.Of("key_rotation", Kinds.Between(TimeSpan.FromHours(1), TimeSpan.FromDays(30)), model => model.KeyRotation, (model, value) => model with { KeyRotation = value }),
        Setting<AccessSettings>.Of("max_grants", new IntegerKind(1, 100_000), model => model.MaxGrants, (model, value) => model with { MaxGrants = value }),
        Setting<AccessSettings>.Of("max_grants_per_subject", new IntegerKind(1, 1000), model => model.MaxGrantsPerSubject, (model, value) => model with { MaxGrantsPerSubject = value }),
    ];

    /// <summary>The settings of a policy, in the order of conf/pool.toml.</summary>
    public static IReadOnlyList<Setting<AccessPolicySettings>> Policy { get; } =
    [
        Setting<AccessPolicySettings>.Of("issuer", Kinds.RequiredText, model => model.Issuer, (model, value) => model with { Issuer = value }, isRequired: true),
        Setting<AccessPolicySettings>.Of("role", Kinds.Roles, model => model.Role, (model, value) => model with { Role = value }, isRequired: true),
        Setting<AccessPolicySettings>.Of("database", Kinds.DatabaseNames, model => model.Database, (model, value) => model with { Database = value }),
        Setting<AccessPolicySettings>.Of("max_time", Kinds.Between(TimeSpan.FromMinutes(1), TimeSpan.FromHours(24)), model => model.MaxTime, (model, value) => model with { MaxTime = value }),
        Setting<AccessPolicySettings>.Of("require_reason", Kinds.Boolean, model => model.RequireReason, (model, value) => model with { RequireReason = value }),
    ];
}
