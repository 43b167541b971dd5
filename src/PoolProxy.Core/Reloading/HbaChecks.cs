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

        if (StrangersBy(lines, configuration) is { } way)
        {
            foreach (var line in lines.Where(line => line.Method is null && (line.Users.Groups.Count > 0 || line.Databases.IsSameRole)))
            {
                yield return new ConfigurationFault(
                    line.File, line.Position, $"reject by {(line.Users.Groups.Count > 0 ? "+role" : "samerole")} would let through whom [users] does not list, and {way} lets such users in",
                    "Name the users, or reject all behind the lines that let some in.");
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

    /// <summary>By what users come in of whom the files may know nothing, memberships least of all; null for nothing.</summary>
    private static string? StrangersBy(IReadOnlyList<HbaLine> lines, ProxyConfiguration configuration) =>
        configuration.Proxy.AuthUser.Length > 0 || configuration.Databases.Values.Any(database => database.AuthUser is { Length: > 0 }) ? "auth_user"
        : lines.Any(line => line.Method == AuthType.Ldap) ? "ldap"
        : lines.Any(line => line.Method == AuthType.Pam) ? "pam" : null;
}
