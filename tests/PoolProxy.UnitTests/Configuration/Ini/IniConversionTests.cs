using PoolProxy.Configuration;
using PoolProxy.Configuration.Catalogue;
using PoolProxy.Configuration.Ini;
using PoolProxy.Configuration.Model;
using Xunit;

namespace PoolProxy.UnitTests.Configuration.Ini;

/// <summary>The pool.toml that <c>convert</c> prints means the same as the pgbouncer.ini.</summary>
public sealed class IniConversionTests
{
    private const string Ini = """
        [databases]
        app = host=127.0.0.1 port=5433 dbname=real user=me password='qu"ote \ and ''' client_encoding=UTF8 pool_size=7 pool_mode=statement
        "o dd" =
        * = host=elsewhere reserve_pool=2
        [users]
        joe = pool_mode=session query_timeout=1.5 member_of=staff
        [pgbouncer]
        listen_addr = *
        listen_port = 6432
        auth_type = hba
        auth_hba_file = hba.conf
        auth_ident_file = ident.conf
        auth_ldap_options = ldapserver="a b" ldapprefix="cn=" ldapsuffix=", dc=x"
        auth_file = userlist.txt
        admin_users = root, "x"
        unix_socket_mode = 0770
        client_tls_protocols = tlsv1.2,tlsv1.3
        server_reset_query_always = 1
        tcp_user_timeout = 500
        pkt_buf = 4096
        """;

    [Fact]
    public void It_reads_back_as_the_same_configuration()
    {
        var (toml, result) = Convert(Ini);
        ConfigurationResult back = ConfigurationReader.Read(toml!, "pool.toml");
        Assert.Empty(back.Faults);
        ProxyConfiguration one = result.Configuration!, other = back.Configuration!;
        Assert.All(ProxyCatalogue.Settings, setting => Assert.True(setting.IsSame(one.Proxy, other.Proxy), setting.Name));
        Assert.Equal(one.Databases.Keys, other.Databases.Keys);
        Assert.All(one.Databases.Keys, name => Assert.All(DatabaseCatalogue.Settings, setting => Assert.True(setting.IsSame(one.Databases[name], other.Databases[name]), setting.Name)));
        Assert.All(UserCatalogue.Settings, setting => Assert.True(setting.IsSame(one.Users["joe"], other.Users["joe"]), setting.Name));
    }

    [Fact]
    public void It_holds_what_the_file_gives_and_nothing_else()
    {
        var (toml, _) = Convert("[pgbouncer]\nlisten_port = 7000\n[databases]\na = host=x\n[pgbouncer]\npkt_buf = 1");
        Assert.Equal(
            """
            # pkt_buf has nothing to say here. The proxy's buffers belong to its loops, and idle clients have none.

            [proxy]
            listen_port = 7000
            unix_socket_dir = "/tmp"

            [databases.a]
            host = "x"

            """, toml);
    }

    [Fact]
    public void A_file_with_faults_is_not_converted()
    {
        var (toml, result) = Convert("[pgbouncer]\nx = 1");
        Assert.Null(toml);
        Assert.Single(result.Faults);
    }

    private static (string? Toml, ConfigurationResult Result) Convert(string text) =>
        IniConversion.Convert(text, "pgbouncer.ini", _ => (null, "no such file"), configuration => configuration);
}
