using PoolProxy.Core.Authentication.Ldap;
using Xunit;

namespace PoolProxy.UnitTests.Identity;

/// <summary>What a client calls itself stays a name, in a distinguished name and in a filter.</summary>
public sealed class LdapNamesTests
{
    [Theory]
    [InlineData("cn=", "alice", ", dc=x", "cn=alice, dc=x")]
    [InlineData("cn=", "x,cn=admin", ",dc=x", "cn=x\\2ccn\\3dadmin,dc=x")]
    [InlineData("uid= ", " a+b\"\\<>;# ", "", "uid= \\20a\\2bb\\22\\5c\\3c\\3e\\3b\\23\\20")]
    [InlineData("cn=", "\u00fcmit", "", "cn=\u00fcmit")]
    [InlineData("", "alice", "@example.com", "alice@example.com")]
    [InlineData("EXAMPLE\\", "alice", "", "EXAMPLE\\alice")]
    [InlineData("", "cn=admin,dc=x", "", null)]
    [InlineData("EXAMPLE\\", "a\\b", "", null)]
    [InlineData("cn=", "a\0b", "", null)]
    [InlineData("cn=", "", "", null)]
    public void A_name_is_bound_as_one(string prefix, string user, string suffix, string? bound) => Assert.Equal(bound, LdapNames.Between(prefix, user, suffix));

    [Theory]
    [InlineData(null, "alice", "(uid=alice)")]
    [InlineData(null, "*", "(uid=\\2a)")]
    [InlineData(null, "x)(uid=*", "(uid=x\\29\\28uid=\\2a)")]
    [InlineData(null, "a\\2a", "(uid=a\\5c2a)")]
    [InlineData("(|(cn=$username)(mail=$username))", "a(b", "(|(cn=a\\28b)(mail=a\\28b))")]
    [InlineData(null, "a\nb", null)]
    public void A_name_is_searched_for_as_one(string? filter, string user, string? text) => Assert.Equal(text, LdapNames.Filter(filter, "uid", user));
}
