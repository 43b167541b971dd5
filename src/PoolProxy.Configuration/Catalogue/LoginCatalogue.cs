using PoolProxy.Configuration.Model;

namespace PoolProxy.Configuration.Catalogue;

/// <summary>Every key of <c>[databases.NAME.logins.ROLE]</c>.</summary>
public static class LoginCatalogue
{
    /// <summary>The settings, in the order of conf/pool.toml.</summary>
    public static IReadOnlyList<Setting<LoginSettings>> Settings { get; } =
    [
        Setting<LoginSettings>.Of("user", Kinds.Name, model => model.User, (model, value) => model with { User = value }, isRequired: true),
        Setting<LoginSettings>.Optional("password", Kinds.Secret, model => model.Password, (model, value) => model with { Password = value }),
        Setting<LoginSettings>.Optional("pool_size", Kinds.Count, model => model.PoolSize, (model, value) => model with { PoolSize = value }),
        Setting<LoginSettings>.Of("statement_sharing", Kinds.StatementSharing, model => model.StatementSharing, (model, value) => model with { StatementSharing = value }),
        Setting<LoginSettings>.Of("settings", Kinds.ServerSettings, model => model.Settings, (model, value) => model with { Settings = value }),
    ];
}
