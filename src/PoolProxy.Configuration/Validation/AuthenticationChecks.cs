using System.Net;
using PoolProxy.Configuration.Model;

namespace PoolProxy.Configuration.Validation;

/// <summary>Login methods without what they need, or with what they would not look at.</summary>
internal static class AuthenticationChecks
{
    public static void Check(ProxyConfiguration configuration, Findings findings)
    {
        var proxy = configuration.Proxy;
        if (proxy.AuthType is AuthType.Jwt or AuthType.Oauth) CheckTokens(configuration, NameOf(proxy.AuthType), findings);
        else if (proxy.AuthType != AuthType.Hba) CheckWithoutTokens(configuration, findings);

        // What the lines of the file need is asked where the file is read.
        if (proxy.AuthType == AuthType.Hba && proxy.AuthHbaFile.Length == 0) findings.Add("auth_type hba needs the lines to go by", "Set auth_hba_file.", "proxy", "auth_type");
        if (proxy.AuthType != AuthType.Hba && proxy.AuthHbaFile.Length > 0) findings.Add($"auth_type {NameOf(proxy.AuthType)} looks at no HBA file", "Set auth_type = \"hba\".", "proxy", "auth_hba_file");
        if (proxy.AuthType != AuthType.Hba && proxy.AuthIdentFile.Length > 0) findings.Add($"auth_type {NameOf(proxy.AuthType)} looks at no map", "Set auth_type = \"hba\".", "proxy", "auth_ident_file");
        if (proxy.AuthType == AuthType.Ldap && proxy.AuthLdapOptions.Value.Length == 0) findings.Add("auth_type ldap needs a directory to ask", "Set auth_ldap_options.", "proxy", "auth_type");
        if (proxy.AuthType is not (AuthType.Ldap or AuthType.Hba) && proxy.AuthLdapOptions.Value.Length > 0)
            findings.Add($"auth_type {NameOf(proxy.AuthType)} asks no directory", "Set auth_type = \"ldap\" or \"hba\".", "proxy", "auth_ldap_options");
        CheckDiscovery(configuration, findings);
    }

    // A client without a token is sent to one issuer: which, must not be left to the order of sections.
    private static void CheckDiscovery(ProxyConfiguration configuration, Findings findings)
    {
        var proxy = configuration.Proxy;
        if (proxy.OauthIssuer.Length > 0)
        {
            if (!configuration.Issuers.ContainsKey(proxy.OauthIssuer)) findings.Add($"there is no [issuers.{proxy.OauthIssuer}]", null, "proxy", "oauth_issuer");
        }
        else if (proxy.AuthType == AuthType.Oauth && configuration.Issuers.Count > 1)
            findings.Add("auth_type oauth sends clients without a token to one issuer, and there are several", "Set oauth_issuer.", "proxy", "auth_type");
    }

    private static void CheckTokens(ProxyConfiguration configuration, string method, Findings findings)
    {
        var proxy = configuration.Proxy;
        if (configuration.Issuers.Count == 0) findings.Add($"auth_type {method} needs an issuer", "Add [issuers.NAME].", "proxy", "auth_type");
        else if (configuration.Rules.Count == 0) findings.Add($"auth_type {method} needs a rule: without a match nobody enters", "Add [[rules]].", "proxy", "auth_type");

        // A name that a token claims opens nothing; a list that seems to would be a trap.
        if (proxy.AdminUsers.Count > 0) findings.Add($"admin_users does not count with auth_type {method}", "Give a rule console = \"admin\".", "proxy", "admin_users");
        if (proxy.StatsUsers.Count > 0) findings.Add($"stats_users does not count with auth_type {method}", "Give a rule console = \"stats\".", "proxy", "stats_users");

        if (proxy.UnixSocketDir.Length > 0 && proxy.ListenAddr.Count == 0 && proxy.TokenWithoutTls == TokenWithoutTls.Refuse)
            findings.Add("token_without_tls refuse shuts the Unix socket, the only listener", null, "proxy", "token_without_tls");
        if (proxy.ClientTlsSslmode != TlsMode.Disable) return;
        foreach (var address in proxy.ListenAddr)
        {
            if (proxy.TokenWithoutTls != TokenWithoutTls.Loopback)
                findings.Add("a token needs TLS", "Set client_tls_sslmode, or token_without_tls = \"loopback\" where clients are on this machine.", "proxy", "auth_type");
            else if (!IsLoopback(address))
                findings.Add($"listen_addr \"{address}\" is not loopback, and a token from elsewhere needs TLS", "Set client_tls_sslmode, or listen on 127.0.0.1.", "proxy", "listen_addr");
            else continue;
            return;
        }
    }

    private static void CheckWithoutTokens(ProxyConfiguration configuration, Findings findings)
    {
        var method = NameOf(configuration.Proxy.AuthType);
        foreach (var issuer in configuration.Issuers.Keys)
            findings.Add($"auth_type {method} takes no tokens: the issuer would never be asked", "Set auth_type = \"jwt\".", "issuers", issuer);
        if (configuration.Rules.Count > 0 && configuration.Issuers.Count == 0)
            findings.Add($"auth_type {method} takes no tokens: the rules would never be asked", "Set auth_type = \"jwt\".", "rules", "1");
        if (configuration.Proxy.AuthType != AuthType.Any) return;
        foreach (var database in configuration.Databases.Values.Where(database => database.User is null))
            findings.Add("auth_type any needs the user that the server login is made as", "Set user in the database.", "databases", database.Name);
    }

    private static string NameOf(AuthType method) => method == AuthType.ScramSha256 ? "scram-sha-256" : method.ToString().ToLowerInvariant();

    private static bool IsLoopback(string address) =>
        address.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(address, out var parsed) && IPAddress.IsLoopback(parsed));
}
