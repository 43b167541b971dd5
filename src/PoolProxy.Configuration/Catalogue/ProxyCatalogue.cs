using PoolProxy.Configuration.Model;

namespace PoolProxy.Configuration.Catalogue;

/// <summary>Every key of <c>[proxy]</c>: what SHOW CONFIG lists.</summary>
public static class ProxyCatalogue
{
    /// <summary>The settings, in the order of conf/pool.toml.</summary>
    public static IReadOnlyList<Setting<ProxySettings>> Settings { get; } =
    [
        // Listening
        Setting<ProxySettings>.Of("listen_addr", Kinds.ListenAddresses, model => model.ListenAddr, (model, value) => model with { ListenAddr = value }, needsRestart: true),
        Setting<ProxySettings>.Of("listen_port", new IntegerKind(0, 65535), model => model.ListenPort, (model, value) => model with { ListenPort = value }, needsRestart: true),
        Setting<ProxySettings>.Of("listen_backlog", new IntegerKind(1, 65535), model => model.ListenBacklog, (model, value) => model with { ListenBacklog = value }, needsRestart: true),
        Setting<ProxySettings>.Of("so_reuseport", Kinds.Boolean, model => model.SoReuseport, (model, value) => model with { SoReuseport = value }, needsRestart: true),
        Setting<ProxySettings>.Of("unix_socket_dir", Kinds.SocketFolder, model => model.UnixSocketDir, (model, value) => model with { UnixSocketDir = value }, needsRestart: true),
        Setting<ProxySettings>.Of("unix_socket_mode", new FileModeKind(), model => model.UnixSocketMode, (model, value) => model with { UnixSocketMode = value }, needsRestart: true),
        Setting<ProxySettings>.Of("unix_socket_group", Kinds.Text, model => model.UnixSocketGroup, (model, value) => model with { UnixSocketGroup = value }, needsRestart: true),

        // Pools
        Setting<ProxySettings>.Of("pool_mode", Kinds.PoolMode, model => model.PoolMode, (model, value) => model with { PoolMode = value }),
        Setting<ProxySettings>.Of("default_pool_size", Kinds.Count, model => model.DefaultPoolSize, (model, value) => model with { DefaultPoolSize = value }),
        Setting<ProxySettings>.Of("min_pool_size", Kinds.Count, model => model.MinPoolSize, (model, value) => model with { MinPoolSize = value }),
        Setting<ProxySettings>.Of("reserve_pool_size", Kinds.Count, model => model.ReservePoolSize, (model, value) => model with { ReservePoolSize = value }),
        Setting<ProxySettings>.Of("reserve_pool_timeout", Kinds.Timeout, model => model.ReservePoolTimeout, (model, value) => model with { ReservePoolTimeout = value }),
        Setting<ProxySettings>.Of("max_client_conn", new IntegerKind(1, 1_000_000), model => model.MaxClientConn, (model, value) => model with { MaxClientConn = value }),
        Setting<ProxySettings>.Of("max_db_connections", Kinds.Count, model => model.MaxDbConnections, (model, value) => model with { MaxDbConnections = value }),
        Setting<ProxySettings>.Of("max_user_connections", Kinds.Count, model => model.MaxUserConnections, (model, value) => model with { MaxUserConnections = value }),
        Setting<ProxySettings>.Of("max_db_client_connections", Kinds.Count, model => model.MaxDbClientConnections, (model, value) => model with { MaxDbClientConnections = value }),
        Setting<ProxySettings>.Of("max_user_client_connections", Kinds.Count, model => model.MaxUserClientConnections, (model, value) => model with { MaxUserClientConnections = value }),
        Setting<ProxySettings>.Of("server_round_robin", Kinds.Boolean, model => model.ServerRoundRobin, (model, value) => model with { ServerRoundRobin = value }),

        // Authentication
        Setting<ProxySettings>.Of("auth_type", Kinds.AuthType, model => model.AuthType, (model, value) => model with { AuthType = value }),
        Setting<ProxySettings>.Of("auth_file", Kinds.Path, model => model.AuthFile, (model, value) => model with { AuthFile = value }),
        Setting<ProxySettings>.Of("auth_hba_file", Kinds.Path, model => model.AuthHbaFile, (model, value) => model with { AuthHbaFile = value }),
        Setting<ProxySettings>.Of("auth_ident_file", Kinds.Path, model => model.AuthIdentFile, (model, value) => model with { AuthIdentFile = value }),
        Setting<ProxySettings>.Of("auth_ldap_options", Kinds.LdapOptions, model => model.AuthLdapOptions, (model, value) => model with { AuthLdapOptions = value }),
        Setting<ProxySettings>.Of("auth_user", LookupKinds.User, model => model.AuthUser, (model, value) => model with { AuthUser = value }),
        Setting<ProxySettings>.Of("auth_query", LookupKinds.Query, model => model.AuthQuery, (model, value) => model with { AuthQuery = value }),
        Setting<ProxySettings>.Of("auth_dbname", LookupKinds.Database, model => model.AuthDbname, (model, value) => model with { AuthDbname = value }),
        Setting<ProxySettings>.Of("oauth_issuer", Kinds.Text, model => model.OauthIssuer, (model, value) => model with { OauthIssuer = value }),
        Setting<ProxySettings>.Of("admin_users", Kinds.NameList, model => model.AdminUsers, (model, value) => model with { AdminUsers = value }),
        Setting<ProxySettings>.Of("stats_users", Kinds.NameList, model => model.StatsUsers, (model, value) => model with { StatsUsers = value }),
        Setting<ProxySettings>.Of("scram_iterations", new IntegerKind(1, 100_000), model => model.ScramIterations, (model, value) => model with { ScramIterations = value }),
        Setting<ProxySettings>.Of("token_without_tls", Kinds.TokenWithoutTls, model => model.TokenWithoutTls, (model, value) => model with { TokenWithoutTls = value }),
        Setting<ProxySettings>.Of("removed_issuer", Kinds.RemovedIssuer, model => model.RemovedIssuer, (model, value) => model with { RemovedIssuer = value }),
        Setting<ProxySettings>.Of("geoip_file", Kinds.Path, model => model.GeoipFile, (model, value) => model with { GeoipFile = value }),
        Setting<ProxySettings>.Of("changed_rules", RuleKinds.ChangedRules, model => model.ChangedRules, (model, value) => model with { ChangedRules = value }),

        // Identity
        Setting<ProxySettings>.Optional("isolation", Kinds.Isolation, model => model.Isolation, (model, value) => model with { Isolation = value }),
        Setting<ProxySettings>.Of("reset", Kinds.Reset, model => model.Reset, (model, value) => model with { Reset = value }),
        Setting<ProxySettings>.Of("session_state", Kinds.SessionState, model => model.SessionState, (model, value) => model with { SessionState = value }),
        Setting<ProxySettings>.Of("allow_unsafe_login", Kinds.Boolean, model => model.AllowUnsafeLogin, (model, value) => model with { AllowUnsafeLogin = value }),
        Setting<ProxySettings>.Of("application_name_identity", Kinds.ApplicationNameIdentity, model => model.ApplicationNameIdentity, (model, value) => model with { ApplicationNameIdentity = value }),

        // State of servers
        Setting<ProxySettings>.Of("server_reset_query", Kinds.Text, model => model.ServerResetQuery, (model, value) => model with { ServerResetQuery = value }),
        Setting<ProxySettings>.Of("server_reset_query_always", Kinds.Boolean, model => model.ServerResetQueryAlways, (model, value) => model with { ServerResetQueryAlways = value }),
        Setting<ProxySettings>.Of("server_check_query", Kinds.Text, model => model.ServerCheckQuery, (model, value) => model with { ServerCheckQuery = value }),
        Setting<ProxySettings>.Of("server_check_delay", Kinds.Timeout, model => model.ServerCheckDelay, (model, value) => model with { ServerCheckDelay = value }),
        Setting<ProxySettings>.Of("server_lifetime", Kinds.Timeout, model => model.ServerLifetime, (model, value) => model with { ServerLifetime = value }),
        Setting<ProxySettings>.Of("server_idle_timeout", Kinds.Timeout, model => model.ServerIdleTimeout, (model, value) => model with { ServerIdleTimeout = value }),
        Setting<ProxySettings>.Of("server_connect_timeout", Kinds.Timeout, model => model.ServerConnectTimeout, (model, value) => model with { ServerConnectTimeout = value }),
        Setting<ProxySettings>.Of("server_login_retry", Kinds.Timeout, model => model.ServerLoginRetry, (model, value) => model with { ServerLoginRetry = value }),
        Setting<ProxySettings>.Of("autodb_idle_timeout", Kinds.Timeout, model => model.AutodbIdleTimeout, (model, value) => model with { AutodbIdleTimeout = value }),
        Setting<ProxySettings>.Of("pool_idle_timeout", Kinds.Timeout, model => model.PoolIdleTimeout, (model, value) => model with { PoolIdleTimeout = value }),
        Setting<ProxySettings>.Of("ignore_startup_parameters", Kinds.ParameterNames, model => model.IgnoreStartupParameters, (model, value) => model with { IgnoreStartupParameters = value }),
        Setting<ProxySettings>.Of("track_extra_parameters", Kinds.ParameterNames, model => model.TrackExtraParameters, (model, value) => model with { TrackExtraParameters = value }, needsRestart: true),
        Setting<ProxySettings>.Of("application_name_add_host", Kinds.Boolean, model => model.ApplicationNameAddHost, (model, value) => model with { ApplicationNameAddHost = value }),
        Setting<ProxySettings>.Of("max_prepared_statements", new IntegerKind(0, 100_000), model => model.MaxPreparedStatements, (model, value) => model with { MaxPreparedStatements = value }),
        Setting<ProxySettings>.Of("cache_unnamed_statements", Kinds.Boolean, model => model.CacheUnnamedStatements, (model, value) => model with { CacheUnnamedStatements = value }),
        Setting<ProxySettings>.Of("max_statement_bytes", new IntegerKind(1024, 64 * 1024 * 1024), model => model.MaxStatementBytes, (model, value) => model with { MaxStatementBytes = value }),
        Setting<ProxySettings>.Of("max_packet_size", new IntegerKind(1024, int.MaxValue), model => model.MaxPacketSize, (model, value) => model with { MaxPacketSize = value }),

        // Timeouts
        Setting<ProxySettings>.Of("client_login_timeout", Kinds.Timeout, model => model.ClientLoginTimeout, (model, value) => model with { ClientLoginTimeout = value }),
        Setting<ProxySettings>.Of("client_idle_timeout", Kinds.Timeout, model => model.ClientIdleTimeout, (model, value) => model with { ClientIdleTimeout = value }),
        Setting<ProxySettings>.Of("idle_transaction_timeout", Kinds.Timeout, model => model.IdleTransactionTimeout, (model, value) => model with { IdleTransactionTimeout = value }),
        Setting<ProxySettings>.Of("query_timeout", Kinds.Timeout, model => model.QueryTimeout, (model, value) => model with { QueryTimeout = value }),
        Setting<ProxySettings>.Of("transaction_timeout", Kinds.Timeout, model => model.TransactionTimeout, (model, value) => model with { TransactionTimeout = value }),
        Setting<ProxySettings>.Of("query_wait_timeout", Kinds.Timeout, model => model.QueryWaitTimeout, (model, value) => model with { QueryWaitTimeout = value }),
        Setting<ProxySettings>.Of("query_wait_notify", Kinds.Timeout, model => model.QueryWaitNotify, (model, value) => model with { QueryWaitNotify = value }),
        Setting<ProxySettings>.Of("cancel_wait_timeout", Kinds.Timeout, model => model.CancelWaitTimeout, (model, value) => model with { CancelWaitTimeout = value }),
        Setting<ProxySettings>.Of("suspend_timeout", Kinds.Timeout, model => model.SuspendTimeout, (model, value) => model with { SuspendTimeout = value }),
        Setting<ProxySettings>.Of("server_fast_close", Kinds.Boolean, model => model.ServerFastClose, (model, value) => model with { ServerFastClose = value }),
        Setting<ProxySettings>.Of("login_notify_message", Kinds.Text, model => model.LoginNotifyMessage, (model, value) => model with { LoginNotifyMessage = value }),
        Setting<ProxySettings>.Of("disable_pqexec", Kinds.Boolean, model => model.DisablePqexec, (model, value) => model with { DisablePqexec = value }, needsRestart: true),

        // TLS with clients
        Setting<ProxySettings>.Of("client_tls_sslmode", Kinds.TlsMode, model => model.ClientTlsSslmode, (model, value) => model with { ClientTlsSslmode = value }),
        Setting<ProxySettings>.Of("client_tls_key_file", Kinds.Path, model => model.ClientTlsKeyFile, (model, value) => model with { ClientTlsKeyFile = value }),
        Setting<ProxySettings>.Of("client_tls_cert_file", Kinds.Path, model => model.ClientTlsCertFile, (model, value) => model with { ClientTlsCertFile = value }),
        Setting<ProxySettings>.Of("client_tls_ca_file", Kinds.Path, model => model.ClientTlsCaFile, (model, value) => model with { ClientTlsCaFile = value }),
        Setting<ProxySettings>.Of("client_tls_crl_file", Kinds.Path, model => model.ClientTlsCrlFile, (model, value) => model with { ClientTlsCrlFile = value }),
        Setting<ProxySettings>.Of("client_tls_fingerprints", Kinds.Fingerprints, model => model.ClientTlsFingerprints, (model, value) => model with { ClientTlsFingerprints = value }),
        Setting<ProxySettings>.Of("client_tls_protocols", Kinds.TlsProtocols, model => model.ClientTlsProtocols, (model, value) => model with { ClientTlsProtocols = value }),
        Setting<ProxySettings>.Of("client_tls_ciphers", Kinds.RequiredText, model => model.ClientTlsCiphers, (model, value) => model with { ClientTlsCiphers = value }),
        Setting<ProxySettings>.Of("client_tls13_ciphers", Kinds.Text, model => model.ClientTls13Ciphers, (model, value) => model with { ClientTls13Ciphers = value }),
        Setting<ProxySettings>.Of("client_tls_ecdhcurve", Kinds.RequiredText, model => model.ClientTlsEcdhcurve, (model, value) => model with { ClientTlsEcdhcurve = value }),
        Setting<ProxySettings>.Of("client_tls_dheparams", Kinds.DheParameters, model => model.ClientTlsDheparams, (model, value) => model with { ClientTlsDheparams = value }),

        // TLS with servers
        Setting<ProxySettings>.Of("server_tls_sslmode", Kinds.TlsMode, model => model.ServerTlsSslmode, (model, value) => model with { ServerTlsSslmode = value }),
        Setting<ProxySettings>.Of("server_tls_ca_file", Kinds.Path, model => model.ServerTlsCaFile, (model, value) => model with { ServerTlsCaFile = value }),
        Setting<ProxySettings>.Of("server_tls_key_file", Kinds.Path, model => model.ServerTlsKeyFile, (model, value) => model with { ServerTlsKeyFile = value }),
        Setting<ProxySettings>.Of("server_tls_cert_file", Kinds.Path, model => model.ServerTlsCertFile, (model, value) => model with { ServerTlsCertFile = value }),
        Setting<ProxySettings>.Of("server_tls_protocols", Kinds.TlsProtocols, model => model.ServerTlsProtocols, (model, value) => model with { ServerTlsProtocols = value }),
        Setting<ProxySettings>.Of("server_tls_ciphers", Kinds.RequiredText, model => model.ServerTlsCiphers, (model, value) => model with { ServerTlsCiphers = value }),
        Setting<ProxySettings>.Of("server_tls13_ciphers", Kinds.Text, model => model.ServerTls13Ciphers, (model, value) => model with { ServerTls13Ciphers = value }),
        Setting<ProxySettings>.Of("server_tls_sslnegotiation", ServerKinds.TlsNegotiation, model => model.ServerTlsSslnegotiation, (model, value) => model with { ServerTlsSslnegotiation = value }),
        Setting<ProxySettings>.Of("server_tls_channel_binding", ServerKinds.ChannelBinding, model => model.ServerTlsChannelBinding, (model, value) => model with { ServerTlsChannelBinding = value }),

        // Network
        Setting<ProxySettings>.Of("tcp_keepalive", Kinds.Boolean, model => model.TcpKeepalive, (model, value) => model with { TcpKeepalive = value }),
        Setting<ProxySettings>.Of("tcp_keepcnt", new IntegerKind(0, 127), model => model.TcpKeepcnt, (model, value) => model with { TcpKeepcnt = value }),
        Setting<ProxySettings>.Of("tcp_keepidle", Kinds.KeepaliveTime, model => model.TcpKeepidle, (model, value) => model with { TcpKeepidle = value }),
        Setting<ProxySettings>.Of("tcp_keepintvl", Kinds.KeepaliveTime, model => model.TcpKeepintvl, (model, value) => model with { TcpKeepintvl = value }),
        Setting<ProxySettings>.Of("tcp_user_timeout", Kinds.TcpUserTimeout, model => model.TcpUserTimeout, (model, value) => model with { TcpUserTimeout = value }),
        Setting<ProxySettings>.Of("tcp_socket_buffer", new IntegerKind(0, 1024 * 1024 * 1024), model => model.TcpSocketBuffer, (model, value) => model with { TcpSocketBuffer = value }),
        Setting<ProxySettings>.Of("tcp_defer_accept", Kinds.Boolean, model => model.TcpDeferAccept, (model, value) => model with { TcpDeferAccept = value }),
        Setting<ProxySettings>.Of("dns_max_ttl", Kinds.Timeout, model => model.DnsMaxTtl, (model, value) => model with { DnsMaxTtl = value }),
        Setting<ProxySettings>.Of("dns_nxdomain_ttl", Kinds.Timeout, model => model.DnsNxdomainTtl, (model, value) => model with { DnsNxdomainTtl = value }),
        Setting<ProxySettings>.Of("dns_zone_check_period", Kinds.Between(TimeSpan.FromMilliseconds(100), TimeSpan.FromDays(1), zeroIsOff: true), model => model.DnsZoneCheckPeriod, (model, value) => model with { DnsZoneCheckPeriod = value }),
        Setting<ProxySettings>.Of("resolv_conf", Kinds.Path, model => model.ResolvConf, (model, value) => model with { ResolvConf = value }, needsRestart: true),

        // Log
        Setting<ProxySettings>.Of("log_connections", Kinds.Boolean, model => model.LogConnections, (model, value) => model with { LogConnections = value }),
        Setting<ProxySettings>.Of("log_disconnections", Kinds.Boolean, model => model.LogDisconnections, (model, value) => model with { LogDisconnections = value }),
        Setting<ProxySettings>.Of("log_pooler_errors", Kinds.Boolean, model => model.LogPoolerErrors, (model, value) => model with { LogPoolerErrors = value }),
        Setting<ProxySettings>.Of("log_stats", Kinds.Boolean, model => model.LogStats, (model, value) => model with { LogStats = value }),
        Setting<ProxySettings>.Of("stats_period", Kinds.Between(TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)), model => model.StatsPeriod, (model, value) => model with { StatsPeriod = value }),
        Setting<ProxySettings>.Of("verbose", new IntegerKind(0, 3), model => model.Verbose, (model, value) => model with { Verbose = value }),
        Setting<ProxySettings>.Of("logfile", Kinds.Path, model => model.Logfile, (model, value) => model with { Logfile = value }, needsRestart: true),
        Setting<ProxySettings>.Of("syslog", Kinds.Boolean, model => model.Syslog, (model, value) => model with { Syslog = value }),
        Setting<ProxySettings>.Of("syslog_ident", Kinds.RequiredText, model => model.SyslogIdent, (model, value) => model with { SyslogIdent = value }),
        Setting<ProxySettings>.Of("syslog_facility", Kinds.SyslogFacility, model => model.SyslogFacility, (model, value) => model with { SyslogFacility = value }),
        Setting<ProxySettings>.Of("pidfile", Kinds.Path, model => model.Pidfile, (model, value) => model with { Pidfile = value }, needsRestart: true),

        // The process
        Setting<ProxySettings>.Of("user", Kinds.Text, model => model.User, (model, value) => model with { User = value }, needsRestart: true),
        Setting<ProxySettings>.Of("peer_id", new IntegerKind(0, Bounds.PeerId), model => model.PeerId, (model, value) => model with { PeerId = value }, needsRestart: true),
        Setting<ProxySettings>.Of("threads", new IntegerKind(1, 64), model => model.Threads, (model, value) => model with { Threads = value }, needsRestart: true),
        Setting<ProxySettings>.Of("io_engine", Kinds.IoEngine, model => model.IoEngine, (model, value) => model with { IoEngine = value }, needsRestart: true),
    ];
}
