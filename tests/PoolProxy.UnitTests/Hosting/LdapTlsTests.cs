using System.Security.Cryptography.X509Certificates;
using PoolProxy.Sandbox.Certificates;
using PoolProxy.Testing;
using PoolProxy.Testing.Ldap;
using Xunit;

namespace PoolProxy.UnitTests.Hosting;

/// <summary>
/// Directories behind TLS, asked by a process of its own: OpenLDAP's library reads whom it trusts, and what it should overlook, from the environment when it is
/// first used.
/// </summary>
public sealed class LdapTlsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_directory_is_asked_over_TLS_where_its_certificate_is_vouched_for_and_else_not_whatever_the_environment_overlooks()
    {
        using SandboxCertificates certificates = SandboxCertificates.Create(_folder.Combine("ca")), strangers = SandboxCertificates.Create(_folder.Combine("strangers"));
        await using ScriptedDirectory byTls = Start(certificates.ServerEc, isTls: true), byStartTls = Start(certificates.ServerRsa, isTls: false), elsewhere = Start(certificates.ServerWrongHost, isTls: true),
            late = Start(certificates.ServerExpired, isTls: false), stranger = Start(strangers.ServerEc, isTls: true), plain = ScriptedDirectory.Start(Entries);
        string hba = $"""
            host all first     all ldap ldapserver=127.0.0.1 ldapport={byTls.Port} ldapscheme=ldaps ldapprefix=uid= ldapsuffix=",dc=example"
            host all second    all ldap ldapserver=127.0.0.1 ldapport={byStartTls.Port} ldaptls=1 ldapprefix=uid= ldapsuffix=",dc=example"
            host all third     all ldap ldapurl="ldaps://127.0.0.1:{byTls.Port}/dc=example?uid?sub"
            host all elsewhere all ldap ldapserver=127.0.0.1 ldapport={elsewhere.Port} ldapscheme=ldaps ldapprefix=uid= ldapsuffix=",dc=example"
            host all late      all ldap ldapserver=127.0.0.1 ldapport={late.Port} ldaptls=1 ldapprefix=uid= ldapsuffix=",dc=example"
            host all stranger  all ldap ldapserver=127.0.0.1 ldapport={stranger.Port} ldapscheme=ldaps ldapprefix=uid= ldapsuffix=",dc=example"
            host all plain     all ldap ldapserver=127.0.0.1 ldapport={plain.Port} ldaptls=1 ldapprefix=uid= ldapsuffix=",dc=example"
            """;
        await using ServingProcess proxy = await ServingProcess.StartAsync(
            """
            auth_type = "hba"
            auth_hba_file = "hba.conf"
            stats_users = "first, second, third, elsewhere, late, stranger, plain"
            logfile = "proxy.log"
            """, [("hba.conf", hba)], [("LDAPTLS_CACERT", certificates.AuthorityFile), ("LDAPTLS_REQCERT", "never")]);

        Assert.True(await CodeAsync(proxy, "first", "of-first") is null, proxy.FileText("proxy.log"));
        Assert.Equal("28P01", await CodeAsync(proxy, "first", "of-second"));
        Assert.Null(await CodeAsync(proxy, "second", "of-second"));
        Assert.Equal("28P01", await CodeAsync(proxy, "second", "of-first"));
        Assert.Null(await CodeAsync(proxy, "third", "of-third"));
        Assert.Equal(["bind uid=first,dc=example tls", "bind uid=first,dc=example tls", "bind  tls", "search dc=example 2 (uid=third) tls", "bind uid=third,dc=example tls"], byTls.Asked);
        Assert.Equal(["starttls", "bind uid=second,dc=example tls", "starttls", "bind uid=second,dc=example tls"], byStartTls.Asked);

        foreach (var (user, directory) in (IEnumerable<(string, ScriptedDirectory)>)[("elsewhere", elsewhere), ("late", late), ("stranger", stranger), ("plain", plain)])
        {
            Assert.Equal("28P01", await CodeAsync(proxy, user, "of-" + user));
            Assert.DoesNotContain(directory.Asked, asked => asked.StartsWith("bind", StringComparison.Ordinal));
        }

        string log = proxy.FileText("proxy.log");
        Assert.Equal(4, log.Split(" ldap: ").Length - 1);
        Assert.DoesNotContain("of-", log, StringComparison.Ordinal);
    }

    private static ScriptedEntry[] Entries { get; } =
        [.. new[] { "first", "second", "third", "elsewhere", "late", "stranger", "plain" }.Select(name => new ScriptedEntry($"uid={name},dc=example", "of-" + name, ("uid", name)))];

    private static ScriptedDirectory Start(CertificateFiles files, bool isTls) =>
        ScriptedDirectory.StartTls(X509Certificate2.CreateFromPemFile(files.CertificateFile, files.KeyFile), isTls, Entries);

    private static async Task<string?> CodeAsync(ServingProcess proxy, string user, string password)
    {
        await using RawClient client = await RawClient.ConnectAsync(proxy.Port);
        return (await client.TryLoginAsync(user, "pgbouncer", password)).Error?.SqlState;
    }
}
