namespace PoolProxy.Configuration.Model;

/// <summary>
/// What holds for the whole proxy: <c>[proxy]</c>. A property is named after its setting; names, units, defaults and meanings are PgBouncer's where it
/// has the setting. Lists and texts are empty where nothing is set.
/// </summary>
public sealed record ProxySettings
{
    /// <summary>PgBouncer's: who may not log in is not found, and an expired password is none (CVE-2025-2291).</summary>
    public const string DefaultAuthQuery =
        "SELECT rolname, CASE WHEN rolvaliduntil < now() THEN NULL ELSE rolpassword END FROM pg_authid WHERE rolname=$1 AND rolcanlogin";

    // Listening

    /// <summary><c>listen_addr</c>: addresses, host names or <c>*</c> for all; empty does not listen on TCP.</summary>
    public IReadOnlyList<string> ListenAddr { get; init; } = [];

    /// <summary><c>listen_port</c>: 0 to 65535; 0 lets the kernel choose. Names the Unix socket's file too; default 6432.</summary>
    public int ListenPort { get; init; } = 6432;

    /// <summary><c>listen_backlog</c>: connections that may wait for accept; 1 to 65535; default 128.</summary>
    public int ListenBacklog { get; init; } = 128;

    /// <summary><c>so_reuseport</c>: other processes may listen on the same port, and the kernel shares the newcomers out (SO_REUSEPORT); default off.</summary>
    public bool SoReuseport { get; init; }

    /// <summary><c>unix_socket_dir</c>: the folder of the Unix socket, with @ in front a name in the abstract namespace; empty (default, PgBouncer: /tmp) does not listen on one.</summary>
    public string UnixSocketDir { get; init; } = "";

    /// <summary><c>unix_socket_mode</c>: the socket's permission bits; default 0777.</summary>
    public int UnixSocketMode { get; init; } = 0b111_111_111;

    /// <summary><c>unix_socket_group</c>: the group of the socket's file, by name or number; empty (default) leaves it.</summary>
    public string UnixSocketGroup { get; init; } = "";

    // Pools

    /// <summary><c>pool_mode</c>: when a server goes back to its pool.</summary>
    public PoolMode PoolMode { get; init; } = PoolMode.Session;

    /// <summary><c>default_pool_size</c>: servers of a pool; 0 is unlimited; default 20.</summary>
    public int DefaultPoolSize { get; init; } = 20;

    /// <summary><c>min_pool_size</c>: servers kept open in a pool that clients use; default 0.</summary>
    public int MinPoolSize { get; init; }

    /// <summary><c>reserve_pool_size</c>: servers beyond the size for clients that waited <see cref="ReservePoolTimeout"/>; 0 is none; default 0.</summary>
    public int ReservePoolSize { get; init; }

    /// <summary><c>reserve_pool_timeout</c>: zero turns the reserve off; default 5 s.</summary>
    public TimeSpan ReservePoolTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary><c>max_client_conn</c>: clients of the whole proxy; default 100.</summary>
    public int MaxClientConn { get; init; } = 100;

    /// <summary><c>max_db_connections</c>: servers of a database over all its pools; 0 is unlimited; default 0.</summary>
    public int MaxDbConnections { get; init; }

    /// <summary><c>max_user_connections</c>: servers of a user over all pools; 0 is unlimited; default 0.</summary>
    public int MaxUserConnections { get; init; }

    /// <summary><c>max_db_client_connections</c>: clients of a database; 0 is unlimited; default 0.</summary>
    public int MaxDbClientConnections { get; init; }

    /// <summary><c>max_user_client_connections</c>: clients of a user; 0 is unlimited; default 0.</summary>
    public int MaxUserClientConnections { get; init; }

    /// <summary><c>server_round_robin</c>: servers are used in turn instead of last in, first out; default off.</summary>
    public bool ServerRoundRobin { get; init; }

    // Authentication

    /// <summary><c>auth_type</c>: how a client proves who it is.</summary>
    public AuthType AuthType { get; init; } = AuthType.Md5;

    /// <summary><c>auth_file</c>: a userlist.txt; empty is none.</summary>
    public string AuthFile { get; init; } = "";

    /// <summary><c>auth_hba_file</c>: the lines that <c>auth_type = "hba"</c> goes by; empty is none.</summary>
    public string AuthHbaFile { get; init; } = "";

    /// <summary><c>auth_ident_file</c>: which system names may log in as which users, for <c>map=</c> in the lines of <c>auth_hba_file</c>; empty is none.</summary>
    public string AuthIdentFile { get; init; } = "";

    /// <summary><c>auth_ldap_options</c>: how <c>auth_type = "ldap"</c>, and a line <c>ldap</c> without options, asks the directory; empty is none. May hold a password.</summary>
    public Secret AuthLdapOptions { get; init; } = new("");

    /// <summary><c>auth_user</c>: who asks <c>auth_query</c> about users that no file knows; empty asks nobody.</summary>
    public string AuthUser { get; init; } = "";

    /// <summary><c>auth_query</c>: answers a user's name and stored password for the name in <c>$1</c>; default <see cref="DefaultAuthQuery"/>.</summary>
    public string AuthQuery { get; init; } = DefaultAuthQuery;

    /// <summary><c>auth_dbname</c>: the database of <c>[databases]</c> that is asked; empty asks the one that the client wants.</summary>
    public string AuthDbname { get; init; } = "";

    /// <summary><c>oauth_issuer</c>: the issuer that a client without a token is sent to by <c>oauth</c>; empty where there is only one.</summary>
    public string OauthIssuer { get; init; } = "";

    /// <summary><c>admin_users</c>: users who may do everything on the console (PgBouncer's methods only; with jwt the rules decide).</summary>
    public IReadOnlyList<string> AdminUsers { get; init; } = [];

    /// <summary><c>stats_users</c>: users who may use the console's SHOW.</summary>
    public IReadOnlyList<string> StatsUsers { get; init; } = [];

    /// <summary><c>scram_iterations</c>: the work factor of verifiers made from clear-text passwords; 1 to 100 000; default 4096.</summary>
    public int ScramIterations { get; init; } = 4096;

    /// <summary><c>token_without_tls</c>: where a token is taken without TLS.</summary>
    public TokenWithoutTls TokenWithoutTls { get; init; } = TokenWithoutTls.Unix;

    /// <summary><c>removed_issuer</c>: what becomes of sessions whose issuer a RELOAD takes away; default keep.</summary>
    public RemovedIssuer RemovedIssuer { get; init; }

    /// <summary><c>geoip_file</c>: a MaxMind DB that rules with <c>country</c> look addresses up in; empty is none. RELOAD reads it anew.</summary>
    public string GeoipFile { get; init; } = "";

    /// <summary><c>changed_rules</c>: what becomes of sessions for which the rules come to something else after a RELOAD; default keep.</summary>
    public ChangedRules ChangedRules { get; init; }

    // Identity

    /// <summary><c>isolation</c>: null: partitioned where there are issuers, else none (<see cref="ProxyConfiguration.IsolationOf"/>).</summary>
    public IsolationLevel? Isolation { get; init; }

    /// <summary><c>reset</c>: when a server is wiped and dressed again.</summary>
    public ResetScope Reset { get; init; } = ResetScope.Identity;

    /// <summary><c>session_state</c>: what becomes of state that a client leaves in a session which others share; default shared.</summary>
    public SessionStatePolicy SessionState { get; init; } = SessionStatePolicy.Shared;

    /// <summary><c>allow_unsafe_login</c>: where <c>isolation</c> is not none, serve clients by a login that could undo it, such as a superuser; default off.</summary>
    public bool AllowUnsafeLogin { get; init; }

    /// <summary><c>application_name_identity</c>: what of the identity shows in application_name.</summary>
    public ApplicationNameIdentity ApplicationNameIdentity { get; init; } = ApplicationNameIdentity.Subject;

    // State of servers

    /// <summary><c>server_reset_query</c>: sent when a client leaves its server, where <c>isolation</c> is none; empty sends nothing; default <c>DISCARD ALL</c>.</summary>
    public string ServerResetQuery { get; init; } = "DISCARD ALL";

    /// <summary><c>server_reset_query_always</c>: send it in every pool mode, not only in session; default off.</summary>
    public bool ServerResetQueryAlways { get; init; }

    /// <summary><c>server_check_query</c>: sent before a server that was idle for long is used; <c>&lt;empty&gt;</c> is the empty query, empty is no check; default <c>&lt;empty&gt;</c>.</summary>
    public string ServerCheckQuery { get; init; } = "<empty>";

    /// <summary><c>server_check_delay</c>: idle for less, a server is used without the check; default 30 s.</summary>
    public TimeSpan ServerCheckDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary><c>server_lifetime</c>: an unused server older than this is closed; zero closes it after each use; default 3600 s.</summary>
    public TimeSpan ServerLifetime { get; init; } = TimeSpan.FromSeconds(3600);

    /// <summary><c>server_idle_timeout</c>: a server idle for longer is closed; zero is off; default 600 s.</summary>
    public TimeSpan ServerIdleTimeout { get; init; } = TimeSpan.FromSeconds(600);

    /// <summary><c>server_connect_timeout</c>: connecting and logging in; zero is off; default 15 s.</summary>
    public TimeSpan ServerConnectTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary><c>autodb_idle_timeout</c>: when a database that only the fallback serves, and that nobody uses, is forgotten; zero is never; default one hour.</summary>
    public TimeSpan AutodbIdleTimeout { get; init; } = TimeSpan.FromHours(1);

    /// <summary><c>pool_idle_timeout</c>: when a pool without clients and servers is forgotten; zero, the default, is never.</summary>
    public TimeSpan PoolIdleTimeout { get; init; }

    /// <summary><c>server_login_retry</c>: how long a failed server login holds off the next attempt; default 15 s.</summary>
    public TimeSpan ServerLoginRetry { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary><c>ignore_startup_parameters</c>: startup parameters of clients that are taken and dropped instead of refused.</summary>
    public IReadOnlyList<string> IgnoreStartupParameters { get; init; } = [];

    /// <summary><c>track_extra_parameters</c>: parameters that follow their client, beyond those always tracked; only such as the server reports; default IntervalStyle.</summary>
    public IReadOnlyList<string> TrackExtraParameters { get; init; } = ["IntervalStyle"];

    /// <summary><c>application_name_add_host</c>: add the client's address and port to application_name; default off.</summary>
    public bool ApplicationNameAddHost { get; init; }

    /// <summary><c>max_prepared_statements</c>: statements kept prepared on one server; 0 turns tracking off; default 200.</summary>
    public int MaxPreparedStatements { get; init; } = 200;

    /// <summary>
    /// <c>cache_unnamed_statements</c>: serve clients' unnamed statements by prepared ones, within <see cref="MaxPreparedStatements"/>; default off.
    /// </summary>
    public bool CacheUnnamedStatements { get; init; }

    /// <summary><c>max_statement_bytes</c>: a longer Parse is not shared, and pins its client until closed; 1 KiB to 64 MiB; default 256 KiB.</summary>
    public int MaxStatementBytes { get; init; } = 262144;

    /// <summary><c>max_packet_size</c>: the longest message taken from a client or a server, in bytes; at least 1024; default 2147483647.</summary>
    public int MaxPacketSize { get; init; } = 2147483647;

    // Timeouts

    /// <summary><c>client_login_timeout</c>: from connecting to being logged in; zero is off; default 60 s.</summary>
    public TimeSpan ClientLoginTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary><c>client_idle_timeout</c>: a client silent for longer outside a transaction is closed; zero is off; default zero.</summary>
    public TimeSpan ClientIdleTimeout { get; init; }

    /// <summary><c>idle_transaction_timeout</c>: a client silent for longer inside a transaction is closed; zero is off; default zero.</summary>
    public TimeSpan IdleTransactionTimeout { get; init; }

    /// <summary><c>query_timeout</c>: the longest single query; zero is off; default zero.</summary>
    public TimeSpan QueryTimeout { get; init; }

    /// <summary><c>transaction_timeout</c>: the longest transaction; zero is off; default zero.</summary>
    public TimeSpan TransactionTimeout { get; init; }

    /// <summary><c>query_wait_timeout</c>: the longest wait for a server; zero waits for ever; default 120 s.</summary>
    public TimeSpan QueryWaitTimeout { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary><c>query_wait_notify</c>: a client that waits longer gets a NOTICE; zero is off; default 5 s.</summary>
    public TimeSpan QueryWaitNotify { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary><c>cancel_wait_timeout</c>: the longest wait of a cancel request; zero waits for ever; default 10 s.</summary>
    public TimeSpan CancelWaitTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary><c>suspend_timeout</c>: how long SUSPEND waits for connections to take what was sent to them, before it closes them; zero waits for ever; default 10 s.</summary>
    public TimeSpan SuspendTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary><c>disable_pqexec</c>: who sends a Query is disconnected, so that no text can hold a second statement; default off.</summary>
    public bool DisablePqexec { get; init; }

    /// <summary><c>server_fast_close</c>: in session pooling a server that has to be replaced goes at the end of its transaction, with its client; default off.</summary>
    public bool ServerFastClose { get; init; }

    /// <summary><c>login_notify_message</c>: a notice to every client at its login; empty (default) is none.</summary>
    public string LoginNotifyMessage { get; init; } = "";

    // TLS with clients

    /// <summary><c>client_tls_sslmode</c>: what is asked of clients.</summary>
    public TlsMode ClientTlsSslmode { get; init; } = TlsMode.Disable;

    /// <summary><c>client_tls_key_file</c>: the proxy's private key, PEM.</summary>
    public string ClientTlsKeyFile { get; init; } = "";

    /// <summary><c>client_tls_cert_file</c>: the proxy's certificate chain, PEM.</summary>
    public string ClientTlsCertFile { get; init; } = "";

    /// <summary><c>client_tls_ca_file</c>: the CAs that clients' certificates chain to, PEM.</summary>
    public string ClientTlsCaFile { get; init; } = "";

    /// <summary><c>client_tls_crl_file</c>: revocation lists of those CAs, PEM; empty is none. With it every CA needs one that is in date.</summary>
    public string ClientTlsCrlFile { get; init; } = "";

    /// <summary><c>client_tls_fingerprints</c>: where not empty, clients that come by TLS must show a certificate with one of these SHA-256, hexadecimal.</summary>
    public IReadOnlyList<string> ClientTlsFingerprints { get; init; } = [];

    /// <summary><c>client_tls_protocols</c>: the versions allowed.</summary>
    public TlsProtocols ClientTlsProtocols { get; init; } = TlsProtocols.Secure;

    /// <summary><c>client_tls_ciphers</c>: an OpenSSL list up to TLS 1.2, or <c>default</c>.</summary>
    public string ClientTlsCiphers { get; init; } = "default";

    /// <summary><c>client_tls13_ciphers</c>: an OpenSSL list of TLS 1.3 suites; empty takes the library's.</summary>
    public string ClientTls13Ciphers { get; init; } = "";

    /// <summary><c>client_tls_ecdhcurve</c>: an OpenSSL group list, or <c>auto</c>; default <c>auto</c>.</summary>
    public string ClientTlsEcdhcurve { get; init; } = "auto";

    /// <summary><c>client_tls_dheparams</c>: finite-field Diffie-Hellman.</summary>
    public DheParameters ClientTlsDheparams { get; init; } = DheParameters.Auto;

    // TLS with servers

    /// <summary><c>server_tls_sslmode</c>: what is asked of servers.</summary>
    public TlsMode ServerTlsSslmode { get; init; } = TlsMode.Prefer;

    /// <summary><c>server_tls_ca_file</c>: the CAs that servers' certificates chain to, PEM.</summary>
    public string ServerTlsCaFile { get; init; } = "";

    /// <summary><c>server_tls_key_file</c>: the proxy's private key towards servers, PEM.</summary>
    public string ServerTlsKeyFile { get; init; } = "";

    /// <summary><c>server_tls_cert_file</c>: the proxy's certificate towards servers, PEM.</summary>
    public string ServerTlsCertFile { get; init; } = "";

    /// <summary><c>server_tls_protocols</c>: the versions allowed.</summary>
    public TlsProtocols ServerTlsProtocols { get; init; } = TlsProtocols.Secure;

    /// <summary><c>server_tls_ciphers</c>: an OpenSSL list up to TLS 1.2, or <c>default</c>.</summary>
    public string ServerTlsCiphers { get; init; } = "default";

    /// <summary><c>server_tls13_ciphers</c>: an OpenSSL list of TLS 1.3 suites; empty takes the library's.</summary>
    public string ServerTls13Ciphers { get; init; } = "";

    /// <summary><c>server_tls_sslnegotiation</c>: how TLS begins; direct needs PostgreSQL 17.</summary>
    public TlsNegotiation ServerTlsSslnegotiation { get; init; }

    /// <summary><c>server_tls_channel_binding</c>: whether SCRAM is bound to the TLS connection; default prefer.</summary>
    public ChannelBindingMode ServerTlsChannelBinding { get; init; }

    // Network

    /// <summary><c>tcp_keepalive</c>: keepalive on TCP connections, to clients and servers; default on.</summary>
    public bool TcpKeepalive { get; init; } = true;

    /// <summary><c>tcp_keepcnt</c>: probes before a connection counts as lost; 0 takes the system's; default 0.</summary>
    public int TcpKeepcnt { get; init; }

    /// <summary><c>tcp_keepidle</c>: silence before the first probe, whole seconds; zero takes the system's; default zero.</summary>
    public TimeSpan TcpKeepidle { get; init; }

    /// <summary><c>tcp_keepintvl</c>: time between probes, whole seconds; zero takes the system's; default zero.</summary>
    public TimeSpan TcpKeepintvl { get; init; }

    /// <summary><c>tcp_user_timeout</c>: how long sent bytes may stay unacknowledged; in the file a bare number is milliseconds, as in PgBouncer; zero takes the system's; default zero.</summary>
    public TimeSpan TcpUserTimeout { get; init; }

    /// <summary><c>tcp_socket_buffer</c>: SO_SNDBUF and SO_RCVBUF in bytes; 0 takes the system's; default 0.</summary>
    public int TcpSocketBuffer { get; init; }

    /// <summary><c>tcp_defer_accept</c>: clients are accepted when their first bytes are there; default on.</summary>
    public bool TcpDeferAccept { get; init; } = true;

    /// <summary><c>dns_max_ttl</c>: how long an answer of DNS is used at most; zero asks each time; default 15 s.</summary>
    public TimeSpan DnsMaxTtl { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary><c>dns_nxdomain_ttl</c>: how long it is remembered that a name has no address; default 15 s.</summary>
    public TimeSpan DnsNxdomainTtl { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary><c>dns_zone_check_period</c>: how often the serials of zones are asked for; zero never.</summary>
    public TimeSpan DnsZoneCheckPeriod { get; init; }

    /// <summary><c>resolv_conf</c>: who is asked, in place of the system's file; empty is that.</summary>
    public string ResolvConf { get; init; } = "";

    // Log

    /// <summary><c>log_connections</c>: log logins; default on.</summary>
    public bool LogConnections { get; init; } = true;

    /// <summary><c>log_disconnections</c>: log disconnections with their reason; default on.</summary>
    public bool LogDisconnections { get; init; } = true;

    /// <summary><c>log_pooler_errors</c>: log errors that the proxy sends to clients; default on.</summary>
    public bool LogPoolerErrors { get; init; } = true;

    /// <summary><c>log_stats</c>: log the totals each <see cref="StatsPeriod"/>; default on.</summary>
    public bool LogStats { get; init; } = true;

    /// <summary><c>stats_period</c>: how often averages are made and logged; at least 1 s; default 60 s.</summary>
    public TimeSpan StatsPeriod { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary><c>verbose</c>: 0 to 3: more detail in the log; default 0.</summary>
    public int Verbose { get; init; }

    /// <summary><c>logfile</c>: a path; empty logs to standard error only.</summary>
    public string Logfile { get; init; } = "";

    /// <summary><c>syslog</c>: writes to the system's log besides.</summary>
    public bool Syslog { get; init; }

    /// <summary><c>syslog_ident</c>: the name before each line there; default <c>pgbouncer</c>, so that filters keep working.</summary>
    public string SyslogIdent { get; init; } = "pgbouncer";

    /// <summary><c>syslog_facility</c>: default <c>daemon</c>.</summary>
    public SyslogFacility SyslogFacility { get; init; } = SyslogFacility.Daemon;

    /// <summary><c>pidfile</c>: a path; empty writes none.</summary>
    public string Pidfile { get; init; } = "";

    // The process

    /// <summary><c>user</c>: what a process that was started by root runs as; empty (default) stays what it is.</summary>
    public string User { get; init; } = "";

    /// <summary><c>peer_id</c>: this process's number among its <see cref="ProxyConfiguration.Peers"/>; 0 (default) has no peers.</summary>
    public int PeerId { get; init; }

    /// <summary>
    /// <c>threads</c>: loops, each a thread that serves its share of the clients; 1 to 64; default 1. More than one pays where one core is not
    /// enough and there are cores to spare: a server that goes from a loop to another costs some system calls.
    /// </summary>
    public int Threads { get; init; } = 1;

    /// <summary><c>io_engine</c>: what a loop waits with.</summary>
    public IoEngine IoEngine { get; init; } = IoEngine.Auto;
}
