using PoolProxy.Configuration;
using PoolProxy.Configuration.Hba;
using PoolProxy.Configuration.Model;

namespace PoolProxy.Core.Reloading;

/// <summary>Lines of an HBA file that ask for a proof which the configuration has nothing to check with.</summary>
internal static class HbaChecks
{
    /// <summary>The faults, each at its line.</summary>
    public static IEnumerable<ConfigurationFault> Check(IReadOnlyList<HbaLine> lines, ProxyConfiguration configuration)
    {
        foreach (var line in lines.Where(line => line.Method == AuthType.Cert && (configuration.Proxy.ClientTlsCaFile.Length == 0 || configuration.Proxy.ClientTlsSslmode == TlsMode.Disable)))
        {
            yield return new ConfigurationFault(line.File, line.Position, "cert needs client certificates", "Set client_tls_ca_file, and client_tls_sslmode other than disable.");
        }

        foreach (var line in lines.Where(line => line.Method == AuthType.Ldap))
        {
            if (line.Ldap is null && configuration.Proxy.AuthLdapOptions.Value.Length == 0)
            {
                yield return new ConfigurationFault(line.File, line.Position, "ldap needs a directory to ask", "Give the line options, or set auth_ldap_options.");
            }

            foreach (var fault in OutsideChecks.Ldap(line.File, line.Position))
            {
                yield return fault;
            }
        }

        foreach (var line in lines.Where(line => line.Method == AuthType.Pam))
        {
            foreach (var fault in OutsideChecks.Pam(line.File, line.Position))
            {
                yield return fault;
            }
        }

        foreach (var line in lines.Where(line => line.Method is AuthType.Jwt or AuthType.Oauth))
        {
            var method = line.Method == AuthType.Jwt ? "jwt" : "oauth";
            if (configuration.Issuers.Count == 0 || configuration.Rules.Count == 0)
            {
                yield return new ConfigurationFault(line.File, line.Position, $"{method} needs an issuer and a rule", "Add [issuers.NAME] and [[rules]].");
            }
            else if (line.Method == AuthType.Oauth && configuration.Issuers.Count > 1 && configuration.Proxy.OauthIssuer.Length == 0)
            {
                yield return new ConfigurationFault(line.File, line.Position, "oauth sends clients without a token to one issuer, and there are several", "Set oauth_issuer.");
            }
        }
    }
}
