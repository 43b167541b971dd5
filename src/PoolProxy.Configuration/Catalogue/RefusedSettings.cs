namespace PoolProxy.Configuration.Catalogue;

/// <summary>
/// Keys and sections that PgBouncer or a later version of ours knows, and this one does not: refused by name, so that nobody believes they work.
/// </summary>
internal static class RefusedSettings
{
    public static readonly string[] Sections = ["peers"];

    public static readonly string[] Proxy =
    [
        "unix_socket_group", "so_reuseport", "user", "service_name", "job_name", "conffile", "auth_ident_file", "auth_user", "auth_query",
        "auth_dbname", "auth_ldap_options", "disable_pqexec", "server_fast_close", "autodb_idle_timeout", "pool_idle_timeout", "suspend_timeout",
        "dns_nxdomain_ttl", "dns_zone_check_period", "resolv_conf", "syslog", "syslog_ident", "syslog_facility", "login_notify_message", "pkt_buf",
        "sbuf_loopcnt", "peer_id",
    ];

    public static readonly string[] Database =
    [
        "auth_user", "auth_query", "auth_dbname", "load_balance_hosts",
    ];

    public static readonly string[] User = ["reserve_pool_size"];

    public static readonly string[] None = [];
}
