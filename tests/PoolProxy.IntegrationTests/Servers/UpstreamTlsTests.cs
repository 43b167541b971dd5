using PoolProxy.Sandbox.Certificates;
using PoolProxy.Sandbox.Postgres;
using PoolProxy.Testing;
using PoolProxy.Testing.Postgres;
using PoolProxy.Testing.Proxy;
using Xunit;

namespace PoolProxy.IntegrationTests.Servers;

/// <summary>TLS towards servers: each server_tls_sslmode against each kind of server, and the proxy's own certificate.</summary>
public sealed class UpstreamTlsTests(UpstreamTlsPlace place) : IClassFixture<UpstreamTlsPlace>
{
    // Per mode: what comes of a server whose certificate is right, one of an authority that is not the file's, one for another host, and one
    // without TLS. "tls" and "clear" are connections, "-" is none.
    private static readonly (string Mode, string Good, string OtherAuthority, string WrongHost, string Plain)[] Table =
    [
        ("disable", "clear", "clear", "clear", "clear"),
        ("allow", "clear", "clear", "clear", "clear"),
        ("prefer", "tls", "tls", "tls", "clear"),
        ("require", "tls", "tls", "tls", "-"),
        ("verify-ca", "tls", "-", "tls", "-"),
        ("verify-full", "tls", "-", "-", "-"),
    ];

    public static TheoryData<int, string, string, string> Cases
    {
        get
        {
            var rows = new TheoryData<int, string, string, string>();
            foreach (int major in AvailablePostgres.Found.Select(binaries => binaries.Major))
            {
                foreach (var (mode, good, otherAuthority, wrongHost, plain) in Table)
                {
                    rows.Add(major, mode, "good", good);
                    rows.Add(major, mode, "other-authority", otherAuthority);
                    rows.Add(major, mode, "wrong-host", wrongHost);
                    rows.Add(major, mode, "plain", plain);
                }
            }
            return rows;
        }
    }

    public static TheoryData<int, string, bool> CertificateCases
    {
        get
        {
            var rows = new TheoryData<int, string, bool>();
            foreach (int major in AvailablePostgres.Found.Select(binaries => binaries.Major))
            {
                rows.Add(major, "its own", true);
                rows.Add(major, "none", false);
                rows.Add(major, "of another name", false);
                rows.Add(major, "of a strange authority", false);
                rows.Add(major, "expired", false);
            }
            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Each_mode_takes_the_servers_it_should(int major, string mode, string kind, string expected)
    {
        PostgresCluster server = await place.ServerAsync(major, kind == "other-authority" ? "good" : kind);
        string authority = (kind == "other-authority" ? place.Stranger : place.Authority).AuthorityFile;
        await using ProxyUnderTest proxy = await StartAsync(server, mode, $"server_tls_ca_file = \"{authority}\"");
        await using RawClient client = await proxy.ConnectAsync();
        RawLogin login = await client.TryLoginAsync("anyone", "app");
        if (expected == "-")
        {
            Assert.Equal("08006 server login has been failing, try again later (server_login_retry)", $"{login.Error?.SqlState} {login.Error?.ErrorText}");
            string reason = kind == "plain" ? "the server does not support TLS, but server_tls_sslmode demands it" : "certificate";
            await WaitFor.TrueAsync(() => File.ReadAllText(proxy.Place.File("proxy.log")).Contains(reason, StringComparison.Ordinal));
        }
        else
        {
            Assert.Null(login.Error);
            Assert.Equal(expected == "tls" ? "t" : "f", await client.ScalarAsync("select ssl from pg_stat_ssl where pid = pg_backend_pid()"));
        }
    }

    [Theory]
    [MemberData(nameof(CertificateCases))]
    public async Task A_server_that_demands_a_certificate_gets_the_configured_one(int major, string which, bool isAdmitted)
    {
        PostgresCluster server = await place.ServerAsync(major, "good");
        CertificateFiles? shown = which switch
        {
            "its own" => place.Authority.Client("certified"),
            "of another name" => place.Authority.Client("somebody"),
            "of a strange authority" => place.Stranger.Client("certified"),
            "expired" => place.Authority.ClientExpired("certified"),
            _ => null,
        };
        string lines = $"server_tls_ca_file = \"{place.Authority.AuthorityFile}\"";
        if (shown is not null)
        {
            lines += $"\nserver_tls_cert_file = \"{shown.CertificateFile}\"\nserver_tls_key_file = \"{shown.KeyFile}\"";
        }
        await using ProxyUnderTest proxy = await StartAsync(server, "verify-full", lines, "certified");
        await using RawClient client = await proxy.ConnectAsync();
        RawLogin login = await client.TryLoginAsync("anyone", "app");
        Assert.Equal(isAdmitted ? null : "08006", login.Error?.SqlState);
        if (isAdmitted)
        {
            Assert.Equal("certified /CN=certified", await client.ScalarAsync("select session_user || ' ' || client_dn from pg_stat_ssl where pid = pg_backend_pid()"));
        }
    }

    [Theory]
    [MemberData(nameof(AvailablePostgres.Majors), MemberType = typeof(AvailablePostgres))]
    public async Task A_database_s_own_TLS_settings_beat_those_of_the_proxy(int major)
    {
        PostgresCluster server = await place.ServerAsync(major, "good");
        await using ProxyUnderTest proxy = await StartAsync(server, "disable", "", databaseLines: $"server_tls_sslmode = \"verify-full\"\nserver_tls_ca_file = \"{place.Authority.AuthorityFile}\"");
        await using RawClient client = await proxy.LoginAsync("anyone", "app");
        Assert.Equal("t", await client.ScalarAsync("select ssl from pg_stat_ssl where pid = pg_backend_pid()"));
    }

    [Theory]
    [MemberData(nameof(AvailablePostgres.Majors), MemberType = typeof(AvailablePostgres))]
    public async Task A_Cancel_goes_by_TLS_too(int major)
    {
        PostgresCluster server = await place.ServerAsync(major, "good");
        await using ProxyUnderTest proxy = await StartAsync(server, "verify-full", $"server_tls_ca_file = \"{place.Authority.AuthorityFile}\"");
        await using RawClient client = await proxy.LoginAsync("anyone", "app");
        int pid = await client.ServerIdAsync();
        await client.SendQueryAsync("select pg_sleep(60)");
        await WaitFor.EqualAsync(1, () => server.QueryAsync<int>($"select count(*)::int from pg_stat_activity where pid = {pid} and wait_event = 'PgSleep'"));
        await client.CancelAsync();
        Assert.Equal("57014", (await client.ReadUntilAsync("ReadyForQuery")).SqlState());
    }

    [Theory]
    [MemberData(nameof(AvailablePostgres.Majors), MemberType = typeof(AvailablePostgres))]
    public async Task SCRAM_is_bound_to_the_TLS_connection_where_that_is_required(int major)
    {
        PostgresCluster server = await place.ServerAsync(major, "good");
        foreach (string binding in new[] { "require", "prefer", "disable" })
        {
            await using ProxyUnderTest proxy = await StartAsync(server, "require", $"server_tls_channel_binding = \"{binding}\"", "bound", "password = \"secret\"");
            await using RawClient client = await proxy.LoginAsync("anyone", "app");
            Assert.Equal("bound", await client.ScalarAsync("select session_user"));
        }
    }

    [Theory]
    [MemberData(nameof(AvailablePostgres.Majors), MemberType = typeof(AvailablePostgres))]
    public async Task Where_binding_is_required_no_other_login_is_made(int major)
    {
        PostgresCluster server = await place.ServerAsync(major, "good");
        foreach ((string user, string reason) in new[] { ("hashed", "the server asks for MD5Password"), ("postgres", "the server lets the login in without it") })
        {
            await using ProxyUnderTest proxy = await StartAsync(server, "require", "server_tls_channel_binding = \"require\"", user, "password = \"secret\"");
            await using RawClient client = await proxy.ConnectAsync();
            Assert.Equal("08006", (await client.TryLoginAsync("anyone", "app")).Error?.SqlState);
            await WaitFor.TrueAsync(() => File.ReadAllText(proxy.Place.File("proxy.log")).Contains(reason, StringComparison.Ordinal));
        }
    }

    [Theory]
    [MemberData(nameof(AvailablePostgres.Majors), MemberType = typeof(AvailablePostgres))]
    public async Task TLS_begins_at_once_where_the_server_can_do_that(int major)
    {
        PostgresCluster server = await place.ServerAsync(major, "good");
        await using ProxyUnderTest proxy = await StartAsync(
            server, "verify-full", $"server_tls_ca_file = \"{place.Authority.AuthorityFile}\"\nserver_tls_sslnegotiation = \"direct\"");
        await using RawClient client = await proxy.ConnectAsync();
        RawLogin login = await client.TryLoginAsync("anyone", "app");
        Assert.Equal(major >= 17 ? null : "08006", login.Error?.SqlState);
        if (major >= 17)
        {
            Assert.Equal("t", await client.ScalarAsync("select ssl from pg_stat_ssl where pid = pg_backend_pid()"));
        }
    }

    [Fact]
    public async Task A_certificate_that_was_exchanged_is_used_from_RELOAD_on()
    {
        PostgresCluster server = await place.ServerAsync(AvailablePostgres.Found[^1].Major, "good");
        CertificateFiles right = place.Authority.Client("certified"), wrong = place.Authority.Client("somebody");
        await using ProxyUnderTest proxy = await ProxyUnderTest.StartAsync(at =>
        {
            File.Copy(wrong.CertificateFile, at.File("client.crt"));
            File.Copy(wrong.KeyFile, at.File("client.key"));
            return Text(at, server, "require", "server_tls_cert_file = \"client.crt\"\nserver_tls_key_file = \"client.key\"", "certified", "");
        });
        await using RawClient early = await proxy.ConnectAsync();
        Assert.Equal("08006", (await early.TryLoginAsync("anyone", "app")).Error?.SqlState);
        File.Copy(right.CertificateFile, proxy.Place.File("client.crt"), overwrite: true);
        File.Copy(right.KeyFile, proxy.Place.File("client.key"), overwrite: true);
        Assert.Empty(await proxy.Server.ReloadAsync());
        await WaitFor.TrueAsync(async () =>
        {
            await using RawClient client = await proxy.ConnectAsync();
            return (await client.TryLoginAsync("anyone", "app")).Error is null;
        });
    }

    private static Task<ProxyUnderTest> StartAsync(PostgresCluster server, string mode, string lines, string user = "postgres", string databaseLines = "") =>
        ProxyUnderTest.StartAsync(at => Text(at, server, mode, lines, user, databaseLines));

    private static string Text(ProxyPlace at, PostgresCluster server, string mode, string lines, string user, string databaseLines) => $"""
            [proxy]
            listen_addr = "127.0.0.1"
            listen_port = {at.Port}
            unix_socket_dir = ""
            auth_type = "any"
            pool_mode = "transaction"
            server_login_retry = "100ms"
            server_tls_sslmode = "{mode}"
            logfile = "proxy.log"
            {lines}

            [databases.app]
            host = "127.0.0.1"
            port = {server.Port}
            dbname = "postgres"
            user = "{user}"
            {databaseLines}
            """;
}
