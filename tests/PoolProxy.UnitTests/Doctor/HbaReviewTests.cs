using System.Net;
using PoolProxy.Core.Doctor;
using PoolProxy.Core.Doctor.Hba;
using Xunit;

namespace PoolProxy.UnitTests.Doctor;

public sealed class HbaReviewTests
{
    private const string V4 = "255.255.255.255";
    private const string V6 = "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff";

    // type database user address mask method -> the level of what is found, or nothing
    [Theory]
    [InlineData("hostssl app pp 192.0.2.10 255.255.255.255 cert", null)]
    [InlineData("hostssl app pp all - cert", null)]
    [InlineData("host app pp 192.0.2.10 255.255.255.255 scram-sha-256", null)]
    [InlineData("host app pp 192.0.2.10 255.255.255.255 trust", FindingLevel.Fault)]
    [InlineData("host app pp 192.0.2.11 255.255.255.255 scram-sha-256", FindingLevel.Fault)]
    [InlineData("host app pp 192.0.2.0 255.255.255.0 md5", FindingLevel.Fault)]
    [InlineData("host app pp samenet - password", FindingLevel.Fault)]
    [InlineData("host app pp db.internal - ldap", FindingLevel.Warning)]
    [InlineData("local app pp - - peer", null)]
    [InlineData("local app pp - - md5", FindingLevel.Fault)]
    [InlineData("host all all all - md5", FindingLevel.Fault)]
    [InlineData("host all +app_read all - md5", FindingLevel.Fault)]
    [InlineData("host all +pp all - md5", FindingLevel.Fault)]
    [InlineData("host all +other all - md5", null)]
    [InlineData("host all other all - md5", null)]
    [InlineData("host other pp all - md5", null)]
    [InlineData("host replication pp all - md5", null)]
    [InlineData("host sameuser pp all - md5", null)]
    [InlineData("host samerole pp all - md5", null)]
    [InlineData("host /^ap /^p all - md5", FindingLevel.Fault)]
    public void One_line(string line, object? level) => Assert.Equal((FindingLevel?)level, Review(IPAddress.Parse("192.0.2.10"), line).SingleOrDefault()?.Level);

    [Fact]
    public void A_line_for_every_address_hides_those_behind_it_on_its_ways_only()
    {
        IPAddress proxy = IPAddress.Parse("192.0.2.10");
        Assert.Empty(Review(proxy, "host all pp all - reject", "host all all all - md5", "hostssl app pp 10.0.0.0 255.0.0.0 trust"));
        Assert.Single(Review(proxy, "host all pp 0.0.0.0 0.0.0.0 reject", "host all all all - md5"));
        Assert.Empty(Review(proxy, "host all pp 0.0.0.0 0.0.0.0 reject", "host all all 10.0.0.0 255.0.0.0 md5"));
        Assert.Single(Review(proxy, "hostssl all pp all - reject", "hostnossl all all all - md5"));
        Assert.Single(Review(proxy, "host all pp all - reject", "local all all - - md5"));
        Assert.Single(Review(proxy, "host all pp 10.0.0.0 255.0.0.0 reject", "host all pp all - md5"));
        Assert.Single(Review(proxy, "host all other all - reject", "host all pp all - md5"));
    }

    [Fact]
    public void A_proxy_on_the_socket_is_the_only_one_that_may_use_it()
    {
        Assert.Empty(Review(null, "local app pp - - md5"));
        Assert.Single(Review(null, "host app pp 127.0.0.1 255.255.255.255 md5"));
        Assert.Equal(FindingLevel.Fault, Review(null, "local app pp - - trust").Single().Level);
    }

    [Fact]
    public void Addresses_are_compared_as_addresses() =>
        Assert.Empty(Review(IPAddress.Parse("2001:db8::1"), $"host app pp 2001:0db8:0::1 {V6} md5", $"host app other 10.0.0.1 {V4} md5"));

    private static IReadOnlyList<Finding> Review(IPAddress? proxy, params string[] lines) => HbaReview.Of(lines.Select(Line), "app", "pp", ["app_read"], proxy);

    private static HbaLine Line(string text, int index)
    {
        string[] parts = [.. text.Split(' ').Select(part => part == "-" ? "" : part)];
        return new HbaLine(index + 1, parts[0], parts[1].Split(','), parts[2].Split(','), parts[3], parts[4], parts[5]);
    }
}
