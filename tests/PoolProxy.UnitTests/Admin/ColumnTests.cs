using PoolProxy.Core.Admin;
using PoolProxy.Protocol.Messages.Backend;
using Xunit;

namespace PoolProxy.UnitTests.Admin;

/// <summary>Exporters read the console by name and position: names, order and types are those of PgBouncer 1.25 (s text, i int4, q int8, N numeric).</summary>
public sealed class ColumnTests
{
    private const string Sockets =
        "type:s user:s database:s replication:s state:s addr:s port:i local_addr:s local_port:i connect_time:s request_time:s wait:i wait_us:i close_needed:i "
        + "ptr:s link:s remote_pid:i tls:s application_name:s prepared_statements:i id:i";

    private const string Positions = " recv_pos:i pkt_pos:i pkt_remain:i send_pos:i send_remain:i pkt_avail:i send_avail:i";

    /// <summary>Ours, behind all of PgBouncer's: the loop that a connection lives on.</summary>
    private const string Loop = " loop:i";

    [Theory]
    [InlineData("pools", "database:s user:s cl_active:i cl_waiting:i cl_active_cancel_req:i cl_waiting_cancel_req:i sv_active:i sv_active_cancel:i sv_being_canceled:i sv_idle:i sv_used:i sv_tested:i sv_login:i maxwait:i maxwait_us:i pool_mode:s load_balance_hosts:s")]
    [InlineData("databases", "name:s host:s port:i database:s force_user:s pool_size:i min_pool_size:i reserve_pool_size:i server_lifetime:i pool_mode:s load_balance_hosts:s max_connections:i current_connections:i max_client_connections:i current_client_connections:i paused:i disabled:i")]
    [InlineData("users", "name:s pool_size:s reserve_pool_size:s pool_mode:s max_user_connections:i current_connections:i max_user_client_connections:i current_client_connections:i")]
    [InlineData("clients", Sockets + Loop + " pinned:s channels:i")]
    [InlineData("servers", Sockets + Loop)]
    [InlineData("sockets", Sockets + Positions + Loop)]
    [InlineData("active_sockets", Sockets + Positions + Loop)]
    [InlineData("stats", "database:s total_server_assignment_count:N total_xact_count:N total_query_count:N total_received:N total_sent:N total_xact_time:N total_query_time:N total_wait_time:N total_client_parse_count:N total_server_parse_count:N total_bind_count:N total_client_login_count:N avg_server_assignment_count:N avg_xact_count:N avg_query_count:N avg_recv:N avg_sent:N avg_xact_time:N avg_query_time:N avg_wait_time:N avg_client_parse_count:N avg_server_parse_count:N avg_bind_count:N avg_client_login_count:N")]
    [InlineData("stats_totals", "database:s server_assignment_count:N xact_count:N query_count:N bytes_received:N bytes_sent:N xact_time:N query_time:N wait_time:N client_parse_count:N server_parse_count:N bind_count:N client_login_count:N")]
    [InlineData("stats_averages", "database:s server_assignment_count:N xact_count:N query_count:N bytes_received:N bytes_sent:N xact_time:N query_time:N wait_time:N avg_client_parse_count:N avg_server_parse_count:N avg_bind_count:N client_login_count:N")]
    [InlineData("totals", "name:s value:N")]
    [InlineData("lists", "list:s items:i")]
    [InlineData("config", "key:s value:s default:s changeable:s")]
    [InlineData("state", "key:s value:s")]
    [InlineData("version", "version:s")]
    [InlineData("mem", "name:s size:i used:i free:i memtotal:q")]
    [InlineData("peers", "peer_id:i host:s port:i pool_size:i")]
    [InlineData("peer_pools", "peer_id:i cl_active_cancel_req:i cl_waiting_cancel_req:i sv_active_cancel:i sv_login:i")]
    [InlineData("dns_hosts", "hostname:s ttl:q addrs:s")]
    [InlineData("dns_zones", "zonename:s serial:q count:i")]
    [InlineData("help", "")]
    public void Columns_are_PgBouncers(string noun, string expected)
    {
        var columns = CommandCatalogue.FindShow(noun)!.Columns;
        Assert.Equal(expected, string.Join(' ', columns.Select(column => $"{column.Name}:{LetterOf(column.Type)}")));
    }

    private static char LetterOf(int type) => type switch
    {
        TypeOid.Text => 's',
        TypeOid.Int4 => 'i',
        TypeOid.Int8 => 'q',
        TypeOid.Numeric => 'N',
        _ => '?',
    };
}
