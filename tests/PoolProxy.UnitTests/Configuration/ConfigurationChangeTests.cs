using PoolProxy.Configuration;
using PoolProxy.Configuration.Catalogue;
using PoolProxy.Configuration.Change;
using PoolProxy.Configuration.Model;
using Xunit;

namespace PoolProxy.UnitTests.Configuration;

public sealed class ConfigurationChangeTests
{
    private const string Running = """
        [proxy]
        listen_addr = "127.0.0.1"
        auth_type = "jwt"
        token_without_tls = "loopback"
        default_pool_size = 20

        [issuers.corp]
        issuer = "https://i"
        audience = ["a", "b"]

        [[rules]]
        issuer = "corp"
        role = "r"
        when.groups = ["x", "y"]

        [[rules]]
        issuer = "corp"
        role = "r"

        [users.alice]
        password = "one"

        [databases.app]
        host = "db"
        settings = { work_mem = "1MB", geqo = false }
        logins.r = { user = "pp_r", password = "one" }
        """;

    [Fact]
    public void The_same_file_with_other_blanks_and_comments_changes_nothing()
    {
        var change = Change("# moved\n\n" + Running.Replace(" = ", "=", StringComparison.Ordinal));
        Assert.True(change.IsEmpty);
    }

    [Fact]
    public void A_setting_of_the_proxy_changes_at_once()
    {
        var change = Change(Replace("default_pool_size = 20", "default_pool_size = 30\nquery_timeout = \"250ms\""));
        Assert.Equal(["default_pool_size: 20 -> 30", "query_timeout: 0 -> 0.25"], change.Settings.Select(setting => setting.ToString()));
        Assert.Equal(30, change.Applied.Proxy.DefaultPoolSize);
        Assert.Empty(change.NeedsRestart);
        Assert.Empty(change.Databases);
    }

    [Fact]
    public void A_setting_that_needs_a_restart_stays_and_is_named()
    {
        var change = Change(Replace("default_pool_size = 20", "listen_port = 7000\nunix_socket_dir = \"/tmp\"\npidfile = \"p\"\nio_engine = \"epoll\""));
        Assert.Equal(["listen_port", "unix_socket_dir", "pidfile", "io_engine"], change.NeedsRestart.Select(setting => setting.Name));
        Assert.Empty(change.Settings);
        Assert.Equal((6432, "", IoEngine.Auto), (change.Applied.Proxy.ListenPort, change.Applied.Proxy.UnixSocketDir, change.Applied.Proxy.IoEngine));
    }

    [Fact]
    public void Listeners_files_of_the_process_and_loops_need_a_restart()
    {
        var restart = ProxyCatalogue.Settings.Where(setting => !setting.IsChangeable).Select(setting => setting.Name);
        Assert.Equal(
            ["listen_addr", "listen_port", "listen_backlog", "so_reuseport", "unix_socket_dir", "unix_socket_mode", "unix_socket_group", "track_extra_parameters", "disable_pqexec", "resolv_conf", "logfile", "pidfile", "user", "peer_id", "threads", "io_engine"],
            restart);
    }

    [Theory]
    [InlineData("host = \"db\"", "host = \"other\"", true)]
    [InlineData("host = \"db\"", "host = \"db\"\nport = 1", true)]
    [InlineData("host = \"db\"", "host = \"db\"\nserver_tls_sslmode = 'require'", true)]
    [InlineData("host = \"db\"", "host = \"db\"\nisolation = 'exclusive'", true)]
    [InlineData("host = \"db\"", "host = \"db\"\nconnect_query = 'select 1'", true)]
    [InlineData("work_mem = \"1MB\"", "work_mem = \"2MB\"", true)]
    [InlineData("host = \"db\"", "host = \"db\"\npool_size = 3", false)]
    [InlineData("host = \"db\"", "host = \"db\"\nserver_lifetime = 3", false)]
    public void A_database_reconnects_when_its_servers_do_not_fit_any_more(string old, string wanted, bool mustReconnect)
    {
        var database = Assert.Single(Change(Replace(old, wanted)).Databases);
        Assert.Equal(("app", ChangeKind.Changed, mustReconnect), (database.Name, database.Kind, database.MustReconnect));
        Assert.Single(database.Settings);
        Assert.Empty(database.Logins);
    }

    [Fact]
    public void A_database_reconnects_when_the_TLS_that_it_inherits_changes()
    {
        var database = Assert.Single(Change(Replace("default_pool_size = 20", "server_tls_sslmode = 'require'")).Databases);
        Assert.True(database.MustReconnect);
        Assert.Empty(database.Settings);
    }

    [Fact]
    public void A_login_reconnects_for_another_user_but_not_for_a_rotated_password()
    {
        var rotated = Assert.Single(Assert.Single(Change(Replace("password = \"one\" }", "password = \"two\" }")).Databases).Logins);
        Assert.Equal(("r", ChangeKind.Changed, false), (rotated.Role, rotated.Kind, rotated.MustReconnect));
        Assert.Equal("password: (hidden) -> (hidden)", Assert.Single(rotated.Settings).ToString());

        var renamed = Assert.Single(Change(Replace("pp_r", "pp_x")).Databases);
        Assert.False(renamed.MustReconnect);
        Assert.True(Assert.Single(renamed.Logins).MustReconnect);
    }

    [Fact]
    public void Logins_come_and_go()
    {
        var added = Replace("password = \"one\" }", "password = \"one\" }\nlogins.q.user = 'pp_q'");
        Assert.Equal([("q", ChangeKind.Added, false)], Assert.Single(Change(added).Databases).Logins.Select(login => (login.Role, login.Kind, login.MustReconnect)));
        var back = ConfigurationChange.Between(Read(added), Read(Running));
        Assert.Equal([("q", ChangeKind.Removed, true)], Assert.Single(back.Databases).Logins.Select(login => (login.Role, login.Kind, login.MustReconnect)));
    }

    [Fact]
    public void Databases_come_and_go()
    {
        const string more = "\n[databases.b]\nhost = 'db'\nlogins.r.user = 'pp_r'\n";
        Assert.Equal([("b", ChangeKind.Added, false)], Change(Running + more).Databases.Select(Summary));
        Assert.Equal([("b", ChangeKind.Removed, true)], ConfigurationChange.Between(Read(Running + more), Read(Running)).Databases.Select(Summary));
    }

    [Fact]
    public void A_new_section_takes_over_what_the_fallback_served()
    {
        const string fallback = "\n[databases.'*']\nhost = 'db'\nlogins.r.user = 'pp_r'\n";
        const string own = "\n[databases.b]\nhost = 'db'\nlogins.r.user = 'pp_r'\n";
        var change = ConfigurationChange.Between(Read(Running + fallback), Read(Running + fallback + own));
        Assert.Equal([("b", ChangeKind.Added, true)], change.Databases.Select(Summary));
    }

    [Fact]
    public void Users_issuers_rules_and_the_audit_are_compared_by_value()
    {
        Assert.Equal(["password"], Assert.Single(Change(Replace("password = \"one\"\n", "password = \"two\"\n")).Users).Settings.Select(setting => setting.Name));
        Assert.Equal("audience: a, b -> a", Assert.Single(Assert.Single(Change(Replace("[\"a\", \"b\"]", "\"a\"")).Issuers).Settings).ToString());
        Assert.True(Change(Replace("[\"x\", \"y\"]", "[\"y\", \"x\"]")).HaveRulesChanged);
        Assert.True(Change(Replace("when.groups = [\"x\", \"y\"]", "when.groups = { regex = 'x' }")).HaveRulesChanged);
        Assert.True(Change(Replace("when.groups = [\"x\", \"y\"]", "console = 'stats'")).HaveRulesChanged);
        Assert.Equal("file: off -> stderr", Assert.Single(Change(Running + "\n[audit]\nfile = 'stderr'").Audit).ToString());
    }

    [Fact]
    public void A_listener_for_http_stays_as_it_is_until_a_restart()
    {
        var change = Change(Running + "\n[http]\nlisten_port = 8080");
        Assert.Equal("[http] listen_port: 0 -> 8080", Assert.Single(change.NeedsRestart).ToString());
        Assert.False(change.Applied.Http.IsOn);
    }

    [Fact]
    public void What_connections_are_made_with_are_keys_of_the_catalogue()
    {
        var known = DatabaseCatalogue.Settings.Select(setting => setting.Name);
        Assert.Empty(DatabaseDifferences.OfConnections.Except(known));
    }

    private static (string, ChangeKind, bool) Summary(DatabaseChange change) => (change.Name, change.Kind, change.MustReconnect);

    private static string Replace(string old, string wanted)
    {
        Assert.Contains(old, Running, StringComparison.Ordinal);
        return Running.Replace(old, wanted, StringComparison.Ordinal);
    }

    private static ConfigurationChange Change(string wanted) => ConfigurationChange.Between(Read(Running), Read(wanted));

    private static ProxyConfiguration Read(string text)
    {
        var result = ConfigurationReader.Read(text, "pool.toml");
        Assert.Empty(result.Faults);
        return result.Configuration!;
    }
}
