using System.Security.Cryptography.X509Certificates;
using PoolProxy.Configuration.Ldap;
using PoolProxy.Core.Authentication.Ldap;
using PoolProxy.Core.Authentication.Outside;
using PoolProxy.Sandbox;
using PoolProxy.Sandbox.Certificates;
using PoolProxy.Testing;
using PoolProxy.Testing.Ldap;
using Xunit;

namespace PoolProxy.UnitTests.Identity;

/// <summary>Directories as a thread that blocks meets them: silent ones, and those that DNS names.</summary>
public sealed class LdapDirectoryTests : IDisposable
{
    private static readonly ScriptedEntry Alice = new("uid=alice,dc=example,dc=com", "of-alice", ("uid", "alice"));

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(ScriptedSilence.Bind, "", "Timed out")]
    [InlineData(ScriptedSilence.Search, "", "Timed out")]
    [InlineData(ScriptedSilence.StartTls, "ldaptls=1", "Timed out")]
    [InlineData(ScriptedSilence.Handshake, "ldaptls=1", "Timed out")]
    [InlineData(ScriptedSilence.Handshake, "ldapscheme=ldaps", "Timed out")]
    public async Task A_directory_that_takes_the_question_and_says_nothing_is_given_up(ScriptedSilence silentAt, string option, string problem)
    {
        using SandboxCertificates certificates = SandboxCertificates.Create(_folder.Path);
        using X509Certificate2 certificate = X509Certificate2.CreateFromPemFile(certificates.ServerEc.CertificateFile, certificates.ServerEc.KeyFile);
        await using ScriptedDirectory directory = ScriptedDirectory.StartSilent(silentAt, certificate, isTls: option.Contains("ldaps", StringComparison.Ordinal), Alice);
        var patience = new LdapPatience(TimeSpan.FromMilliseconds(300), TimeSpan.FromMilliseconds(300));
        OutsideAnswer answer = await AskAsync($"ldapserver=127.0.0.1 ldapport={directory.Port} ldapbasedn=\"dc=example,dc=com\" {option}", patience, null);
        Assert.Equal((false, true, "ldap_unavailable"), (answer.IsProven, answer.IsUnavailable, answer.Reason));
        Assert.Contains(problem, answer.Problem, StringComparison.Ordinal);
        Assert.DoesNotContain("of-alice", answer.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_directory_is_waited_for_as_long_as_PgBouncer_waits() =>
        Assert.Equal(new LdapPatience(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(10)), LdapPatience.Usual);

    [Theory]
    [InlineData("ldapbasedn=\"dc=example,dc=com\"")]
    [InlineData("ldapurl=\"ldap:///dc=example,dc=com?uid?sub\"")]
    [InlineData("ldapport=1 ldapbasedn=\"dc=example,dc=com\"")]
    public async Task Without_a_server_the_domain_of_the_base_is_asked_for_one_and_one_that_is_down_is_passed_over(string options)
    {
        await using ScriptedDirectory directory = ScriptedDirectory.Start(Alice);
        var domains = new List<string>();
        OutsideAnswer answer = await AskAsync(options, LdapPatience.Usual, domain =>
        {
            domains.Add(domain);
            return $"127.0.0.1:{LoopbackPorts.Take()} 127.0.0.1:{directory.Port}";
        });
        Assert.Null(answer.Problem);
        Assert.True(answer.IsProven);
        Assert.All(domains, domain => Assert.Equal("example.com", domain));
        Assert.Equal(["bind ", "search dc=example,dc=com 2 (uid=alice)", "bind uid=alice,dc=example,dc=com"], directory.Asked);
    }

    [Theory]
    [InlineData("ldapbasedn=\"dc=example,dc=com\"", "DNS names no servers (_ldap._tcp) for \"example.com\"")]
    [InlineData("ldapbasedn=\"dc=example,dc=com\"", "DNS names no servers (_ldap._tcp) for \"example.com\"", " ")]
    [InlineData("ldapbasedn=\"o=example\"", "ldapbasedn names no domain whose servers could be looked up")]
    [InlineData("ldapbasedn=\"no name\"", "ldapbasedn names no domain whose servers could be looked up")]
    public async Task Where_DNS_names_nobody_the_log_says_so_and_nobody_enters(string options, string problem, string? hosts = null)
    {
        OutsideAnswer answer = await AskAsync(options, LdapPatience.Usual, _ => hosts);
        Assert.Equal((false, true, "ldap_unavailable", problem), (answer.IsProven, answer.IsUnavailable, answer.Reason, answer.Problem));
    }

    private static Task<OutsideAnswer> AskAsync(string options, LdapPatience patience, Func<string, string?>? hostsOf)
    {
        LdapSettings settings = LdapOptions.Read(options, out string? fault) ?? throw new InvalidOperationException(fault);
        var directory = new LdapDirectory(LibLdap.Instance!, settings, patience, hostsOf);
        return Task.Factory.StartNew(() => directory.Check("alice", "of-alice"u8), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).WaitAsync(Deadlines.Step);
    }
}
