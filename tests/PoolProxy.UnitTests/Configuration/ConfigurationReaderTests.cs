using System.Text;
using PoolProxy.Configuration;
using PoolProxy.Configuration.Catalogue;
using PoolProxy.Configuration.Model;
using Xunit;

namespace PoolProxy.UnitTests.Configuration;

public sealed class ConfigurationReaderTests
{
    // A minimal file with tokens, as a user would first write it.
    private const string Minimal = """
        [proxy]
        listen_addr = "127.0.0.1"
        listen_port = 6432
        auth_type = "jwt"
        pool_mode = "transaction"
        client_tls_sslmode = "require"
        client_tls_cert_file = "proxy.crt"
        client_tls_key_file = "proxy.key"

        [issuers.corp]
        issuer = "https://login.example.com"
        audience = "poolproxy"
        algorithms = ["RS256", "ES256"]

        [[rules]]
        issuer = "corp"
        when.groups = "dba"
        role = "app_read"
        console = "admin"

        [[rules]]
        issuer = "corp"
        when.groups = "analysts"
        role = "app_read"

        [databases.app]
        host = "db.internal"
        dbname = "app"
        isolation = "partitioned"
        server_tls_sslmode = "verify-full"
        server_tls_ca_file = "db-ca.crt"

        [databases.app.logins.app_read]
        user = "pp_app_read"
        pool_size = 10
        """;

    [Fact]
    public void The_minimal_file_is_read_into_the_model()
    {
        var configuration = Read(Minimal);
        Assert.Equal(["127.0.0.1"], configuration.Proxy.ListenAddr);
        Assert.Equal((AuthType.Jwt, PoolMode.Transaction, TlsMode.Require), (configuration.Proxy.AuthType, configuration.Proxy.PoolMode, configuration.Proxy.ClientTlsSslmode));

        var issuer = configuration.Issuers["corp"];
        Assert.Equal(("corp", "https://login.example.com"), (issuer.Name, issuer.Issuer));
        Assert.Equal(["poolproxy"], issuer.Audience);

        Assert.Equal([1, 2], configuration.Rules.Select(rule => rule.Number));
        Assert.Equal((ConsoleAccess.Admin, ConsoleAccess.None), (configuration.Rules[0].Console, configuration.Rules[1].Console));
        var condition = Assert.Single(configuration.Rules[1].When);
        Assert.Equal(["groups"], condition.Claim);
        Assert.Equal([new ClaimValue(ClaimValueKind.Text, "analysts")], condition.Values);

        var database = configuration.Databases["app"];
        Assert.Equal(("db.internal", 5432, "app"), (database.Host, database.Ports[0], database.Dbname));
        Assert.Equal(IsolationLevel.Partitioned, configuration.IsolationOf(database));
        Assert.Equal((TlsMode.VerifyFull, "db-ca.crt", "default"), (database.ServerTls(configuration.Proxy).Sslmode, database.ServerTls(configuration.Proxy).CaFile, database.ServerTls(configuration.Proxy).Ciphers));
        Assert.Equal(("pp_app_read", 10), (database.Logins["app_read"].User, database.Logins["app_read"].PoolSize));
    }

    [Fact]
    public void The_defaults_are_PgBouncers()
    {
        var expected = """
            listen_port=6432 listen_backlog=128 unix_socket_mode=0777 pool_mode=session default_pool_size=20 min_pool_size=0 reserve_pool_size=0
            reserve_pool_timeout=5 max_client_conn=100 max_db_connections=0 max_db_client_connections=0 max_user_connections=0 max_user_client_connections=0
            server_round_robin=0 auth_type=md5 scram_iterations=4096 server_reset_query_always=0 track_extra_parameters=IntervalStyle
            ignore_startup_parameters= application_name_add_host=0 max_prepared_statements=200 server_check_query=<empty> server_check_delay=30
            server_lifetime=3600 server_idle_timeout=600 server_connect_timeout=15 server_login_retry=15 autodb_idle_timeout=3600 pool_idle_timeout=0 query_timeout=0 query_wait_timeout=120
            query_wait_notify=5 cancel_wait_timeout=10 client_idle_timeout=0 client_login_timeout=60 idle_transaction_timeout=0 transaction_timeout=0
            client_tls_sslmode=disable client_tls_protocols=secure client_tls_ciphers=default client_tls_ecdhcurve=auto client_tls_dheparams=auto
            server_tls_sslmode=prefer server_tls_protocols=secure server_tls_ciphers=default dns_max_ttl=15 log_connections=1 log_disconnections=1
            log_pooler_errors=1 log_stats=1 stats_period=60 verbose=0 max_packet_size=2147483647 tcp_defer_accept=1 tcp_keepalive=1 tcp_keepcnt=0
            tcp_keepidle=0 tcp_keepintvl=0 tcp_user_timeout=0 tcp_socket_buffer=0
            """;
        foreach (var pair in expected.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=', 2)))
            Assert.Equal((pair[0], pair[1]), (pair[0], Setting(pair[0]).Print(new ProxySettings())));
        Assert.Equal("DISCARD ALL", Setting("server_reset_query").Print(new ProxySettings()));
        Assert.Equal(
            "SELECT rolname, CASE WHEN rolvaliduntil < now() THEN NULL ELSE rolpassword END FROM pg_authid WHERE rolname=$1 AND rolcanlogin",
            Setting("auth_query").Print(new ProxySettings()));
    }

    [Fact]
    public void Every_key_of_the_proxy_stands_once_in_the_catalogue_and_none_of_them_is_refused()
    {
        var names = ProxyCatalogue.Settings.Select(setting => setting.Name).ToList();
        Assert.Equal(names.Distinct(), names);
        Assert.Empty(names.Intersect(RefusedSettings.Proxy));
    }

    [Fact]
    public void Every_property_of_the_proxy_has_its_key()
    {
        // The names are the same words: PascalCase here, with underscores there.
        var properties = typeof(ProxySettings).GetProperties().Select(property => property.Name.ToLowerInvariant()).Where(name => name != "equalitycontract");
        Assert.Equal(properties.Order(), ProxyCatalogue.Settings.Select(setting => setting.Name.Replace("_", "", StringComparison.Ordinal)).Order());
    }

    [Fact]
    public void The_fallback_serves_names_without_a_section()
    {
        var configuration = Read("[proxy]\nlisten_addr = '*'\n[databases.'*']\nhost = '/tmp'\n[databases.app]\nhost = 'db'");
        Assert.True(configuration.TryFindDatabase("other", out var fallback));
        Assert.True(fallback is { IsFallback: true, IsUnixSocket: true, Dbname: null });
        Assert.True(configuration.TryFindDatabase("app", out var own));
        Assert.Equal("db", own.Host);
    }

    [Fact]
    public void Isolation_is_partitioned_with_issuers_and_none_without()
    {
        var database = new DatabaseSettings { Name = "app", Host = "db" };
        var issuer = new IssuerSettings { Name = "corp", Issuer = "i", Audience = ["a"] };
        Assert.Equal(IsolationLevel.None, new ProxyConfiguration().IsolationOf(database));
        var configuration = new ProxyConfiguration { Issuers = new Dictionary<string, IssuerSettings> { ["corp"] = issuer } };
        Assert.Equal(IsolationLevel.Partitioned, configuration.IsolationOf(database));
        Assert.Equal(IsolationLevel.Exclusive, (configuration with { Proxy = new() { Isolation = IsolationLevel.Exclusive } }).IsolationOf(database));
        Assert.Equal(IsolationLevel.SetRole, configuration.IsolationOf(database with { Isolation = IsolationLevel.SetRole }));
    }

    [Fact]
    public void A_password_never_prints()
    {
        var configuration = Read("[proxy]\nlisten_addr = '*'\n[users.a]\npassword = 'hunter2'\n[databases.d]\nhost = 'h'\nuser = 'u'\npassword = 'hunter2'");
        Assert.Equal("hunter2", configuration.Users["a"].Password!.Value);
        Assert.DoesNotContain("hunter2", configuration.Users["a"].ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", configuration.Databases["d"].ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", UserCatalogue.Settings[0].Print(configuration.Users["a"]), StringComparison.Ordinal);
    }

    [Fact]
    public void The_map_knows_where_keys_stood_and_falls_back_to_their_section()
    {
        var positions = ConfigurationReader.Read(Minimal, "pool.toml").Positions;
        Assert.Equal(new SourcePosition(7, 24), positions.Find("proxy", "client_tls_cert_file"));
        Assert.Equal(new SourcePosition(26, 12), positions.Find("databases", "app", "port"));
        Assert.Equal(new SourcePosition(34, 8), positions.Find("databases", "app", "logins", "app_read", "user"));
        Assert.Equal(new SourcePosition(24, 8), positions.Find("rules", "2", "role"));
        Assert.Equal("pool.toml:7:24: no such file. Make one.", positions.Fault("no such file", "Make one.", "proxy", "client_tls_cert_file").ToString());
    }

    [Fact]
    public void Bytes_that_are_not_UTF8_are_a_fault_at_their_place()
    {
        var fault = Assert.Single(ConfigurationReader.Read([.. "# é\n# é"u8, 0xc3, 0x28], "pool.toml").Faults);
        Assert.Equal((2, 4), (fault.Line, fault.Column));
        Assert.NotNull(ConfigurationReader.Read(Encoding.UTF8.GetBytes(Minimal), "pool.toml").Configuration);
    }

    [Fact]
    public void The_console_sets_words_and_numbers_without_quotes()
    {
        Assert.True(Setting("pool_mode").TrySet(new ProxySettings(), "transaction", out var changed, out _));
        Assert.Equal(PoolMode.Transaction, changed.PoolMode);
        Assert.True(Setting("query_timeout").TrySet(changed, "2.5", out changed, out _));
        Assert.Equal(TimeSpan.FromSeconds(2.5), changed.QueryTimeout);
        Assert.True(Setting("log_stats").TrySet(changed, "0", out changed, out _));
        Assert.False(changed.LogStats);
        Assert.False(Setting("verbose").TrySet(changed, "9", out changed, out var problem));
        Assert.Equal("9 is out of bounds", problem!.Message);
        Assert.Equal((PoolMode.Transaction, 0), (changed.PoolMode, changed.Verbose));
    }

    private static Setting<ProxySettings> Setting(string name) => ProxyCatalogue.Settings.Single(setting => setting.Name == name);

    private static ProxyConfiguration Read(string text)
    {
        var result = ConfigurationReader.Read(text, "pool.toml");
        Assert.Empty(result.Faults);
        return result.Configuration!;
    }
}
