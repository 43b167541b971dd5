using System.Net;
using PoolProxy.Identity.Rules;
using PoolProxy.Testing;
using Xunit;

namespace PoolProxy.UnitTests.Identity.Rules;

public class AddressConditionTests
{
    [Theory]
    [InlineData("10.0.0.0/8", "10.255.255.255", true)]
    [InlineData("10.0.0.0/8", "11.0.0.0", false)]
    [InlineData("10.0.0.0/9", "10.127.255.255", true)]
    [InlineData("10.0.0.0/9", "10.128.0.0", false)]
    [InlineData("10.1.2.3/8", "10.9.9.9", true)]
    [InlineData("192.0.2.7", "192.0.2.7", true)]
    [InlineData("192.0.2.7", "192.0.2.6", false)]
    [InlineData("192.0.2.6/31", "192.0.2.7", true)]
    [InlineData("0.0.0.0/0", "203.0.113.9", true)]
    [InlineData("0.0.0.0/0", "2001:db8::1", false)]
    [InlineData("::/0", "2001:db8::1", true)]
    [InlineData("::/0", "203.0.113.9", false)]
    [InlineData("2001:db8::/33", "2001:db8:7fff::1", true)]
    [InlineData("2001:db8::/33", "2001:db8:8000::1", false)]
    [InlineData("10.0.0.0/8", "::ffff:10.1.2.3", true)]
    [InlineData("10.0.0.0/8", "::ffff:11.1.2.3", false)]
    [InlineData("::ffff:10.0.0.0/104", "10.1.2.3", true)]
    [InlineData("::ffff:10.0.0.0/104", "11.1.2.3", false)]
    [InlineData("::ffff:10.0.0.0/104", "::ffff:10.1.2.3", true)]
    [InlineData("::1", "::1", true)]
    [InlineData("fe80::/10", "fe80::1%3", true)]
    public void A_range_holds_the_addresses_that_agree_in_its_first_bits(string range, string address, bool holds) =>
        Assert.Equal(holds, Holds([range], IPAddress.Parse(address)));

    [Theory]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.0/-1")]
    [InlineData("10.0.0.0/+8")]
    [InlineData("10.0.0.0/")]
    [InlineData("10.0.0.0/8/8")]
    [InlineData("::/129")]
    [InlineData("fe80::1%eth0/64")]
    [InlineData("example.com")]
    [InlineData("Unix")]
    [InlineData("")]
    public void What_is_no_range_is_an_argument_fault(string text) =>
        Assert.Throws<ArgumentException>(() => new AddressCondition([text]));

    [Fact]
    public void One_of_several_ranges_will_do() =>
        Assert.Equal((true, true, false), (Holds(["10.0.0.0/8", "::1"], IPAddress.Parse("10.1.1.1")), Holds(["10.0.0.0/8", "::1"], IPAddress.IPv6Loopback), Holds(["10.0.0.0/8", "::1"], IPAddress.Loopback)));

    [Fact]
    public void The_Unix_socket_is_no_address_and_has_a_word_of_its_own()
    {
        Assert.False(Holds(["0.0.0.0/0", "::/0"], null));
        Assert.True(Holds(["unix"], null));
        Assert.False(Holds(["unix"], IPAddress.Loopback));
    }

    [Fact]
    public void Asking_allocates_nothing()
    {
        var condition = new AddressCondition(["192.0.2.0/24", "2001:db8::/32", "10.0.0.0/8"]);
        var here = new Circumstances(IPAddress.Parse("::ffff:10.1.2.3"), Corp.Now);
        var claims = Corp.Claims("{}");
        Assert.Equal(0, Allocations.Of(() =>
        {
            for (int i = 0; i < 1000; i++)
            {
                condition.Holds(claims, in here);
            }
        }));
    }

    private static bool Holds(string[] ranges, IPAddress? address) => new AddressCondition(ranges).Holds(Corp.Claims("{}"), new Circumstances(address, Corp.Now));
}
