using PoolProxy.Configuration.Model;

namespace PoolProxy.Configuration.Catalogue;

/// <summary>Every key of <c>[[rules]]</c> but <c>when</c>, whose keys are claims.</summary>
public static class RuleCatalogue
{
    /// <summary>The settings, in the order of conf/pool.toml.</summary>
    public static IReadOnlyList<Setting<RuleSettings>> Settings { get; } =
    [
        Setting<RuleSettings>.Of("issuer", Kinds.RequiredText, model => model.Issuer, (model, value) => model with { Issuer = value }, isRequired: true),

        // When it holds, beside its claims
        Setting<RuleSettings>.Of("from", RuleKinds.Addresses, model => model.From, (model, value) => model with { From = value }),
        Setting<RuleSettings>.Of("country", RuleKinds.Countries, model => model.Country, (model, value) => model with { Country = value }),
        Setting<RuleSettings>.Of("hours", RuleKinds.Hours, model => model.Hours, (model, value) => model with { Hours = value }),
        Setting<RuleSettings>.Optional("time_zone", Kinds.RequiredText, model => model.TimeZone, (model, value) => model with { TimeZone = value }),
        Setting<RuleSettings>.Optional("max_auth_age", RuleKinds.Time, model => model.MaxAuthAge, (model, value) => model with { MaxAuthAge = value }),

        // What it gives
        Setting<RuleSettings>.Of("role", Kinds.Roles, model => model.Role, (model, value) => model with { Role = value }),
        Setting<RuleSettings>.Of("database", Kinds.DatabaseNames, model => model.Database, (model, value) => model with { Database = value }),
        Setting<RuleSettings>.Of("console", Kinds.Console, model => model.Console, (model, value) => model with { Console = value }),
        Setting<RuleSettings>.Optional("route", Kinds.Name, model => model.Route, (model, value) => model with { Route = value }),
        Setting<RuleSettings>.Optional("search_path", Kinds.RequiredText, model => model.SearchPath, (model, value) => model with { SearchPath = value }),

        // What it limits
        Setting<RuleSettings>.Of("read_only", Kinds.Boolean, model => model.ReadOnly, (model, value) => model with { ReadOnly = value }),
        Setting<RuleSettings>.Optional("query_timeout", RuleKinds.Time, model => model.QueryTimeout, (model, value) => model with { QueryTimeout = value }),
        Setting<RuleSettings>.Optional("transaction_timeout", RuleKinds.Time, model => model.TransactionTimeout, (model, value) => model with { TransactionTimeout = value }),
        Setting<RuleSettings>.Optional("idle_transaction_timeout", RuleKinds.Time, model => model.IdleTransactionTimeout, (model, value) => model with { IdleTransactionTimeout = value }),
        Setting<RuleSettings>.Optional("client_idle_timeout", RuleKinds.Time, model => model.ClientIdleTimeout, (model, value) => model with { ClientIdleTimeout = value }),
        Setting<RuleSettings>.Optional("session_length", RuleKinds.Time, model => model.SessionLength, (model, value) => model with { SessionLength = value }),
        Setting<RuleSettings>.Optional("max_connections", RuleKinds.Count, model => model.MaxConnections, (model, value) => model with { MaxConnections = value }),
        Setting<RuleSettings>.Optional("max_servers", RuleKinds.Count, model => model.MaxServers, (model, value) => model with { MaxServers = value }),
    ];
}
