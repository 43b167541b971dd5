using PoolProxy.Configuration.Model;

namespace PoolProxy.Configuration.Catalogue;

/// <summary>Every key of <c>[databases.NAME]</c> but <c>logins</c>, whose sections have a catalogue of their own.</summary>
public static class DatabaseCatalogue
{
    /// <summary>The settings, in the order of conf/pool.toml.</summary>
    public static IReadOnlyList<Setting<DatabaseSettings>> Settings { get; } =
    [
        // The server
        Setting<DatabaseSettings>.Of("host", ServerKinds.Hosts, model => model.Host, (model, value) => model with { Host = value }, isRequired: true),
        Setting<DatabaseSettings>.Of("port", new PortsKind(), model => model.Ports, (model, value) => model with { Ports = value }),
        Setting<DatabaseSettings>.Of("load_balance_hosts", ServerKinds.LoadBalanceHosts, model => model.LoadBalanceHosts, (model, value) => model with { LoadBalanceHosts = value }),
        Setting<DatabaseSettings>.Of("target_session_attrs", ServerKinds.TargetSessionAttrs, model => model.TargetSessionAttrs, (model, value) => model with { TargetSessionAttrs = value }),
        Setting<DatabaseSettings>.Of("host_check_period", Kinds.Between(TimeSpan.FromMilliseconds(100), TimeSpan.FromDays(1), zeroIsOff: true), model => model.HostCheckPeriod, (model, value) => model with { HostCheckPeriod = value }),
        Setting<DatabaseSettings>.Optional("dbname", Kinds.Name, model => model.Dbname, (model, value) => model with { Dbname = value }),
        Setting<DatabaseSettings>.Optional("user", Kinds.Name, model => model.User, (model, value) => model with { User = value }),
        Setting<DatabaseSettings>.Optional("password", Kinds.Secret, model => model.Password, (model, value) => model with { Password = value }),

        // Users that no file knows
        Setting<DatabaseSettings>.Optional("auth_user", Kinds.Name, model => model.AuthUser, (model, value) => model with { AuthUser = value }),
        Setting<DatabaseSettings>.Optional("auth_query", LookupKinds.Query, model => model.AuthQuery, (model, value) => model with { AuthQuery = value }),
        Setting<DatabaseSettings>.Optional("auth_dbname", LookupKinds.Database, model => model.AuthDbname, (model, value) => model with { AuthDbname = value }),

        // Pools
        Setting<DatabaseSettings>.Optional("pool_size", Kinds.Count, model => model.PoolSize, (model, value) => model with { PoolSize = value }),
        Setting<DatabaseSettings>.Optional("min_pool_size", Kinds.Count, model => model.MinPoolSize, (model, value) => model with { MinPoolSize = value }),
        Setting<DatabaseSettings>.Optional("reserve_pool_size", Kinds.Count, model => model.ReservePoolSize, (model, value) => model with { ReservePoolSize = value }),
        Setting<DatabaseSettings>.Optional("pool_mode", Kinds.PoolMode, model => model.PoolMode, (model, value) => model with { PoolMode = value }),
        Setting<DatabaseSettings>.Optional("connect_query", Kinds.Text, model => model.ConnectQuery, (model, value) => model with { ConnectQuery = value }),
        Setting<DatabaseSettings>.Optional("max_db_connections", Kinds.Count, model => model.MaxDbConnections, (model, value) => model with { MaxDbConnections = value }),
        Setting<DatabaseSettings>.Optional("max_db_client_connections", Kinds.Count, model => model.MaxDbClientConnections, (model, value) => model with { MaxDbClientConnections = value }),
        Setting<DatabaseSettings>.Optional("query_wait_timeout", Kinds.Timeout, model => model.QueryWaitTimeout, (model, value) => model with { QueryWaitTimeout = value }),
        Setting<DatabaseSettings>.Optional("server_lifetime", Kinds.Timeout, model => model.ServerLifetime, (model, value) => model with { ServerLifetime = value }),
        Setting<DatabaseSettings>.Optional("cache_unnamed_statements", Kinds.Boolean, model => model.CacheUnnamedStatements, (model, value) => model with { CacheUnnamedStatements = value }),
        Setting<DatabaseSettings>.Of("pipelining", Kinds.Boolean, model => model.Pipelining, (model, value) => model with { Pipelining = value }),
        Setting<DatabaseSettings>.Of("pipelining_max_time", Kinds.Between(TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(10)), model => model.PipeliningMaxTime, (model, value) => model with { PipeliningMaxTime = value }),

        // Identity
        Setting<DatabaseSettings>.Optional("isolation", Kinds.Isolation, model => model.Isolation, (model, value) => model with { Isolation = value }),
        Setting<DatabaseSettings>.Optional("reset", Kinds.Reset, model => model.Reset, (model, value) => model with { Reset = value }),
        Setting<DatabaseSettings>.Optional("session_state", Kinds.SessionState, model => model.SessionState, (model, value) => model with { SessionState = value }),
        Setting<DatabaseSettings>.Optional("allow_unsafe_login", Kinds.Boolean, model => model.AllowUnsafeLogin, (model, value) => model with { AllowUnsafeLogin = value }),
        Setting<DatabaseSettings>.Optional("application_name_identity", Kinds.ApplicationNameIdentity, model => model.ApplicationNameIdentity, (model, value) => model with { ApplicationNameIdentity = value }),
        Setting<DatabaseSettings>.Optional("identity_key", Kinds.SigningKey, model => model.IdentityKey, (model, value) => model with { IdentityKey = value }),
        Setting<DatabaseSettings>.Of("identity_lifetime", Kinds.Between(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60)), model => model.IdentityLifetime, (model, value) => model with { IdentityLifetime = value }),

        // The startup packet
        Setting<DatabaseSettings>.Optional("client_encoding", Kinds.RequiredText, model => model.ClientEncoding, (model, value) => model with { ClientEncoding = value }),
        Setting<DatabaseSettings>.Optional("datestyle", Kinds.RequiredText, model => model.Datestyle, (model, value) => model with { Datestyle = value }),
        Setting<DatabaseSettings>.Optional("timezone", Kinds.RequiredText, model => model.Timezone, (model, value) => model with { Timezone = value }),
        Setting<DatabaseSettings>.Optional("application_name", Kinds.RequiredText, model => model.ApplicationName, (model, value) => model with { ApplicationName = value }),
        Setting<DatabaseSettings>.Of("settings", Kinds.ServerSettings, model => model.Settings, (model, value) => model with { Settings = value }),

        // TLS
        Setting<DatabaseSettings>.Optional("server_tls_sslmode", Kinds.TlsMode, model => model.ServerTlsSslmode, (model, value) => model with { ServerTlsSslmode = value }),
        Setting<DatabaseSettings>.Optional("server_tls_ca_file", Kinds.Path, model => model.ServerTlsCaFile, (model, value) => model with { ServerTlsCaFile = value }),
        Setting<DatabaseSettings>.Optional("server_tls_key_file", Kinds.Path, model => model.ServerTlsKeyFile, (model, value) => model with { ServerTlsKeyFile = value }),
        Setting<DatabaseSettings>.Optional("server_tls_cert_file", Kinds.Path, model => model.ServerTlsCertFile, (model, value) => model with { ServerTlsCertFile = value }),
        Setting<DatabaseSettings>.Optional("server_tls_protocols", Kinds.TlsProtocols, model => model.ServerTlsProtocols, (model, value) => model with { ServerTlsProtocols = value }),
        Setting<DatabaseSettings>.Optional("server_tls_ciphers", Kinds.RequiredText, model => model.ServerTlsCiphers, (model, value) => model with { ServerTlsCiphers = value }),
        Setting<DatabaseSettings>.Optional("server_tls13_ciphers", Kinds.Text, model => model.ServerTls13Ciphers, (model, value) => model with { ServerTls13Ciphers = value }),
        Setting<DatabaseSettings>.Optional("server_tls_sslnegotiation", ServerKinds.TlsNegotiation, model => model.ServerTlsSslnegotiation, (model, value) => model with { ServerTlsSslnegotiation = value }),
        Setting<DatabaseSettings>.Optional("server_tls_channel_binding", ServerKinds.ChannelBinding, model => model.ServerTlsChannelBinding, (model, value) => model with { ServerTlsChannelBinding = value }),
    ];
}
