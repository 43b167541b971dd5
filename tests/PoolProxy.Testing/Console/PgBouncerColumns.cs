namespace PoolProxy.Testing.Console;

/// <summary>
/// What PgBouncer 1.25's console describes its rows with, by what comes behind SHOW: <c>name:type</c> in order, where the type is s text, i int4, q int8 and N numeric
/// (pgbouncer.org/usage.html and the RowDescriptions of its console). Exporters and scripts read by name and by position, so this is a contract.
/// </summary>
public static class PgBouncerColumns
{
    private const string Sockets =
        "type:s user:s database:s replication:s state:s addr:s port:i local_addr:s local_port:i connect_time:s request_time:s wait:i wait_us:i close_needed:i "
        + "ptr:s link:s remote_pid:i tls:s application_name:s prepared_statements:i id:i";

    private const string Positions = " recv_pos:i pkt_pos:i pkt_remain:i send_pos:i send_remain:i pkt_avail:i send_avail:i";

    /// <summary>Every SHOW that answers with rows.</summary>
    public static IReadOnlyDictionary<string, string> Of { get; } = new Dictionary<string, string>
    {
        ["pools"] = "database:s user:s cl_active:i cl_waiting:i cl_active_cancel_req:i cl_waiting_cancel_req:i sv_active:i sv_active_cancel:i sv_being_canceled:i sv_idle:i sv_used:i "
            + "sv_tested:i sv_login:i maxwait:i maxwait_us:i pool_mode:s load_balance_hosts:s",
        ["databases"] = "name:s host:s port:i database:s force_user:s pool_size:i min_pool_size:i reserve_pool_size:i server_lifetime:i pool_mode:s load_balance_hosts:s "
            + "max_connections:i current_connections:i max_client_connections:i current_client_connections:i paused:i disabled:i",
        ["users"] = "name:s pool_size:s reserve_pool_size:s pool_mode:s max_user_connections:i current_connections:i max_user_client_connections:i current_client_connections:i",
        ["clients"] = Sockets,
        ["servers"] = Sockets,
        ["sockets"] = Sockets + Positions,
        ["active_sockets"] = Sockets + Positions,
        ["stats"] = "database:s total_server_assignment_count:N total_xact_count:N total_query_count:N total_received:N total_sent:N total_xact_time:N total_query_time:N "
            + "total_wait_time:N total_client_parse_count:N total_server_parse_count:N total_bind_count:N total_client_login_count:N avg_server_assignment_count:N avg_xact_count:N "
            + "avg_query_count:N avg_recv:N avg_sent:N avg_xact_time:N avg_query_time:N avg_wait_time:N avg_client_parse_count:N avg_server_parse_count:N avg_bind_count:N "
            + "avg_client_login_count:N",
        ["stats_totals"] = "database:s server_assignment_count:N xact_count:N query_count:N bytes_received:N bytes_sent:N xact_time:N query_time:N wait_time:N client_parse_count:N "
            + "server_parse_count:N bind_count:N client_login_count:N",
        ["stats_averages"] = "database:s server_assignment_count:N xact_count:N query_count:N bytes_received:N bytes_sent:N xact_time:N query_time:N wait_time:N avg_client_parse_count:N "
            + "avg_server_parse_count:N avg_bind_count:N client_login_count:N",
        ["totals"] = "name:s value:N",
        ["lists"] = "list:s items:i",
        ["config"] = "key:s value:s default:s changeable:s",
        ["state"] = "key:s value:s",
        ["version"] = "version:s",
        ["mem"] = "name:s size:i used:i free:i memtotal:i",
        ["peers"] = "peer_id:i host:s port:i pool_size:i",
        ["peer_pools"] = "peer_id:i cl_active_cancel_req:i cl_waiting_cancel_req:i sv_active_cancel:i sv_login:i",
        ["dns_hosts"] = "hostname:s ttl:q addrs:s",
        ["dns_zones"] = "zonename:s serial:q count:i",
    };

    /// <summary>Those whose first column names a fixed list of things, and the things in their order.</summary>
    public static IReadOnlyDictionary<string, string> RowNames { get; } = new Dictionary<string, string>
    {
        ["lists"] = "databases users peers pools peer_pools free_clients used_clients login_clients free_servers used_servers dns_names dns_zones dns_queries dns_pending",
        ["state"] = "active paused suspended",
        ["totals"] = "total_server_assignment_count total_xact_count total_query_count total_client_bytes total_server_bytes total_xact_time total_query_time total_wait_time "
            + "total_ps_client_parse_count total_ps_server_parse_count total_ps_bind_count avg_server_assignment_count avg_xact_count avg_query_count avg_client_bytes avg_server_bytes "
            + "avg_xact_time avg_query_time avg_wait_time avg_ps_client_parse_count avg_ps_server_parse_count avg_ps_bind_count",
    };
}
