using System.Runtime.InteropServices;
using System.Text;
using PoolProxy.Configuration.Ldap;

namespace PoolProxy.Core.Authentication.Ldap;

/// <summary>
/// Which servers a directory has: those of <c>ldapserver</c>, or where there is none what DNS names for the domain of <c>ldapbasedn</c> (<c>_ldap._tcp</c>, RFC 2782), each
/// with the port that is named there; as in PostgreSQL. Blocks for as long as the system's resolver likes.
/// </summary>
/// <param name="library">OpenLDAP's.</param>
/// <param name="settings">Whom to ask.</param>
/// <param name="hostsOf">A domain's <c>HOST:PORT</c> apart by blanks, or null; null: the library's own.</param>
internal sealed unsafe class LdapServers(LibLdap library, LdapSettings settings, Func<string, string?>? hostsOf = null)
{
    /// <summary>As the library wants them, to be tried in turn: <c>ldap://one:389 ldap://two:389</c>; else null with the problem.</summary>
    public string? Addresses(out string? problem)
    {
        problem = null;
        var scheme = settings.IsTls ? "ldaps" : "ldap";
        if (settings.Servers.Count > 0)
        {
            return string.Join(' ', settings.Servers.Select(server => $"{scheme}://{server}:{settings.Port}"));
        }

        if (DomainOf(settings.BaseDn!) is not { Length: > 0 } domain)
        {
            problem = "ldapbasedn names no domain whose servers could be looked up";
            return null;
        }

        if ((hostsOf ?? HostsOf)(domain)?.Split(' ', StringSplitOptions.RemoveEmptyEntries) is not { Length: > 0 } hosts)
        {
            problem = $"DNS names no servers (_ldap._tcp) for \"{domain}\"";
            return null;
        }

        return string.Join(' ', hosts.Select(host => $"{scheme}://{host}"));
    }

    private string? DomainOf(string baseDn)
    {
        nint domain = 0;
        fixed (byte* dn = Terminated(baseDn))
        {
            return library.DomainOfDn(dn, &domain) == LibLdap.Success ? Take(domain) : null;
        }
    }

    private string? HostsOf(string domain)
    {
        nint hosts = 0;
        fixed (byte* name = Terminated(domain))
        {
            return library.HostsOfDomain((nint)name, &hosts) == LibLdap.Success ? Take(hosts) : null;
        }
    }

    private string? Take(nint text)
    {
        if (text == 0)
        {
            return null;
        }

        var taken = Marshal.PtrToStringUTF8(text);
        library.FreeMemory(text);
        return taken;
    }

    private static byte[] Terminated(string text) => Encoding.UTF8.GetBytes(text + '\0');
}
