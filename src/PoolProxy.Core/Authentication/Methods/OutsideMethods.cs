using PoolProxy.Configuration.Hba;
using PoolProxy.Configuration.Ldap;
using PoolProxy.Configuration.Model;
using PoolProxy.Core.Authentication.Ldap;
using PoolProxy.Core.Authentication.Outside;
using PoolProxy.Core.Authentication.Pam;

namespace PoolProxy.Core.Authentication.Methods;

/// <summary>The methods that go by something outside of the files: certificates, the kernel, directories, PAM; with what a line of auth_hba_file says of them.</summary>
internal static class OutsideMethods
{
    /// <summary>The method; null where it is none of these. <paramref name="line"/> is null where auth_type names it, or the line has no options.</summary>
    public static ILoginMethod? Make(
        AuthType type, HbaLine? line, ProxyConfiguration configuration, UserDirectory users, Memberships memberships, OutsideProofs outside) => type switch
    {
        AuthType.Cert => new CertificateMethod(users, configuration.Users, line?.Map, memberships),
        AuthType.Peer => new PeerMethod(users, line?.Map, memberships, outside),
        AuthType.Pam => new PamMethod(users, new PamService(line?.PamService ?? PamService.UsualName), outside),
        AuthType.Ldap => new LdapMethod(users, DirectoryOf(line?.Ldap ?? LdapOptions.Read(configuration.Proxy.AuthLdapOptions.Value, out _)), outside),
        _ => null,
    };

    private static LdapDirectory DirectoryOf(LdapSettings? settings) => new(
        LibLdap.Instance ?? throw new InvalidOperationException("checked with the files: the library is installed"),
        settings ?? throw new InvalidOperationException("validated: ldap has options"));
}
