using System.Security.Cryptography.X509Certificates;
using PoolProxy.Core.Authentication.Ldap;
using PoolProxy.Sandbox.Certificates;
using PoolProxy.Testing;
using PoolProxy.Testing.Ldap;
using Xunit;

namespace PoolProxy.IntegrationTests.Identity;

/// <summary>auth_type = "ldap", and lines <c>ldap</c>: a directory is asked, and nothing but a name and a password gets there.</summary>
public sealed class LdapLoginTests(PoolScene scene) : IClassFixture<PoolScene>
{
    [Fact]
    public async Task A_user_is_searched_for_and_bound()
    {
        await using ScriptedDirectory directory = ScriptedDirectory.Start(LdapPlace.People);
        await using LdapPlace place = await LdapPlace.StartAsync(scene, LdapPlace.SearchAt(directory));
        await using RawClient alice = await place.Proxy.LoginAsync("alice", "app", "of-alice");
        Assert.Equal("1", await alice.ScalarAsync("select 1"));
        Assert.Equal(["bind cn=proxy,dc=example", "search dc=example 2 (uid=alice)", "bind uid=alice,ou=people,dc=example"], directory.Asked);
        directory.Asked.Clear();

        // Wrong, unknown, not alone, nobody's, a pattern: all read the same.
        Assert.Equal("28P01", await place.CodeAsync("alice", "of-bob"));
        Assert.Equal("28P01", await place.CodeAsync("ghost", "of-alice"));
        Assert.Equal("28P01", await place.CodeAsync("bob", "of-bob"));
        Assert.Equal("28P01", await place.CodeAsync("*", "of-alice"));
        Assert.Equal("28P01", await place.CodeAsync("alice)(uid=*", "of-alice"));
        Assert.Equal(["(uid=alice)", "(uid=ghost)", "(uid=bob)", "(uid=*)", "(uid=alice)(uid=*)"], directory.Asked.Where(asked => asked.StartsWith("search", StringComparison.Ordinal)).Select(asked => asked.Split(' ')[^1]));
        directory.Asked.Clear();
        Assert.Equal("28P01", await place.CodeAsync("alice", ""));
        Assert.Empty(directory.Asked);
        await WaitFor.EqualAsync(7, () => Task.FromResult(place.Reasons.Length));
        Assert.Equal(["granted", "wrong_password", "ldap_user_unknown", "ldap_user_ambiguous", "ldap_user_unknown", "ldap_user_unknown", "empty_password"], place.Reasons);

        // The console, and no secret in it or in the log.
        await using RawClient console = await place.Proxy.LoginAsync("alice", "pgbouncer", "of-alice");
        string shown = string.Join('\n', await console.QueryAsync("show config"));
        Assert.Contains("auth_ldap_options", shown, StringComparison.Ordinal);
        string log = shown + await File.ReadAllTextAsync(place.Proxy.Place.File("proxy.log")) + await File.ReadAllTextAsync(place.Proxy.Place.File("audit.log"));
        Assert.All([LdapPlace.BindPassword, "of-alice", "of-bob"], secret => Assert.DoesNotContain(secret, log, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Lines_ask_their_own_directory_or_the_usual_one()
    {
        await using ScriptedDirectory usual = ScriptedDirectory.Start(LdapPlace.People);
        await using ScriptedDirectory other = ScriptedDirectory.Start(LdapPlace.People);
        await using LdapPlace place = await LdapPlace.StartAsync(scene, LdapPlace.SearchAt(usual), $"""
            host all bob    all ldap ldapserver=127.0.0.1 ldapport={other.Port} ldapprefix=uid= ldapsuffix=",ou=others,dc=example"
            host all carol  all ldap "ldapurl=ldap://127.0.0.1:{other.Port}/dc=example?mail?sub"
            host all keeper all trust
            host all "alice@example.com" all ldap ldapserver=127.0.0.1,ldapport={other.Port} ldapbasedn="ou=people,dc=example" ldapsearchfilter="(|(uid=$username)(mail=$username))"
            host all all    all ldap
            """);
        Assert.Null(await place.CodeAsync("bob", "of-bob"));
        Assert.Equal("28P01", await place.CodeAsync("carol", "of-bob"));
        Assert.Null(await place.CodeAsync("keeper", null));
        Assert.Null(await place.CodeAsync("alice@example.com", "of-alice"));
        Assert.Empty(usual.Asked);
        Assert.Null(await place.CodeAsync("alice", "of-alice"));
        Assert.Equal(
            [
                "bind uid=bob,ou=others,dc=example", "bind ", "search dc=example 2 (mail=carol)", "bind dc=example",
                "bind ", "search ou=people,dc=example 2 (|(uid=alice@example.com)(mail=alice@example.com))", "bind uid=alice,ou=people,dc=example",
            ], other.Asked);
    }

    [Theory]
    [InlineData("ldaptls=1", false)]
    [InlineData("ldapscheme=ldaps", true)]
    public async Task No_password_goes_to_a_directory_whose_certificate_nobody_vouches_for(string option, bool isTls)
    {
        // As LDAPTLS_REQCERT, or an .ldaprc beside the process, would have it for every session.
        RequireCertificates(LibLdap.TlsNever);
        using var folder = new TemporaryFolder();
        using SandboxCertificates certificates = SandboxCertificates.Create(folder.Path);
        using X509Certificate2 certificate = X509Certificate2.CreateFromPemFile(certificates.ServerEc.CertificateFile, certificates.ServerEc.KeyFile);
        await using ScriptedDirectory directory = ScriptedDirectory.StartTls(certificate, isTls, LdapPlace.People);
        await using LdapPlace place = await LdapPlace.StartAsync(scene, LdapPlace.SearchAt(directory, option));
        Assert.Equal("28P01", await place.CodeAsync("alice", "of-alice"));
        Assert.DoesNotContain(directory.Asked, asked => asked.StartsWith("bind", StringComparison.Ordinal));
        await WaitFor.EqualAsync("ldap_unavailable", () => Task.FromResult(string.Join(' ', place.Reasons)));
        RequireCertificates(LibLdap.TlsDemand);
        await WaitFor.TrueAsync(() => File.ReadAllText(place.Proxy.Place.File("proxy.log")).Contains(" ldap: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_directory_that_is_not_there_is_nobodys_failure_and_one_that_waits_holds_up_no_other()
    {
        await using ScriptedDirectory slow = ScriptedDirectory.Start(LdapPlace.People);
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        slow.Gate = gate.Task;
        await using LdapPlace place = await LdapPlace.StartAsync(scene, LdapPlace.SearchAt(slow), $"""
            host all nobody all ldap ldapserver="127.0.0.1" ldapport=1 ldapprefix=uid=
            host all keeper all trust
            host all all    all ldap
            """);
        await using RawClient waiting = await place.Proxy.ConnectAsync();
        Task<RawLogin> login = waiting.TryLoginAsync("alice", "app", "of-alice");
        await WaitFor.TrueAsync(() => !slow.Asked.IsEmpty);
        Assert.Null(await place.CodeAsync("keeper", null));
        Assert.Equal("28P01", await place.CodeAsync("nobody", "x"));
        Assert.False(login.IsCompleted);
        gate.SetResult();
        Assert.Null((await login).Error);
        await WaitFor.EqualAsync(3, () => Task.FromResult(place.Reasons.Length));
        Assert.Equal(["granted", "ldap_unavailable", "granted"], place.Reasons);
    }

    [Fact]
    public async Task Clients_that_leave_while_a_directory_thinks_give_their_places_up_at_once_and_what_they_guessed_counts()
    {
        await using ScriptedDirectory slow = ScriptedDirectory.Start(LdapPlace.People);
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        slow.Gate = gate.Task;
        await using LdapPlace place = await LdapPlace.StartAsync(scene, LdapPlace.SearchAt(slow), limits: "identity_failures = 1");
        for (var i = 1; i <= 2; i++)
        {
            RawClient client = await place.Proxy.ConnectAsync();
            Task<RawLogin> login = client.TryLoginAsync("alice", "app", "guessed");
            await WaitFor.EqualAsync(i, () => Task.FromResult(slow.Asked.Count));
            await client.DisposeAsync();
            Assert.NotNull(await Record.ExceptionAsync(() => login));
            await WaitFor.EqualAsync(i, () => Task.FromResult(place.Reasons.Count(reason => reason == "client_lost")));
        }

        gate.SetResult();
        await WaitFor.TrueAsync(() => File.ReadAllText(place.Proxy.Place.File("proxy.log")).Contains("alice may not log in for", StringComparison.Ordinal));
        Assert.Equal("28000", await place.CodeAsync("alice", "of-alice"));
    }

    [Fact]
    public async Task An_entry_without_a_name_is_nobody_to_be_bound_as()
    {
        await using ScriptedDirectory directory = ScriptedDirectory.Start([.. LdapPlace.People, new ScriptedEntry("", "", ("uid", "nameless"))]);
        await using LdapPlace place = await LdapPlace.StartAsync(scene, LdapPlace.SearchAt(directory));
        Assert.Equal("28P01", await place.CodeAsync("nameless", "whatever"));
        await WaitFor.EqualAsync("ldap_name_refused", () => Task.FromResult(string.Join(' ', place.Reasons)));
        Assert.Equal(["bind cn=proxy,dc=example", "search dc=example 2 (uid=nameless)"], directory.Asked);
    }

    private static unsafe void RequireCertificates(int how) => Assert.Equal(LibLdap.Success, LibLdap.Instance!.SetOption(0, LibLdap.OptionTlsRequireCertificate, &how));

    [Fact]
    public async Task A_reload_asks_another_directory_and_one_with_a_fault_the_old_one()
    {
        await using ScriptedDirectory directory = ScriptedDirectory.Start(LdapPlace.People);
        await using ScriptedDirectory other = ScriptedDirectory.Start(LdapPlace.People);
        await using LdapPlace place = await LdapPlace.StartAsync(scene, LdapPlace.SearchAt(directory));
        string fault = Assert.Single(await place.Proxy.ReloadAsync(text => text.Replace("ldapbasedn", "ldapbased", StringComparison.Ordinal)));
        Assert.Contains("auth_ldap_options: ldap has no option ldapbased", fault, StringComparison.Ordinal);
        Assert.DoesNotContain(LdapPlace.BindPassword, fault, StringComparison.Ordinal);
        Assert.Null(await place.CodeAsync("alice", "of-alice"));
        Assert.Empty(await place.Proxy.ReloadAsync(text => text.Replace("ldapbased=", "ldapbasedn=", StringComparison.Ordinal).Replace($"ldapport={directory.Port}", $"ldapport={other.Port}", StringComparison.Ordinal)));
        directory.Asked.Clear();
        Assert.Null(await place.CodeAsync("alice", "of-alice"));
        Assert.Empty(directory.Asked);
        Assert.Equal(3, other.Asked.Count);
    }
}
