using System.Net;
using PoolProxy.Core.Authentication.Limits;
using Xunit;

namespace PoolProxy.UnitTests.Limits;

public sealed class LimitKeysTests
{
    [Theory]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    [InlineData("::1", "0.0.0.1", false)]
    [InlineData("::ffff:1.2.3.4", "::1", false)]
    public void Addresses_are_the_same_by_the_whole_of_IPv4_and_the_first_64_bits_of_IPv6(string one, string other, bool isSame) =>
        Assert.Equal(isSame, LimitKeys.Of(IPAddress.Parse(one)) == LimitKeys.Of(IPAddress.Parse(other)));

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1")]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")]
    public void An_address_is_named_by_what_counts_of_it(string address, string name) => Assert.Equal(name, LimitKeys.NameOf(IPAddress.Parse(address)));

    [Fact]
    public void Who_is_whose_cannot_be_confused()
    {
        UInt128[] keys =
        [
            LimitKeys.Of("a", "bc"), LimitKeys.Of("ab", "c"), LimitKeys.Of("", "abc"), LimitKeys.Of("abc", ""), LimitKeys.Of("abc", null), LimitKeys.Of("", "a\0bc"),
            LimitKeys.Of("abc", new string('x', 10_000)),
        ];
        Assert.Equal(keys.Length, keys.Distinct().Count());
        Assert.Equal(LimitKeys.Of("corp", "alice"), LimitKeys.Of("corp", "alice"));
    }
}
