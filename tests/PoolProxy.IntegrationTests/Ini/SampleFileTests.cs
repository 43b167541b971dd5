using PoolProxy.IntegrationTests.Admin;
using PoolProxy.Testing;
using PoolProxy.Testing.Proxy;
using Xunit;

namespace PoolProxy.IntegrationTests.Ini;

/// <summary>
/// PgBouncer's sample file as an administrator fills it in: every setting that it shows, with the value that it shows (or an empty one where it shows a file's path or none), and its examples of databases and users. Only where
/// its own files lie and where it listens are a test's.
/// </summary>
public sealed class SampleFileTests(PoolScene scene) : IClassFixture<PoolScene>
{
    [Fact]
    public async Task The_settings_of_PgBouncers_sample_serve_unchanged()
    {
        await using ProxyUnderTest proxy = await StartAsync();
        await using RawClient client = await proxy.LoginAsync("joe", "forcedb", "secret", ("extra_float_digits", "2"));
        Assert.Equal("ISO, MDY", await client.ScalarAsync("show datestyle"));
        await using RawClient stats = await proxy.LoginAsync("root", "pgbouncer", "root");
        Assert.Equal("42501", (await stats.QueryAsync("RELOAD"))[0].SqlState);
        await using RawClient console = await proxy.LoginAsync("someadmin", "pgbouncer", "someadmin");
        Dictionary<string, string?> shown = await console.RowAsync("SHOW DATABASES", "name", "nondefaultdb");
        Assert.Equal(("50", "10", "20"), (shown["pool_size"], shown["reserve_pool_size"], (await console.RowAsync("SHOW DATABASES", "name", "bardb"))["pool_size"]));
        Dictionary<string, string?> user = await console.RowAsync("SHOW USERS", "name", "user1");
        Assert.Equal(("        5", "        2", "transaction", "10", "20"), (user["pool_size"], user["reserve_pool_size"], user["pool_mode"], user["max_user_connections"], user["max_user_client_connections"]));
        Assert.Empty(await proxy.Server.ReloadAsync());
        await WaitFor.TrueAsync(async () => (await File.ReadAllTextAsync(proxy.Place.File("pgbouncer.log"))).Contains("login attempt: db=forcedb user=joe tls=no replication=no", StringComparison.Ordinal));
    }

    private Task<ProxyUnderTest> StartAsync() => ProxyUnderTest.StartAsync(
        place =>
        {
            File.WriteAllText(place.File("userlist.txt"), "\"joe\" \"secret\"\n\"root\" \"root\"\n\"someadmin\" \"someadmin\"\n");
            return $"""
                [databases]
                foodb =
                bardb = host=localhost dbname=bazdb max_db_client_connections=10
                forcedb = host=127.0.0.1 port={scene.Database.Cluster.Port} dbname={scene.Database.Name} user=postgres client_encoding=UNICODE datestyle=ISO connect_query='SELECT 1'
                nondefaultdb = pool_size=50 reserve_pool_size=10
                * = host=testserver

                [users]
                user1 = pool_size=5 reserve_pool_size=2 pool_mode=transaction max_user_connections=10 max_user_client_connections=20

                [pgbouncer]
                logfile = {place.File("pgbouncer.log")}
                pidfile = {place.File("pgbouncer.pid")}
                listen_addr = localhost
                listen_port = {place.Port}
                unix_socket_dir = {place.Folder}
                unix_socket_mode = 0777
                unix_socket_group =
                client_tls_sslmode = disable
                client_tls_key_file =
                client_tls_cert_file =
                client_tls_ciphers = default
                client_tls_protocols = secure
                client_tls_dheparams = auto
                client_tls_ecdhcurve = auto
                server_tls_sslmode = prefer
                server_tls_key_file =
                server_tls_cert_file =
                server_tls_protocols = secure
                server_tls_ciphers = default
                auth_type = md5
                auth_file = {place.File("userlist.txt")}
                auth_hba_file =
                admin_users = user2, someadmin, otheradmin
                stats_users = stats, root
                pool_mode = session
                max_prepared_statements = 0
                server_reset_query = DISCARD ALL
                server_reset_query_always = 0
                track_extra_parameters = IntervalStyle
                ignore_startup_parameters = extra_float_digits
                server_check_query = select 1
                server_check_delay = 30
                server_fast_close = 0
                application_name_add_host = 0
                stats_period = 60
                max_client_conn = 100
                default_pool_size = 20
                min_pool_size = 0
                reserve_pool_size = 0
                reserve_pool_timeout = 5
                max_db_connections = 0
                max_user_connections = 0
                server_round_robin = 0
                syslog = 0
                syslog_facility = daemon
                syslog_ident = pgbouncer
                log_connections = 1
                log_disconnections = 1
                log_pooler_errors = 1
                log_stats = 1
                verbose = 0
                server_lifetime = 3600
                server_idle_timeout = 600
                server_connect_timeout = 15
                server_login_retry = 15
                query_timeout = 0
                query_wait_timeout = 120
                cancel_wait_timeout = 10
                client_idle_timeout = 0
                client_login_timeout = 60
                idle_transaction_timeout = 0
                pkt_buf = 4096
                listen_backlog = 128
                sbuf_loopcnt = 5
                max_packet_size = 2147483647
                tcp_defer_accept = 0
                tcp_socket_buffer = 0
                tcp_keepalive = 1
                tcp_keepcnt = 0
                tcp_keepidle = 0
                tcp_keepintvl = 0
                tcp_user_timeout = 0
                dns_max_ttl = 15
                disable_pqexec = 0
                service_name = pgbouncer
                job_name = pgbouncer
                """;
        },
        "pgbouncer.ini");
}
