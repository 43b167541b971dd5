using PoolProxy.Configuration;
using PoolProxy.Core.Authentication.Ldap;
using PoolProxy.Core.Authentication.Pam;

namespace PoolProxy.Core.Reloading;

/// <summary>Methods that need a library which is not part of the proxy: its absence is a fault of the line that asks for it, before anybody logs in.</summary>
internal static class OutsideChecks
{
    public static IEnumerable<ConfigurationFault> Ldap(string file, SourcePosition position)
    {
        if (LibLdap.Instance is null)
        {
            yield return new ConfigurationFault(file, position, "ldap needs OpenLDAP's client library, which is not installed", "On Debian and Ubuntu: apt-get install libldap-2.5-0, or libldap2.");
        }
    }

    public static IEnumerable<ConfigurationFault> Pam(string file, SourcePosition position)
    {
        if (!LibPam.IsInstalled)
        {
            yield return new ConfigurationFault(file, position, "pam needs libpam, which is not installed", "On Debian and Ubuntu: apt-get install libpam0g.");
        }
    }
}
