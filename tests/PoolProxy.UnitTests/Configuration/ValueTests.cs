using PoolProxy.Configuration;
using PoolProxy.Configuration.Catalogue;
using Xunit;

namespace PoolProxy.UnitTests.Configuration;

/// <summary>Single values: what is taken, and how SHOW CONFIG prints it again.</summary>
public sealed class ValueTests
{
    [Theory]
    [InlineData("query_timeout", "5", "5")]
    [InlineData("query_timeout", "0.25", "0.25")]
    [InlineData("query_timeout", "\"250ms\"", "0.25")]
    [InlineData("query_timeout", "\"1.5s\"", "1.5")]
    [InlineData("query_timeout", "\"1m\"", "60")]
    [InlineData("query_timeout", "\"2h\"", "7200")]
    [InlineData("query_timeout", "\"1d\"", "86400")]
    [InlineData("query_timeout", "\"100us\"", "0.0001")]
    [InlineData("tcp_user_timeout", "1500", "1500")]
    [InlineData("tcp_user_timeout", "\"2s\"", "2000")]
    [InlineData("tcp_keepidle", "\"1m\"", "60")]
    [InlineData("unix_socket_mode", "\"0700\"", "0700")]
    [InlineData("unix_socket_mode", "\"750\"", "0750")]
    [InlineData("unix_socket_mode", "0o770", "0770")]
    [InlineData("tcp_keepalive", "0", "0")]
    [InlineData("tcp_keepalive", "true", "1")]
    [InlineData("admin_users", "\"alice, bob\"", "alice, bob")]
    [InlineData("admin_users", "[\"alice\", \"b,ob\"]", "alice, b,ob")]
    [InlineData("listen_addr", "\"*\"", "*")]
    [InlineData("listen_addr", "\"127.0.0.1, ::1,db-1.internal\"", "127.0.0.1, ::1, db-1.internal")]
    [InlineData("client_tls_protocols", "\"tlsv1.3\"", "tlsv1.3")]
    [InlineData("client_tls_protocols", "\"tlsv1.2,tlsv1.3\"", "secure")]
    [InlineData("client_tls_protocols", "[\"tlsv1.0\", \"tlsv1.2\"]", "tlsv1.0,tlsv1.2")]
    [InlineData("client_tls_protocols", "\"legacy\"", "all")]
    [InlineData("isolation", "\"set_role\"", "set_role")]
    [InlineData("listen_port", "0", "0")]
    public void A_value_is_taken_and_printed(string key, string written, string printed)
    {
        var result = ConfigurationReader.Read($"[proxy]\nlisten_addr = '*'\n{key} = {written}".Replace(key == "listen_addr" ? "listen_addr = '*'\n" : "\0", "", StringComparison.Ordinal), "pool.toml");
        Assert.Empty(result.Faults);
        Assert.Equal(printed, ProxyCatalogue.Settings.Single(setting => setting.Name == key).Print(result.Configuration!.Proxy));
    }

    [Theory]
    [InlineData("listen_port = 65536", "65536 is out of bounds", "It may be 0 to 65535.")]
    [InlineData("listen_port = -1", "-1 is out of bounds", "It may be 0 to 65535.")]
    [InlineData("listen_port = \"6432\"", "expected an integer, not a string", null)]
    [InlineData("max_client_conn = 0", "0 is out of bounds", "It may be 1 to 1000000.")]
    [InlineData("threads = 0", "0 is out of bounds", "It may be 1 to 64.")]
    [InlineData("threads = 65", "65 is out of bounds", "It may be 1 to 64.")]
    [InlineData("io_engine = \"kqueue\"", "\"kqueue\" is not known", "It may be auto, io_uring, epoll.")]
    [InlineData("auth_type = \"peer\"", "\"peer\" is not known", "It may be jwt, oauth, cert, hba, trust, any, plain, md5, scram-sha-256, ldap, pam.")]
    [InlineData("auth_type = \"magic\"", "\"magic\" is not known", "It may be jwt, oauth, cert, hba, trust, any, plain, md5, scram-sha-256, ldap, pam.")]
    [InlineData("pool_mode = 1", "expected a string, not an integer", "It may be session, transaction, statement.")]
    [InlineData("client_tls_dheparams = \"legacy\"", "\"legacy\" is refused: 1024 bits can be broken", "It may be auto, none.")]
    [InlineData("query_timeout = -1", "the time is out of bounds", "It may be 0 to 365 d.")]
    [InlineData("query_timeout = nan", "the time is out of bounds", "It may be 0 to 365 d.")]
    [InlineData("query_timeout = inf", "the time is out of bounds", "It may be 0 to 365 d.")]
    [InlineData("query_timeout = \"5\"", "not a time", "Write seconds as a number, or a string such as \"250ms\", \"5s\", \"1m\", \"2h\", \"1d\".")]
    [InlineData("query_timeout = \"5 parsecs\"", "not a time", "Write seconds as a number, or a string such as \"250ms\", \"5s\", \"1m\", \"2h\", \"1d\".")]
    [InlineData("query_timeout = \"ms\"", "not a time", "Write seconds as a number, or a string such as \"250ms\", \"5s\", \"1m\", \"2h\", \"1d\".")]
    [InlineData("stats_period = 0", "the time is out of bounds", "It may be 1 s to 1 d.")]
    [InlineData("tcp_keepidle = 0.5", "the time is too fine", "It must be a multiple of 1 s.")]
    [InlineData("unix_socket_mode = 777", "not permission bits in octal", "Write \"0777\" or 0o777.")]
    [InlineData("unix_socket_mode = \"1777\"", "not permission bits in octal", "Write \"0777\" or 0o777.")]
    [InlineData("unix_socket_mode = \"0888\"", "not permission bits in octal", "Write \"0777\" or 0o777.")]
    [InlineData("unix_socket_dir = \"sockets\"", "the folder of the socket must begin with /, or with @ for a name in the abstract namespace", null)]
    [InlineData("tcp_keepalive = 2", "expected true or false, not an integer", "0 and 1 are taken too.")]
    [InlineData("tcp_keepalive = \"yes\"", "expected true or false, not a string", "0 and 1 are taken too.")]
    [InlineData("logfile = \"a\\u0000b\"", "the text has a NUL", null)]
    [InlineData("listen_addr = \"a b\"", "\"a b\" is neither an address, a host name nor *", null)]
    [InlineData("client_tls_protocols = \"sslv3\"", "\"sslv3\" is not known", "It may be tlsv1.0, tlsv1.1, tlsv1.2, tlsv1.3 with commas, or secure (1.2 and 1.3), all, legacy.")]
    [InlineData("client_tls_protocols = \"\"", "the list is empty", null)]
    [InlineData("client_tls_ciphers = \"\"", "the text is empty", null)]
    [InlineData("ignore_startup_parameters = \"a b\"", "\"a b\" is not the name of a PostgreSQL setting", null)]
    [InlineData("verbose = { }", "expected an integer, not an inline table", null)]
    public void A_value_out_of_bounds_is_a_fault_that_names_the_bound(string line, string message, string? hint)
    {
        var fault = Assert.Single(ConfigurationReader.Read("[proxy]\n" + line, "pool.toml").Faults);
        var key = line[..line.IndexOf(' ', StringComparison.Ordinal)];
        Assert.Equal(($"{key}: {message}", hint), (fault.Message, fault.Hint));
        Assert.Equal((2, key.Length + 4), (fault.Line, fault.Column));
    }

    [Theory]
    [InlineData("issuer = \"\"")]
    [InlineData("audience = []")]
    [InlineData("audience = [1]")]
    [InlineData("algorithms = [\"HS256\"]")]
    [InlineData("algorithms = [\"none\"]")]
    [InlineData("algorithms = [\"rs256\"]")]
    [InlineData("algorithms = []")]
    [InlineData("expose_claims = [\"sub\", \"jti\"]")]
    [InlineData("clock_skew = 301")]
    [InlineData("max_token_bytes = 65537")]
    [InlineData("jwks_forced_refresh_interval = 0")]
    [InlineData("jwks_timeout = \"99ms\"")]
    [InlineData("name_claim = []")]
    [InlineData("introspection_ttl = 3601")]
    [InlineData("oauth_scope = \"two  blanks\"")]
    [InlineData("oauth_scope = \"a\\\"quote\"")]
    public void A_value_of_an_issuer_out_of_bounds_is_a_fault(string line)
    {
        var others = new[] { "issuer = 'https://i'", "audience = 'a'" }.Where(other => other[..5] != line[..5]);
        Assert.Equal(2, Assert.Single(ConfigurationReader.Read($"[issuers.corp]\n{line}\n{string.Join('\n', others)}", "pool.toml").Faults).Line);
    }

    [Theory]
    [InlineData("host = \"a b\"", "host: \"a b\" is neither a host name, an address nor a folder that begins with /")]
    [InlineData("host = \"\"", "host: the text is empty")]
    [InlineData("port = 0", "port: 0 is out of bounds")]
    [InlineData("settings = { role = \"x\" }", "settings: \"role\" is the proxy's own to set")]
    [InlineData("settings = { Session_Authorization = \"x\" }", "settings: \"session_authorization\" is the proxy's own to set")]
    [InlineData("settings = { request.jwt.claims = \"{}\" }", "settings: \"request.jwt.claims\" is the proxy's own to set")]
    [InlineData("settings = { \"poolproxy.x\" = \"1\" }", "settings: \"poolproxy.x\" is the proxy's own to set")]
    [InlineData("settings = { standard_conforming_strings = false }", "settings: \"standard_conforming_strings\" is the proxy's own to set")]
    [InlineData("settings = { \"a b\" = 1 }", "settings: \"a b\" is not the name of a PostgreSQL setting")]
    [InlineData("settings = { a = [] }", "settings: expected a string, a number or a boolean, not an array")]
    [InlineData("settings = { work_mem = 1, Work_Mem = 2 }", "settings: \"work_mem\" stands twice")]
    [InlineData("settings = 'work_mem=1'", "settings: expected a table of PostgreSQL settings, not a string")]
    [InlineData("logins.none.user = 'x'", "\"none\" is no role: SET ROLE none would return to the shared login")]
    [InlineData("logins.a = 'x'", "a: expected a table, not a string")]
    [InlineData("logins.a.statement_sharing = 'all'\nlogins.a.user = 'x'", "statement_sharing: \"all\" is not known")]
    [InlineData("logins.a.pool_size = 1", "user is missing in [databases.app.logins.a]")]
    [InlineData("auth_query = ''", "auth_query: the text is empty")]
    [InlineData("auth_user = ''", "auth_user: the text is empty")]
    [InlineData("auth_user = 'u'\nauth_dbname = 'poolproxy'", "auth_dbname: the database name \"poolproxy\" belongs to the console")]
    public void A_value_of_a_database_that_cannot_stand_is_a_fault(string line, string message)
    {
        var host = line.StartsWith("host", StringComparison.Ordinal) ? "" : "host = 'db'\n";
        Assert.Equal(message, Assert.Single(ConfigurationReader.Read($"[databases.app]\n{host}{line}", "pool.toml").Faults).Message);
    }

    [Fact]
    public void Settings_for_the_server_keep_their_order_and_become_text()
    {
        var result = ConfigurationReader.Read("[proxy]\nlisten_addr = '*'\n[databases.app]\nhost = 'db'\nsettings = { Work_Mem = '1MB', geqo = false, seed = 1, cost = 0.5, app.tenant = 'x' }", "pool.toml");
        Assert.Empty(result.Faults);
        Assert.Equal(
            [new("work_mem", "1MB"), new("geqo", "off"), new("seed", "1"), new("cost", "0.5"), new("app.tenant", "x")],
            result.Configuration!.Databases["app"].Settings.ToArray<KeyValuePair<string, string>>());
    }
}
