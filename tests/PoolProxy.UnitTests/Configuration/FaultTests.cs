using PoolProxy.Configuration;
using Xunit;

namespace PoolProxy.UnitTests.Configuration;

/// <summary>Keys and sections that are not known, and many faults at once.</summary>
public sealed class FaultTests
{
    [Theory]
    [InlineData("[proxy]\nlisten_adr = 1", 2, 1, "\"listen_adr\" is not known here", "The nearest known name is listen_addr.")]
    [InlineData("[proxy]\n  Pool_Mode = 1", 2, 3, "\"Pool_Mode\" is not known here", "The nearest known name is pool_mode.")]
    [InlineData("[proxy]\nzzzzzzzzzzzz = 1", 2, 1, "\"zzzzzzzzzzzz\" is not known here", null)]
    [InlineData("[proxy]\nauth_query = 1", 2, 14, "auth_query: expected a string, not an integer", null)]
    [InlineData("[proxy]\nauth_query = ''", 2, 14, "auth_query: the text is empty", null)]
    [InlineData("[proxy]\nauth_dbname = 'pgbouncer'", 2, 15, "auth_dbname: the database name \"pgbouncer\" belongs to the console", null)]
    [InlineData("[proxy]\npeer_id = 16384", 2, 11, "peer_id: 16384 is out of bounds", "It may be 0 to 16383.")]
    [InlineData("[databases.app]\nhost = 'h'\nload_balance_hosts = 'random'", 3, 22, "load_balance_hosts: \"random\" is not known", "It may be disable, round-robin.")]
    [InlineData("[databases.app]\nhost = 'a,b'\ntarget_session_attrs = 'master'", 3, 24, "target_session_attrs: \"master\" is not known", "It may be any, read-write, read-only, primary, standby, prefer-standby.")]
    [InlineData("[databases.app]\nhost = 'a,,b'", 2, 8, "host: an element is empty", null)]
    [InlineData("[databases.app]\nhost = 'a,b/c'", 2, 8, "host: \"b/c\" is neither a host name, an address nor a folder that begins with /", null)]
    [InlineData("[databases.app]\nhost = 'a,b'\nport = [1, 0]", 3, 12, "port: 0 is out of bounds", "It may be 1 to 65535.")]
    [InlineData("[databases.app]\nhost = 'a,b'\nhost_check_period = '1ms'", 3, 21, "host_check_period: the time is out of bounds", "It may be 100 ms to 1 d, or 0.")]
    [InlineData("[databases.app]\nhost = 'h'\nreserve_pool = 1", 3, 1, "\"reserve_pool\" is not known here", "The nearest known name is reserve_pool_size.")]
    [InlineData("[databases.app]\nhost = 'h'\nlogin.x.user = 'y'", 3, 1, "\"login\" is not known here", "The nearest known name is logins.")]
    [InlineData("[databases.app]", 1, 12, "host is missing in [databases.app]", null)]
    [InlineData("[databases]\napp = 'host=db'", 2, 7, "app: expected a table, not a string", "Write [databases.NAME] with host, port and dbname as keys of their own.")]
    [InlineData("[databases.pgbouncer]\nhost = 'h'", 1, 12, "the database name \"pgbouncer\" belongs to the console", null)]
    [InlineData("[users.a]\npol_mode = 1", 2, 1, "\"pol_mode\" is not known here", "The nearest known name is pool_mode.")]
    [InlineData("[issuers.a]\nissuer = 'https://i'", 1, 10, "audience is missing in [issuers.a]", null)]
    [InlineData("[pgbouncer]\nlisten_port = 1", 1, 2, "the section is called [proxy] here", null)]
    [InlineData("[peers.0]\nhost = 'h'", 1, 8, "\"0\" is not the number of a peer", "It may be 1 to 16383.")]
    [InlineData("[peers.one]\nhost = 'h'", 1, 8, "\"one\" is not the number of a peer", "It may be 1 to 16383.")]
    [InlineData("[peers.1]", 1, 8, "host is missing in [peers.1]", null)]
    [InlineData("[http]\nlisten_port = 70000", 2, 15, "listen_port: 70000 is out of bounds", "It may be 0 to 65535.")]
    [InlineData("[database.app]", 1, 2, "\"database\" is not known here", "The nearest known name is databases.")]
    [InlineData("listen_port = 1", 1, 1, "listen_port stands outside of its section", "Write [proxy] above it.")]
    [InlineData("proxy = 1", 1, 9, "proxy: expected a table, not an integer", "Write [proxy].")]
    [InlineData("[rules]\nissuer = 'a'", 1, 2, "rules: expected an array of tables", "Write [[rules]] with two brackets: rules are tried in their order.")]
    [InlineData("rules = [1]", 1, 10, "rules: expected a table, not an integer", null)]
    [InlineData("[[rules]]\nrole = 'a'", 1, 3, "issuer is missing in [rules.1]", null)]
    [InlineData("[[rules]]\nissuer = 'a'\nwen.x = 'y'\nrole = 'a'", 3, 1, "\"wen\" is not known here", "The nearest known name is when.")]
    [InlineData("[[rules]]\nissuer = 'a'\nrole = 'app_{groups}'", 3, 8, "role: a template for a role is not available in this version", null)]
    [InlineData("[[rules]]\nissuer = 'a'\nrole = ['a', 'NONE']", 3, 14, "role: \"NONE\" is no role: SET ROLE none would return to the shared login", null)]
    [InlineData("[[rules]]\nissuer = 'a'\nrole = 'a'\nwhen = 'b'", 4, 8, "when: expected a table, not a string", "Write when.CLAIM = \"value\".")]
    [InlineData("[[rules]]\nissuer = 'a'\nrole = 'a'\nwhen.x = []", 4, 10, "when: the list of values is empty", null)]
    [InlineData("[[rules]]\nissuer = 'a'\nrole = 'a'\nwhen.x = 1.5", 4, 10, "when: expected a string, an integer or a boolean, not a float", null)]
    [InlineData("[[rules]]\nissuer = 'a'\nrole = 'a'\nwhen.x = {}", 4, 10, "when: expected one operator", "It may be { regex = \"...\" } or { contains = \"...\" }; a path into the claim is a dotted key.")]
    [InlineData("[[rules]]\nissuer = 'a'\nrole = 'a'\nwhen.x = { regexp = 'y' }", 4, 12, "when: the operator \"regexp\" is not known", "The nearest known name is regex.")]
    [InlineData("[[rules]]\nissuer = 'a'\nrole = 'a'\nwhen.x = { contains = '' }", 4, 23, "when: contains: the text is empty", null)]
    [InlineData("[[rules]]\nissuer = 'a'\nrole = 'a'\nwhen.x = { regex = '(?=a)b' }", 4, 20, "when: regex: the pattern cannot be matched without backtracking", "Back-references, look-around, atomic groups and very large repetitions are not taken.")]
    public void What_is_not_known_is_a_fault_at_its_place(string text, int line, int column, string message, string? hint)
    {
        var result = ConfigurationReader.Read(text, "pool.toml");
        var fault = Assert.Single(result.Faults);
        Assert.Equal((line, column, message, hint), (fault.Line, fault.Column, fault.Message, fault.Hint));
        Assert.Null(result.Configuration);
    }

    [Fact]
    public void A_pattern_that_is_none_is_a_fault()
    {
        var fault = Assert.Single(ConfigurationReader.Read("[[rules]]\nissuer = 'a'\nrole = 'a'\nwhen.x = { regex = 'a(' }", "pool.toml").Faults);
        Assert.StartsWith("when: regex: ", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_faults_are_shown_at_once_in_the_order_of_the_file()
    {
        var faults = ConfigurationReader.Read("[databases.app]\nport = 0\n[proxy]\nlisten_port = x\npool_mode = 'x'\nfoo = 1\n[users.u]\npool_size = -1", "pool.toml").Faults;
        Assert.Equal([2, 4, 5, 6, 8], faults.Select(fault => fault.Line));
    }

    [Fact]
    public void Every_setting_of_PgBouncer_is_taken_or_refused_by_name()
    {
        var names = """
            listen_addr listen_port listen_backlog unix_socket_dir unix_socket_mode unix_socket_group so_reuseport user pidfile service_name job_name conffile
            pool_mode default_pool_size min_pool_size reserve_pool_size reserve_pool_timeout max_client_conn max_db_connections max_db_client_connections
            max_user_connections max_user_client_connections server_round_robin auth_type auth_file auth_hba_file auth_ident_file auth_user auth_query
            auth_dbname auth_ldap_options admin_users stats_users scram_iterations server_reset_query server_reset_query_always track_extra_parameters
            ignore_startup_parameters application_name_add_host disable_pqexec max_prepared_statements server_check_query server_check_delay server_lifetime
            server_idle_timeout server_connect_timeout server_login_retry server_fast_close autodb_idle_timeout pool_idle_timeout query_timeout
            query_wait_timeout query_wait_notify cancel_wait_timeout client_idle_timeout client_login_timeout idle_transaction_timeout transaction_timeout
            suspend_timeout client_tls_sslmode client_tls_key_file client_tls_cert_file client_tls_ca_file client_tls_protocols client_tls_ciphers
            client_tls13_ciphers client_tls_ecdhcurve client_tls_dheparams server_tls_sslmode server_tls_ca_file server_tls_key_file server_tls_cert_file
            server_tls_protocols server_tls_ciphers server_tls13_ciphers dns_max_ttl dns_nxdomain_ttl dns_zone_check_period resolv_conf logfile syslog
            syslog_ident syslog_facility log_connections log_disconnections log_pooler_errors log_stats stats_period verbose login_notify_message pkt_buf
            max_packet_size sbuf_loopcnt tcp_defer_accept tcp_keepalive tcp_keepcnt tcp_keepidle tcp_keepintvl tcp_user_timeout tcp_socket_buffer peer_id
            """.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries);
        var unknown = names.Where(name => ConfigurationReader.Read($"[proxy]\n{name} = []", "pool.toml").Faults.Any(fault => fault.Message.Contains("is not known here", StringComparison.Ordinal)));
        Assert.Empty(unknown);
    }
}
