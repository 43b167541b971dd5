using PoolProxy.Configuration;
using PoolProxy.Configuration.Validation;
using Xunit;

namespace PoolProxy.UnitTests.Configuration;

/// <summary>Values that are well by themselves and do not go together.</summary>
public sealed class ValidationTests
{
    private const string Listening = "listen_addr = '127.0.0.1'\n";
    private const string Tls = "client_tls_sslmode = 'require'\nclient_tls_cert_file = 'c'\nclient_tls_key_file = 'k'\n";
    private const string Issuer = "[issuers.corp]\nissuer = 'https://i'\naudience = 'a'\n";
    private const string Rule = "[[rules]]\nissuer = 'corp'\nrole = 'r'\n";
    private const string Login = "[databases.app.logins.r]\nuser = 'pp_r'\n";
    private const string Database = "[databases.app]\nhost = 'db'\n" + Login;
    private const string Jwt = "[proxy]\n" + Listening + "auth_type = 'jwt'\n" + Tls;

    [Theory]
    [InlineData("[proxy]\n" + Listening)]
    [InlineData("[proxy]\nunix_socket_dir = '/tmp'")]
    [InlineData(Jwt + Issuer + Rule + Database)]
    [InlineData("[proxy]\nauth_type = 'jwt'\nunix_socket_dir = '/tmp'\n" + Issuer + Rule + Database)]
    [InlineData("[proxy]\nauth_type = 'jwt'\nlisten_addr = '127.0.0.1, ::1, localhost'\ntoken_without_tls = 'loopback'\n" + Issuer + Rule + Database)]
    [InlineData(Jwt + Issuer + Rule + "[databases.app]\nhost = 'db'\nisolation = 'set_role'\nuser = 'u'")]
    [InlineData(Jwt + Issuer + Rule + "[databases.app]\nhost = 'db'\nisolation = 'none'")]
    [InlineData(Jwt + Issuer + Rule + "[databases.app]\nhost = 'db'\nidentity_key = '0123456789abcdef0123456789abcdef'\nidentity_lifetime = 1\n" + Login)]
    [InlineData(Jwt + Issuer + Rule + "database = 'anything'\n[databases.'*']\nhost = 'db'\n[databases.'*'.logins.r]\nuser = 'pp_r'")]
    [InlineData(Jwt + Issuer + Rule + Database + "[databases.b]\nhost = 'db'\n[databases.b.logins.r]\nuser = 'pp_r'\n[databases.c]\nhost = 'other'\n[databases.c.logins.q]\nuser = 'pp_r'")]
    [InlineData(Jwt + "[issuers.corp]\nissuer = 'any text'\naudience = 'a'\njwks_file = 'keys'\n" + Rule + Database)]
    [InlineData(Jwt + "[issuers.corp]\nissuer = 'http://127.0.0.1:8080/i'\naudience = 'a'\nallow_http = true\n" + Rule + Database)]
    [InlineData(Jwt + "[issuers.corp]\nissuer = 'http://localhost'\naudience = 'a'\nallow_http = true\n" + Rule + Database)]
    [InlineData("[proxy]\n" + Listening + "default_pool_size = 0\nmin_pool_size = 30")]
    [InlineData("[proxy]\n" + Listening + "auth_type = 'any'\n[databases.app]\nhost = 'db'\nuser = 'u'")]
    [InlineData("[proxy]\n" + Listening + "auth_user = 'a'\nauth_query = 'q'\nauth_dbname = 'app'\n[databases.app]\nhost = 'db'")]
    [InlineData("[proxy]\n" + Listening + "auth_query = 'q'\nauth_dbname = 'x'\n[databases.'*']\nhost = 'db'\nauth_user = 'a'")]
    [InlineData("[proxy]\n" + Listening + "auth_user = 'a'\n[databases.app]\nhost = 'db'\nauth_dbname = 'app'\nauth_query = 'q'")]
    public void Values_that_go_together_are_no_fault(string text) => Assert.Empty(ConfigurationReader.Read(text, "pool.toml").Faults);

    [Theory]
    [InlineData("[proxy]\n" + Listening + "min_pool_size = 21", 3, "min_pool_size is above default_pool_size")]
    [InlineData("[proxy]\n" + Listening + "[databases.a]\nhost = 'h'\npool_size = 4\nmin_pool_size = 5", 6, "min_pool_size is 5, above the pool's size of 4")]
    [InlineData("[proxy]\n" + Listening + "min_pool_size = 5\n[databases.a]\nhost = 'h'\npool_size = 4", 6, "min_pool_size is 5, above the pool's size of 4")]
    [InlineData(Jwt + "min_pool_size = 5\n" + Issuer + Rule + Database + "pool_size = 4", 18, "min_pool_size is 5, above the login's pool_size of 4")]
    public void What_is_no_fault_but_not_what_it_looks_like_is_noted(string text, int line, string message)
    {
        ConfigurationResult result = ConfigurationReader.Read(text, "pool.toml");
        Assert.Empty(result.Faults);
        Assert.Equal((line, message), (Assert.Single(result.Notes).Line, result.Notes[0].Message));
    }

    [Theory]
    [InlineData("[proxy]\nverbose = 0", 1, "the proxy listens nowhere")]
    [InlineData("", 1, "the proxy listens nowhere")]
    [InlineData("[proxy]\n" + Listening + "[databases.app]\nhost = 'db'\nidentity_key = '0123456789abcdef0123456789abcdef'", 5, "isolation none has no identity to sign: identity_key would not be used")]
    [InlineData("[proxy]\n" + Listening + "[databases.app]\nhost = 'db'\nidentity_key = '123456789abcdef0123456789abcdef'", 5, "identity_key: the secret is too short: 32 characters at least")]
    [InlineData("[proxy]\n" + Listening + "max_packet_size = 2000\nmax_statement_bytes = 2001", 4, "max_statement_bytes is above max_packet_size")]
    [InlineData("[proxy]\n" + Listening + "track_extra_parameters = 'search_path, Role'", 3, "track_extra_parameters: \"Role\" cannot follow a client to another server")]
    [InlineData("[proxy]\n" + Listening + "track_extra_parameters = 'is_superuser'", 3, "track_extra_parameters: \"is_superuser\" cannot follow a client to another server")]
    // TLS
    [InlineData("[proxy]\n" + Listening + "[databases.a]\nhost = 'b,c,d'\nport = [1, 2]", 5, "port: there are 2 ports for 3 hosts")]
    [InlineData("[proxy]\n" + Listening + "[databases.a]\nhost = 'b,c,b'", 4, "host: b:5432 comes twice")]
    [InlineData("[proxy]\n" + Listening + "client_tls_sslmode = 'allow'\nclient_tls_key_file = 'k'", 3, "client_tls_sslmode needs client_tls_cert_file")]
    [InlineData("[proxy]\n" + Listening + "client_tls_sslmode = 'require'\nclient_tls_cert_file = 'c'", 3, "client_tls_sslmode needs client_tls_key_file")]
    [InlineData("[proxy]\n" + Listening + "client_tls_sslmode = 'verify-ca'\nclient_tls_cert_file = 'c'\nclient_tls_key_file = 'k'", 3, "client_tls_sslmode verify-ca and verify-full need client_tls_ca_file")]
    [InlineData("[proxy]\n" + Listening + "server_tls_sslmode = 'verify-full'\n[databases.a]\nhost = 'h'", 3, "server_tls_sslmode verify-ca and verify-full need server_tls_ca_file")]
    [InlineData("[proxy]\n" + Listening + "server_tls_cert_file = 'c'", 3, "server_tls_cert_file needs server_tls_key_file")]
    [InlineData("[proxy]\n" + Listening + "[databases.a]\nhost = 'h'\nserver_tls_sslmode = 'verify-ca'", 5, "server_tls_sslmode verify-ca and verify-full need server_tls_ca_file")]
    [InlineData("[proxy]\n" + Listening + "[databases.a]\nhost = 'h'\nserver_tls_key_file = 'k'", 5, "server_tls_key_file needs server_tls_cert_file")]
    // Users that no file knows
    [InlineData("[proxy]\n" + Listening + "auth_query = 'q'\n[databases.a]\nhost = 'h'", 3, "auth_query needs the user that asks")]
    [InlineData("[proxy]\n" + Listening + "auth_dbname = 'a'\n[databases.a]\nhost = 'h'", 3, "auth_dbname needs the user that asks")]
    [InlineData("[proxy]\n" + Listening + "[databases.a]\nhost = 'h'\nauth_query = 'q'", 5, "auth_query needs the user that asks")]
    [InlineData("[proxy]\n" + Listening + "[databases.a]\nhost = 'h'\nauth_dbname = 'a'", 5, "auth_dbname needs the user that asks")]
    [InlineData("[proxy]\n" + Listening + "auth_user = 'u'\nauth_dbname = 'b'\n[databases.a]\nhost = 'h'", 4, "there is no [databases.b]")]
    [InlineData("[proxy]\n" + Listening + "auth_user = 'u'\n[databases.a]\nhost = 'h'\nauth_dbname = 'b'", 6, "there is no [databases.b]")]
    [InlineData("[proxy]\n" + Listening + "auth_type = 'any'\nauth_user = 'u'\n[databases.a]\nhost = 'h'\nuser = 'x'", 4, "auth_type any looks up no users")]
    // Authentication
    [InlineData("[proxy]\n" + Listening + "auth_type = 'jwt'\n" + Tls, 3, "auth_type jwt needs an issuer")]
    [InlineData(Jwt + Issuer, 3, "auth_type jwt needs a rule: without a match nobody enters")]
    [InlineData("[proxy]\n" + Listening + "auth_type = 'oauth'\n" + Tls, 3, "auth_type oauth needs an issuer")]
    [InlineData("[proxy]\n" + Listening + "auth_type = 'hba'\n", 3, "auth_type hba needs the lines to go by")]
    [InlineData(Jwt + "auth_hba_file = 'x'\n" + Issuer + Rule + Database, 7, "auth_type jwt looks at no HBA file")]
    [InlineData(Jwt + "auth_ident_file = 'x'\n" + Issuer + Rule + Database, 7, "auth_type jwt looks at no map")]
    [InlineData("[proxy]\n" + Listening + "auth_type = 'ldap'\n", 3, "auth_type ldap needs a directory to ask")]
    [InlineData("[proxy]\n" + Listening + "auth_type = 'md5'\nauth_ldap_options = 'ldapserver=h ldapprefix=cn='\n", 4, "auth_type md5 asks no directory")]
    [InlineData("[proxy]\n" + Listening + "auth_type = 'ldap'\nauth_ldap_options = 'ldapserver=h'\n", 4, "auth_ldap_options: ldap needs ldapbasedn, ldapprefix or ldapsuffix")]
    [InlineData(Jwt + "oauth_issuer = 'nobody'\n" + Issuer + Rule + Database, 7, "there is no [issuers.nobody]")]
    [InlineData("[proxy]\n" + Listening + "auth_type = 'oauth'\n" + Tls + Issuer + "[issuers.other]\nissuer = 'https://other'\naudience = 'a'\n" + Rule + Database, 3, "auth_type oauth sends clients without a token to one issuer, and there are several")]
    [InlineData(Jwt + Issuer + "introspection_url = 'http://i/x'\nintrospection_client_id = 'c'\nintrospection_secret_env = 'S'\n" + Rule + Database, 10, "introspection_url: the issuer is asked over https only; allow_http admits loopback addresses")]
    [InlineData(Jwt + Issuer + "introspection_url = 'https://i/x'\nintrospection_secret_env = 'S'\n" + Rule + Database, 10, "introspection_url needs introspection_client_id")]
    [InlineData(Jwt + Issuer + "introspection_url = 'https://i/x'\nintrospection_client_id = 'c'\n" + Rule + Database, 10, "introspection_url needs one proof of who asks")]
    [InlineData(Jwt + Issuer + "introspection_url = 'https://i/x'\nintrospection_client_id = 'c'\nintrospection_secret_env = 'S'\nintrospection_key_file = 'k'\n" + Rule + Database, 10, "introspection_url needs one proof of who asks")]
    [InlineData(Jwt + Issuer + "introspection_secret_env = 'S'\n" + Rule + Database, 10, "without introspection_url nobody is asked")]
    [InlineData("[proxy]\n" + Listening + "auth_type = 'cert'\n" + Tls, 3, "auth_type cert needs client_tls_ca_file, and client_tls_sslmode other than disable")]
    [InlineData(Jwt + "client_tls_crl_file = 'x'\n" + Issuer + Rule + Database, 7, "client_tls_crl_file needs client_tls_ca_file")]
    [InlineData(Jwt + "client_tls_fingerprints = '0000000000000000000000000000000000000000000000000000000000000000'\n" + Issuer + Rule + Database, 7, "client_tls_fingerprints needs client_tls_ca_file")]
    [InlineData(Jwt + "admin_users = 'a'\n" + Issuer + Rule + Database, 7, "admin_users does not count with auth_type jwt")]
    [InlineData(Jwt + "stats_users = 'a'\n" + Issuer + Rule + Database, 7, "stats_users does not count with auth_type jwt")]
    [InlineData("[proxy]\n" + Listening + "auth_type = 'jwt'\n" + Issuer + Rule + Database, 3, "a token needs TLS")]
    [InlineData("[proxy]\n" + Listening + "auth_type = 'jwt'\ntoken_without_tls = 'refuse'\n" + Issuer + Rule + Database, 3, "a token needs TLS")]
    [InlineData("[proxy]\nlisten_addr = '127.0.0.1, 10.0.0.1'\nauth_type = 'jwt'\ntoken_without_tls = 'loopback'\n" + Issuer + Rule + Database, 2, "listen_addr \"10.0.0.1\" is not loopback, and a token from elsewhere needs TLS")]
    [InlineData("[proxy]\nlisten_addr = '*'\nauth_type = 'jwt'\ntoken_without_tls = 'loopback'\n" + Issuer + Rule + Database, 2, "listen_addr \"*\" is not loopback, and a token from elsewhere needs TLS")]
    [InlineData("[proxy]\nunix_socket_dir = '/tmp'\nauth_type = 'jwt'\ntoken_without_tls = 'refuse'\n" + Issuer + Rule + Database, 4, "token_without_tls refuse shuts the Unix socket, the only listener")]
    [InlineData("[proxy]\n" + Listening + "auth_type = 'scram-sha-256'\n" + Issuer + Rule + Database, 4, "auth_type scram-sha-256 takes no tokens: the issuer would never be asked")]
    [InlineData("[proxy]\n" + Listening + "auth_type = 'any'\n[databases.a]\nhost = 'h'", 4, "auth_type any needs the user that the server login is made as")]
    // Issuers and rules
    [InlineData(Jwt + Issuer + "[issuers.b]\nissuer = 'https://i'\naudience = 'b'\n" + Rule + Database, 11, "[issuers.corp] has the same issuer: a token could not tell which is meant")]
    [InlineData(Jwt + Issuer + "jwks_file = 'f'\njwks_url = 'https://i/keys'\n" + Rule + Database, 11, "jwks_file and jwks_url exclude one another")]
    [InlineData(Jwt + Issuer + "jwks_file = 'f'\nca_file = 'ca'\n" + Rule + Database, 11, "ca_file is for fetching keys, and jwks_file needs none")]
    [InlineData(Jwt + Issuer + "jwks_url = 'http://127.0.0.1/keys'\n" + Rule + Database, 10, "jwks_url: the issuer is asked over https only; allow_http admits loopback addresses")]
    [InlineData(Jwt + Issuer + "jwks_url = 'http://example.com/keys'\nallow_http = true\n" + Rule + Database, 10, "jwks_url: allow_http admits loopback addresses only")]
    [InlineData(Jwt + Issuer + "jwks_url = 'file:///etc/keys'\n" + Rule + Database, 10, "jwks_url: not a URL")]
    [InlineData(Jwt + Issuer + "jwks_url = 'ftp://example.com/keys'\n" + Rule + Database, 10, "jwks_url: the issuer is asked over https only")]
    [InlineData(Jwt + Issuer + "jwks_url = 'https://me:secret@example.com/keys'\n" + Rule + Database, 10, "jwks_url: a URL without user and fragment is needed")]
    [InlineData(Jwt + "[issuers.corp]\nissuer = 'corp'\naudience = 'a'\n" + Rule + Database, 8, "issuer: not a URL")]
    [InlineData(Jwt + Issuer + Rule + Database + "[[rules]]\nissuer = 'crop'\nrole = 'r'", 18, "there is no [issuers.crop]")]
    [InlineData(Jwt + Issuer + Rule + "database = 'ap'\n" + Database, 13, "there is no [databases.ap]")]
    [InlineData(Jwt + Issuer + "[[rules]]\nissuer = 'corp'\n" + Database, 10, "the rule gives neither a role nor the console")]
    [InlineData(Jwt + "[issuers.corp]\ntype = 'saml'\nissuer = 'idp'\naudience = 'a'\nsaml_recipient = 'r'\n" + Rule + Database, 8, "type saml needs the provider's certificates")]
    [InlineData(Jwt + "[issuers.corp]\ntype = 'saml'\nissuer = 'idp'\naudience = 'a'\nsaml_cert_file = 'c'\n" + Rule + Database, 8, "type saml needs the recipient that assertions are for")]
    [InlineData(Jwt + "[issuers.corp]\ntype = 'saml'\nissuer = 'idp'\naudience = 'a'\nsaml_cert_file = 'c'\nsaml_recipient = 'r'\nalgorithms = 'ES256'\n" + Rule + Database, 13, "assertions are signed by RS256, RS384 or RS512")]
    [InlineData(Jwt + "[issuers.corp]\ntype = 'saml'\nissuer = 'idp'\naudience = 'a'\nsaml_cert_file = 'c'\nsaml_recipient = 'r'\njwks_file = 'j'\n" + Rule + Database, 13, "keys in the form of a JWK set are for type jwt")]
    [InlineData(Jwt + "[issuers.corp]\ntype = 'verifier'\nissuer = 'sso'\naudience = 'a'\n" + Rule + Database, 8, "type verifier needs somebody to ask")]
    [InlineData(Jwt + Issuer + "saml_cert_file = 'c'\n" + Rule + Database, 10, "the keys that begin with saml_ are for type saml")]
    [InlineData(Jwt + Issuer + "token_prefix = 'x'\n" + Rule + Database, 10, "token_prefix is for issuers that are asked about their tokens")]
    [InlineData(Jwt + Issuer + "introspection_url = 'https://i/x'\nintrospection_client_id = 'c'\nintrospection_secret_env = 'S'\n[issuers.b]\ntype = 'verifier'\nissuer = 'b'\naudience = 'b'\nintrospection_url = 'https://b'\n" + Rule + Database, 17, "[issuers.corp] is asked about opaque tokens already: they do not say whose they are")]
    // HTTP
    [InlineData("[proxy]\n" + Listening + "[http]\nlisten_addr = '10.0.0.1'\nlisten_port = 1", 4, "beyond loopback tokens would travel in clear text")]
    [InlineData("[proxy]\n" + Listening + "[http]\nlisten_addr = '*'\nlisten_port = 1", 4, "beyond loopback tokens would travel in clear text")]
    [InlineData("[proxy]\n" + Listening + "[http]\nlisten_port = 1\ntls_cert_file = 'c'", 5, "tls_cert_file and tls_key_file belong together")]
    [InlineData("[proxy]\n" + Listening + "[http]\ntls_key_file = 'k'", 4, "tls_cert_file and tls_key_file belong together")]
    [InlineData(Jwt + Issuer + Rule + Database + "[[access.policies]]\nissuer = 'corp'\nrole = 'r'", 17, "access is asked for over HTTP, which is off")]
    [InlineData(Jwt + Issuer + Rule + Database + "[http]\nlisten_port = 1\n[[access.policies]]\nissuer = 'crop'\nrole = 'r'", 20, "there is no [issuers.crop]")]
    [InlineData(Jwt + Issuer + Rule + Database + "[http]\nlisten_port = 1\n[[access.policies]]\nissuer = 'corp'\nrole = 'r'\ndatabase = 'ap'", 22, "there is no [databases.ap]")]
    [InlineData(Jwt + Issuer + Rule + Database + "[http]\nlisten_port = 1\n[[access.policies]]\nissuer = 'corp'\nrole = 'q'\ndatabase = 'app'", 21, "role \"q\" has no login in the database app")]
    [InlineData(Jwt + Issuer + Rule + Database + "[http]\nlisten_port = 1\n[[access.policies]]\nissuer = 'corp'\nrole = 'q'", 21, "role \"q\" has no login in any database")]
    [InlineData(Jwt + Issuer + Rule + Database + "[access]\nissuer = 'https://i'", 18, "[issuers.corp] has the same issuer: the proxy's own credentials could not be told apart")]
    // Isolation
    [InlineData(Jwt + Issuer + "[[rules]]\nissuer = 'corp'\nconsole = 'stats'\n[databases.app]\nhost = 'db'", 13, "isolation partitioned needs a login for each role")]
    [InlineData(Jwt + Issuer + Rule + "[databases.app]\nhost = 'db'\nuser = 'u'\n" + Login, 15, "isolation partitioned logs in by role: user would not be used")]
    [InlineData(Jwt + Issuer + Rule + "[databases.app]\nhost = 'db'\nisolation = 'none'\n" + Login, 16, "isolation none has no login by role: logins would not be used")]
    [InlineData(Jwt + Issuer + Rule + "[databases.app]\nhost = 'db'\nisolation = 'set_role'", 13, "isolation set_role needs the one login")]
    [InlineData(Jwt + Issuer + "[[rules]]\nissuer = 'corp'\nrole = ['r', 'q']\n" + Database, 12, "role \"q\" has no login in any database")]
    [InlineData(Jwt + Issuer + "[[rules]]\nissuer = 'corp'\nrole = 'q'\ndatabase = 'app'\n" + Database + "[databases.b]\nhost = 'db'\n[databases.b.logins.q]\nuser = 'pp_q'", 12, "role \"q\" has no login in the database app")]
    [InlineData(Jwt + Issuer + Rule + Database + "[databases.b]\nhost = 'db'\n[databases.b.logins.q]\nuser = 'pp_r'", 20, "the login \"pp_r\" serves the role \"r\" already, in [databases.app]")]
    public void Values_that_do_not_go_together_are_a_fault_at_the_key_to_change(string text, int line, string message)
    {
        var fault = Assert.Single(ConfigurationReader.Read(text, "pool.toml").Faults);
        Assert.Equal((line, message), (fault.Line, fault.Message));
    }

    [Fact]
    public void Every_check_adds_its_own_faults()
    {
        var faults = ConfigurationReader.Read("[proxy]\nmax_packet_size = 2000\nmax_statement_bytes = 2001\nclient_tls_sslmode = 'verify-full'\n[databases.a]\nhost = 'h'\nisolation = 'exclusive'", "pool.toml").Faults;
        Assert.Equal(6, faults.Count);
    }

    [Fact]
    public void A_model_that_was_changed_in_memory_can_be_checked_again()
    {
        var result = ConfigurationReader.Read("[proxy]\n" + Listening, "pool.toml");
        var changed = result.Configuration! with { Proxy = result.Configuration.Proxy with { AuthDbname = "nowhere", AuthUser = "asker" } };
        Assert.Equal("there is no [databases.nowhere]", Assert.Single(ConfigurationValidator.Validate(changed, result.Positions)).Message);
    }
}
