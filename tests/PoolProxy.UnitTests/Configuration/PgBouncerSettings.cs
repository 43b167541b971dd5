namespace PoolProxy.UnitTests.Configuration;

/// <summary>
/// Every setting of PgBouncer 1.25, by the section of its file, with the default that its manual names. A name alone has none; a star is for what only a restart changes.
/// </summary>
internal static class PgBouncerSettings
{
    /// <summary><c>[pgbouncer]</c>, in the manual's groups.</summary>
    public static IReadOnlyList<PgBouncerSetting> Proxy { get; } = Read(
        """
        listen_addr=* listen_port=6432* listen_backlog=128* unix_socket_dir=/tmp* unix_socket_mode=0777* unix_socket_group=* so_reuseport=0* user=* pidfile=* service_name* job_name=pgbouncer* conffile
        pool_mode=session default_pool_size=20 min_pool_size=0 reserve_pool_size=0 reserve_pool_timeout=5 max_client_conn=100 max_db_connections=0 max_db_client_connections=0
        max_user_connections=0 max_user_client_connections=0 server_round_robin=0
        auth_type=md5 auth_file= auth_hba_file= auth_ident_file= auth_user= auth_query auth_dbname= auth_ldap_options= admin_users= stats_users= scram_iterations=4096
        server_reset_query=DISCARD_ALL server_reset_query_always=0 track_extra_parameters=IntervalStyle* ignore_startup_parameters= application_name_add_host=0 disable_pqexec=0*
        max_prepared_statements=200
        server_check_query=<empty> server_check_delay=30 server_lifetime=3600 server_idle_timeout=600 server_connect_timeout=15 server_login_retry=15 server_fast_close=0
        autodb_idle_timeout=3600 pool_idle_timeout=0
        query_timeout=0 query_wait_timeout=120 query_wait_notify=5 cancel_wait_timeout=10 client_idle_timeout=0 client_login_timeout=60 idle_transaction_timeout=0 transaction_timeout=0
        suspend_timeout=10
        client_tls_sslmode=disable client_tls_key_file= client_tls_cert_file= client_tls_ca_file= client_tls_protocols=secure client_tls_ciphers=default client_tls13_ciphers=
        client_tls_ecdhcurve=auto client_tls_dheparams=auto
        server_tls_sslmode=prefer server_tls_ca_file= server_tls_key_file= server_tls_cert_file= server_tls_protocols=secure server_tls_ciphers=default server_tls13_ciphers=
        dns_max_ttl=15 dns_nxdomain_ttl=15 dns_zone_check_period=0 resolv_conf=*
        logfile=* syslog=0 syslog_ident=pgbouncer syslog_facility=daemon log_connections=1 log_disconnections=1 log_pooler_errors=1 log_stats=1 stats_period=60 verbose=0
        login_notify_message=
        pkt_buf=4096* max_packet_size=2147483647 sbuf_loopcnt=5 tcp_defer_accept=1 tcp_keepalive=1 tcp_keepcnt=0 tcp_keepidle=0 tcp_keepintvl=0 tcp_user_timeout=0 tcp_socket_buffer=0
        peer_id=0
        """);

    /// <summary>A line of <c>[databases]</c>.</summary>
    public static IReadOnlyList<string> Database { get; } = Words(
        """
        dbname host port user password auth_user auth_query auth_dbname pool_size min_pool_size reserve_pool_size connect_query pool_mode query_wait_timeout load_balance_hosts
        max_db_connections max_db_client_connections server_lifetime client_encoding datestyle timezone application_name
        """);

    /// <summary>A line of <c>[users]</c>.</summary>
    public static IReadOnlyList<string> User { get; } = Words(
        """
        pool_size reserve_pool_size pool_mode max_user_connections max_user_client_connections query_timeout query_wait_timeout idle_transaction_timeout transaction_timeout
        client_idle_timeout
        """);

    /// <summary>A line of <c>[peers]</c>.</summary>
    public static IReadOnlyList<string> Peer { get; } = ["host", "port", "pool_size"];

    private static string[] Words(string text) => text.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries);

    private static IReadOnlyList<PgBouncerSetting> Read(string text) =>
    [
        .. Words(text).Select(word =>
        {
            string[] parts = word.TrimEnd('*').Split('=', 2);
            return new PgBouncerSetting(parts[0], parts.Length > 1 ? parts[1].Replace('_', ' ') is "DISCARD ALL" ? "DISCARD ALL" : parts[1] : null, word.EndsWith('*'));
        }),
    ];
}
