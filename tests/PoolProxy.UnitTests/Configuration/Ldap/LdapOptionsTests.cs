using PoolProxy.Configuration.Ldap;
using Xunit;

namespace PoolProxy.UnitTests.Configuration.Ldap;

/// <summary>auth_ldap_options, and the options of a line: what they say, what they cannot.</summary>
public sealed class LdapOptionsTests
{
    [Fact]
    public void A_bind_is_between_prefix_and_suffix()
    {
        var settings = Read("ldapserver=\"one two\" ldapport=1389, ldaptls=1 ldapprefix=\"cn=\" \"ldapsuffix\"=\", dc=\"\"x\"\"\"");
        Assert.Equal(["one", "two"], settings.Servers);
        Assert.Equal((1389, true, false), (settings.Port, settings.StartsTls, settings.IsTls));
        Assert.Equal(("cn=", ", dc=\"x\""), (settings.Prefix, settings.Suffix));
        Assert.Null(settings.BaseDn);
    }

    [Fact]
    public void A_search_has_defaults()
    {
        var settings = Read("ldapserver=h ldapbasedn=dc=example");
        Assert.Equal(("dc=example", "uid", (string?)null, LdapScope.Subtree, 389), (settings.BaseDn, settings.SearchAttribute, settings.SearchFilter, settings.Scope, settings.Port));
        Assert.Equal(636, Read("ldapserver=h ldapscheme=ldaps ldapbasedn=x").Port);
    }

    [Fact]
    public void A_url_says_it_all()
    {
        var settings = Read("ldapurl=\"ldaps://ldap.example.com:1636/dc=example,dc=n%20et?cn?sub?(&(o=x)(u=$username))\" ldapbinddn=a ldapbindpasswd=b", out var fault);
        Assert.Equal("ldapsearchattribute and ldapsearchfilter exclude each other", fault);
        Assert.Null(settings);
        settings = Read("ldapurl=\"ldaps://ldap.example.com:1636/dc=example,dc=n%20et??one?(&(o=x)(u=$username))\" ldapbinddn=a ldapbindpasswd=b");
        Assert.Equal((true, 1636, "dc=example,dc=n et", LdapScope.One, "(&(o=x)(u=$username))"), (settings.IsTls, settings.Port, settings.BaseDn, settings.Scope, settings.SearchFilter));
        Assert.Equal(("a", "b"), (settings.BindDn, settings.BindPassword!.Value));
        Assert.Equal((LdapScope.Base, "cn", 389), (Read("ldapurl=ldap://h/x?cn").Scope, Read("ldapurl=ldap://h/x?cn").SearchAttribute, Read("ldapurl=ldap://h/x").Port));
        Assert.Equal(["[::1]"], Read("ldapurl=ldap://[::1]:10/x").Servers);
    }

    [Theory]
    [InlineData("", "ldap needs ldapbasedn, ldapprefix or ldapsuffix")]
    [InlineData("ldapserver", "an option is NAME=VALUE")]
    [InlineData("ldapserver=", "an option is NAME=VALUE")]
    [InlineData("ldapserver=\"a", "an option is NAME=VALUE")]
    [InlineData("ldapwhat=1", "ldap has no option ldapwhat")]
    [InlineData("ldapbindpasswd=hunter2 ldapscheme=http", "ldapscheme may be ldap or ldaps")]
    [InlineData("ldaptls=yes", "ldaptls may be 0 or 1")]
    [InlineData("ldapport=65536", "ldapport may be 1 to 65535")]
    [InlineData("ldapserver=h ldapprefix=cn= ldapbasedn=x", "ldapbasedn is for a search")]
    [InlineData("ldapserver=h ldapprefix=cn= ldapurl=ldap://h/x", "ldapurl is for a search")]
    [InlineData("ldapprefix=cn=", "ldap needs ldapserver")]
    [InlineData("ldapserver=h ldapbasedn=x ldapsearchfilter=(uid=x)", "ldapsearchfilter needs $username in it")]
    [InlineData("ldapserver=h ldapbasedn=x ldapsearchattribute=u)(x", "ldapsearchattribute is the name of no attribute")]
    [InlineData("ldapserver=h ldapbasedn=x ldapbinddn=cn=me", "ldapbinddn needs ldapbindpasswd")]
    [InlineData("ldapserver=h ldapbasedn=x ldapscheme=ldaps ldaptls=1", "ldaptls and ldaps exclude each other")]
    [InlineData("ldapurl=http://h/x", "ldapurl is no ldap://")]
    [InlineData("ldapurl=ldap://h:0/x", "ldapurl is no ldap://")]
    [InlineData("ldapurl=ldap://h/x?a?b", "ldapurl is no ldap://")]
    [InlineData("ldapurl=ldap://h/x?a?sub?f?ext", "ldapurl is no ldap://")]
    [InlineData("ldapurl=ldap://me@h/x", "ldapurl is no ldap://")]
    public void What_cannot_be_is_said_without_secrets(string text, string fault)
    {
        Assert.Null(Read(text, out var found));
        Assert.StartsWith(fault, found);
        Assert.DoesNotContain("hunter2", found);
    }

    private static LdapSettings Read(string text)
    {
        var settings = Read(text, out var fault);
        Assert.Null(fault);
        return settings!;
    }

    private static LdapSettings? Read(string text, out string? fault) => LdapOptions.Read(text, out fault);
}
