using PoolProxy.Configuration;
using PoolProxy.Configuration.Model;
using Xunit;

namespace PoolProxy.UnitTests.Configuration.Ini;

/// <summary>A pgbouncer.ini means here what it means to PgBouncer.</summary>
public sealed class IniTests
{
    [Fact]
    public void Sections_comments_and_space_are_read_as_PgBouncer_reads_them()
    {
        ProxyConfiguration read = Read(
            """
            ; a comment
              # another
            [databases]
            app = host=10.0.0.1 port=5433 dbname=real   user=me password='it''s secret' connect_query='select 1'
            bare =
            * = host=elsewhere pool_size=0x10

            [users]
            joe = pool_mode=Transaction max_user_connections=7
            [pgbouncer]
            listen_addr = 127.0.0.1 , ::1
            listen_port=7000
              default_pool_size   =   12  
            auth_type = TRUST
            tcp_keepalive = 0
            query_wait_timeout = 2.5
            unix_socket_mode = 0700
            admin_users = a, b
            server_reset_query =
            """);
        Assert.Equal(["127.0.0.1", "::1"], read.Proxy.ListenAddr);
        Assert.Equal((7000, 12, AuthType.Trust, false), (read.Proxy.ListenPort, read.Proxy.DefaultPoolSize, read.Proxy.AuthType, read.Proxy.TcpKeepalive));
        Assert.Equal((TimeSpan.FromSeconds(2.5), 0b111_000_000, ""), (read.Proxy.QueryWaitTimeout, read.Proxy.UnixSocketMode, read.Proxy.ServerResetQuery));
        Assert.Equal(["a", "b"], read.Proxy.AdminUsers);
        DatabaseSettings app = read.Databases["app"];
        Assert.Equal(("10.0.0.1", 5433, "real", "me", "it's secret", "select 1"), (app.Host, app.Ports[0], app.Dbname, app.User, app.Password!.Value, app.ConnectQuery));
        Assert.Equal(("elsewhere", 16), (read.Databases["*"].Host, read.Databases["*"].PoolSize));
        Assert.Equal((PoolMode.Transaction, 7), (read.Users["joe"].PoolMode, read.Users["joe"].MaxUserConnections));
    }

    [Theory]
    [InlineData("", "/tmp", "/tmp")]
    [InlineData("unix_socket_dir = /run/pp", "/run/pp", "/run/pp")]
    [InlineData("unix_socket_dir =\nlisten_addr = *", "", "/tmp")]
    public void A_database_without_a_host_is_behind_the_socket_in_the_proxys_folder(string line, string folder, string host)
    {
        ProxyConfiguration read = Read($"[pgbouncer]\n{line}\n[databases]\napp =\n");
        Assert.Equal((folder, host), (read.Proxy.UnixSocketDir, read.Databases["app"].Host));
    }

    [Theory]
    [InlineData("md5", "", "", false, "auth_hba_file is not looked at with auth_type md5|auth_ident_file is not looked at with auth_type md5|auth_ldap_options is not looked at with auth_type md5")]
    [InlineData("HBA", "h", "i", true, "")]
    [InlineData("ldap", "", "", true, "auth_hba_file is not looked at with auth_type ldap|auth_ident_file is not looked at with auth_type ldap")]
    [InlineData("pam", "", "", false, "auth_hba_file is not looked at with auth_type pam|auth_ident_file is not looked at with auth_type pam|auth_ldap_options is not looked at with auth_type pam")]
    public void What_PgBouncer_takes_without_looking_at_it_is_said_once(string authType, string hba, string ident, bool hasOptions, string notes)
    {
        ConfigurationResult read = ConfigurationReader.ReadIni(
            $"[pgbouncer]\nauth_type = {authType}\nauth_hba_file = h\nauth_ident_file = i\nauth_ldap_options = ldapserver=127.0.0.1 ldapprefix=\"cn=\" ldapsuffix=\", dc=x\"\n[users]\njoe = member_of='a, b'",
            "pgbouncer.ini", _ => (null, "no such file"));
        Assert.Empty(read.Faults);
        ProxySettings proxy = read.Configuration!.Proxy;
        Assert.Equal((hba, ident, hasOptions), (proxy.AuthHbaFile, proxy.AuthIdentFile, proxy.AuthLdapOptions.Value.Length > 0));
        Assert.Equal(notes, string.Join('|', read.Notes.Select(note => note.Message)));
        Assert.Equal(["a", "b"], read.Configuration.Users["joe"].MemberOf);
    }

    [Theory]
    [InlineData("auth_query = q", "auth_dbname = 'b' auth_query = 'r'", "", "2 auth_query is not looked at without auth_user|4 auth_query is not looked at without auth_user|4 auth_dbname is not looked at without auth_user")]
    [InlineData("auth_dbname = nowhere", "", "", "2 auth_dbname is not looked at without auth_user")]
    [InlineData("auth_query = q", "auth_query = r", "auth_user = asker", "4 auth_query is not looked at without auth_user")]
    [InlineData("auth_user = asker", "auth_query = r", "", "")]
    [InlineData("auth_type = any\nauth_user = asker\nauth_query = q", "user=u auth_user = asker", "user=u", "3 auth_user is not looked at with auth_type any|6 auth_user is not looked at with auth_type any|4 auth_query is not looked at with auth_type any")]
    public void Lookups_of_nobody_are_said_once(string proxyLines, string a, string b, string notes)
    {
        ConfigurationResult read = ReadResult($"[pgbouncer]\n{proxyLines}\n[databases]\na = host=x {a}\nb = host=x {b}");
        Assert.Empty(read.Faults);
        Assert.Equal(notes, string.Join('|', read.Notes.Select(note => $"{note.Line} {note.Message}")));
        bool isAsked = notes.Length == 0 || b.Contains("auth_user", StringComparison.Ordinal);
        Assert.Equal(isAsked, read.Configuration!.Proxy.AuthUser.Length > 0 || read.Configuration.Databases.Values.Any(database => database.AuthUser is not null));
    }

    [Fact]
    public void A_list_of_hosts_is_read_as_PgBouncer_has_it()
    {
        DatabaseSettings app = Read("[databases]\na = host=10.0.0.1,db2,/tmp port=5433 load_balance_hosts=disable").Databases["a"];
        Assert.Equal(["10.0.0.1:5433", "db2:5433", "/tmp:5433"], app.Servers.Select(server => server.ToString()));
        Assert.Equal((LoadBalanceHosts.Disable, TargetSessionAttrs.Any), (app.LoadBalanceHosts, app.TargetSessionAttrs));
        DatabaseSettings own = Read("[databases]\na = host='a, b' port=1,2 target_session_attrs=read-write").Databases["a"];
        Assert.Equal(["a:1", "b:2"], own.Servers.Select(server => server.ToString()));
        Assert.Equal((LoadBalanceHosts.RoundRobin, TargetSessionAttrs.ReadWrite), (own.LoadBalanceHosts, own.TargetSessionAttrs));
    }

    [Fact]
    public void A_limit_of_zero_in_a_line_is_as_not_set_and_the_files_own_holds()
    {
        ProxyConfiguration read = Read(
            "[pgbouncer]\nmax_db_connections = 7\nquery_timeout = 5\n[databases]\na = host=x max_db_connections=0 server_lifetime=0 pool_size=0\n[users]\nu = query_timeout=0 max_user_connections=0 reserve_pool_size=3");
        Assert.Equal((null, null, 0), (read.Databases["a"].MaxDbConnections, read.Databases["a"].ServerLifetime, read.Databases["a"].PoolSize));
        Assert.Equal((null, null, 3), (read.Users["u"].QueryTimeout, read.Users["u"].MaxUserConnections, read.Users["u"].ReservePoolSize));
    }

    [Fact]
    public void Where_something_stands_twice_the_last_counts()
    {
        ProxyConfiguration read = Read("[pgbouncer]\nmax_client_conn = 1\nmax_client_conn = 2\n[databases]\na = host=x\na = host=y port=1 port=2\n[pgbouncer]\nverbose = 1");
        Assert.Equal((2, 1, "y", 2), (read.Proxy.MaxClientConn, read.Proxy.Verbose, read.Databases["a"].Host, read.Databases["a"].Ports[0]));
    }

    [Fact]
    public void A_name_may_stand_in_double_quotes() =>
        Assert.Equal(["a b", "c\"d"], Read("[databases]\n\"a b\" = host=x\n\"c\"\"d\" = host=x").Databases.Keys);

    [Theory]
    [InlineData("pkt_buf = 4096", "pkt_buf has nothing to say here")]
    [InlineData("sbuf_loopcnt = 5", "sbuf_loopcnt has nothing to say here")]
    [InlineData("conffile = x", "conffile has nothing to say here")]
    public void What_cannot_apply_is_taken_and_noted(string line, string note)
    {
        ConfigurationResult result = ReadResult("[pgbouncer]\n" + line);
        Assert.Empty(result.Faults);
        Assert.Equal((2, note), (Assert.Single(result.Notes).Line, result.Notes[0].Message));
    }

    [Theory]
    [InlineData("x = 1", "1:1: x stands outside of a section")]
    [InlineData("[pgbouncer", "1:1: the section's name has no end")]
    [InlineData("[pgbouncer] x = 1", "1:1: something stands behind the section's name")]
    [InlineData("[pgbouncer]\n  verbose 1", "2:3: the line is neither a section, a comment nor key = value")]
    [InlineData("[pgbouncer]\n= 1", "2:1: the line is neither a section, a comment nor key = value")]
    [InlineData("[pgbouncer]\n\"x = 1", "2:1: the line is neither a section, a comment nor key = value")]
    [InlineData("[pgbouncer]\nverbos = 1", "2:1: \"verbos\" is not known here")]
    [InlineData("[pgbouncer]\n verbose =  x", "2:13: verbose: expected an integer, not \"x\"")]
    [InlineData("[pgbouncer]\nverbose = 1 ; no comment", "2:11: verbose: expected an integer, not \"1 ; no comment\"")]
    [InlineData("[pgbouncer]\nmax_client_conn = 0", "2:19: max_client_conn: 0 is out of bounds")]
    [InlineData("[pgbouncer]\nmax_client_conn = 08", "2:19: max_client_conn: expected an integer, not \"08\"")]
    [InlineData("[pgbouncer]\ntcp_keepalive = yes", "2:17: tcp_keepalive: expected 1 or 0, not \"yes\"")]
    [InlineData("[pgbouncer]\nquery_timeout = -1", "2:17: query_timeout: not a time")]
    [InlineData("[pgbouncer]\npool_mode = trans", "2:13: pool_mode: \"trans\" is not known")]
    [InlineData("[database]\nx = host=y", "2:1: section [database] is not known here")]
    [InlineData("[databases]\nx = host", "2:5: x: expected key=value")]
    [InlineData("[databases]\nx = host=y =z", "2:12: x: expected key=value")]
    [InlineData("[databases]\nx = host=", "2:10: x: the value of host is empty")]
    [InlineData("[databases]\nx = host='y", "2:10: x: the value of host has no closing quote")]
    [InlineData("[databases]\nx = hots=y", "2:5: \"hots\" is not known here")]
    [InlineData("[databases]\npgbouncer = host=y", "2:1: the database name \"pgbouncer\" belongs to the console")]
    public void A_fault_is_named_with_its_place(string text, string fault)
    {
        ConfigurationResult result = ReadResult(text);
        Assert.Null(result.Configuration);
        ConfigurationFault found = Assert.Single(result.Faults);
        Assert.Equal("pgbouncer.ini:" + fault, $"{found.File}:{found.Line}:{found.Column}: {found.Message}");
    }

    [Fact]
    public void An_included_file_goes_on_in_the_same_section_and_is_blamed_by_its_own_name()
    {
        var files = new Dictionary<string, string> { ["more.ini"] = "verbose = 1\n[users]\n%include users.ini\n", ["users.ini"] = "joe = pool_size=x\n" };
        ConfigurationResult result = ReadResult("[pgbouncer]\n%include more.ini\njim = pool_size=y", files);
        Assert.Equal(
            ["pgbouncer.ini:3:17: pool_size: expected an integer, not \"y\"", "users.ini:1:17: pool_size: expected an integer, not \"x\""],
            result.Faults.Select(fault => fault.ToString()));
    }

    [Fact]
    public void Files_that_include_one_another_end()
    {
        ConfigurationResult result = ReadResult("%include a.ini", new() { ["a.ini"] = "%include a.ini\n%include a.ini\n" });
        Assert.Contains(result.Faults, fault => fault.Message == "files include one another too deeply");
    }

    [Fact]
    public void A_file_that_is_missing_is_a_fault() =>
        Assert.Equal("pgbouncer.ini:2:1: %include gone.ini: no such file", Assert.Single(ReadResult("[pgbouncer]\n%include gone.ini").Faults).ToString());

    [Theory]
    [InlineData("[pgbouncer]", "x.ini", true)]
    [InlineData("[pgbouncer]", "x.toml", false)]
    [InlineData(";;\n\n[databases]\n", "x.conf", true)]
    [InlineData("# x\n[databases.app]\n", "x.conf", false)]
    [InlineData("", "x", false)]
    public void The_form_shows_by_the_name_or_by_the_first_section(string text, string name, bool isIni) => Assert.Equal(isIni, ConfigurationReader.IsIni(text, name));

    internal static ConfigurationResult ReadResult(string text, Dictionary<string, string>? files = null) =>
        ConfigurationReader.ReadIni(text, "pgbouncer.ini", name => files?.GetValueOrDefault(name) is { } included ? (included, null) : (null, "no such file"));

    private static ProxyConfiguration Read(string text)
    {
        ConfigurationResult result = ReadResult(text);
        Assert.Empty(result.Faults);
        return result.Configuration!;
    }
}
