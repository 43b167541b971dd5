using PoolProxy.Configuration.Model;

namespace PoolProxy.Configuration.Catalogue;

/// <summary>Every key of <c>[users.NAME]</c>.</summary>
public static class UserCatalogue
{
    /// <summary>The settings, in the order of conf/pool.toml.</summary>
    public static IReadOnlyList<Setting<UserSettings>> Settings { get; } =
    [
        Setting<UserSettings>.Optional("password", Kinds.Secret, model => model.Password, (model, value) => model with { Password = value }),
        Setting<UserSettings>.Of("certificate", Kinds.CertificateNames, model => model.Certificate, (model, value) => model with { Certificate = value }),
        Setting<UserSettings>.Of("member_of", Kinds.NameList, model => model.MemberOf, (model, value) => model with { MemberOf = value }),
        Setting<UserSettings>.Optional("pool_mode", Kinds.PoolMode, model => model.PoolMode, (model, value) => model with { PoolMode = value }),
        Setting<UserSettings>.Optional("pool_size", Kinds.Count, model => model.PoolSize, (model, value) => model with { PoolSize = value }),
        Setting<UserSettings>.Optional("reserve_pool_size", Kinds.Count, model => model.ReservePoolSize, (model, value) => model with { ReservePoolSize = value }),
        Setting<UserSettings>.Optional("max_user_connections", Kinds.Count, model => model.MaxUserConnections, (model, value) => model with { MaxUserConnections = value }),
        Setting<UserSettings>.Optional("max_user_client_connections", Kinds.Count, model => model.MaxUserClientConnections, (model, value) => model with { MaxUserClientConnections = value }),
        Setting<UserSettings>.Optional("query_timeout", Kinds.Timeout, model => model.QueryTimeout, (model, value) => model with { QueryTimeout = value }),
        Setting<UserSettings>.Optional("idle_transaction_timeout", Kinds.Timeout, model => model.IdleTransactionTimeout, (model, value) => model with { IdleTransactionTimeout = value }),
        Setting<UserSettings>.Optional("transaction_timeout", Kinds.Timeout, model => model.TransactionTimeout, (model, value) => model with { TransactionTimeout = value }),
        Setting<UserSettings>.Optional("client_idle_timeout", Kinds.Timeout, model => model.ClientIdleTimeout, (model, value) => model with { ClientIdleTimeout = value }),
        Setting<UserSettings>.Optional("query_wait_timeout", Kinds.Timeout, model => model.QueryWaitTimeout, (model, value) => model with { QueryWaitTimeout = value }),
    ];
}
