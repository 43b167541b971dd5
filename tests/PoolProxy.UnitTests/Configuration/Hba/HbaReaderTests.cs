using System.Net;
using PoolProxy.Configuration.Hba;
using PoolProxy.Configuration.Model;
using Xunit;

namespace PoolProxy.UnitTests.Configuration.Hba;

/// <summary>auth_hba_file: what a line says, and what is none.</summary>
public sealed class HbaReaderTests
{
    [Theory]
    [InlineData("local all all trust", null, false, true)]
    [InlineData("local all all trust", "127.0.0.1", false, false)]
    [InlineData("host all all all trust", null, false, false)]
    [InlineData("host all all all trust", "192.0.2.1", false, true)]
    [InlineData("host all all all trust", "2001:db8::1", true, true)]
    [InlineData("hostssl all all all trust", "192.0.2.1", false, false)]
    [InlineData("hostssl all all all trust", "192.0.2.1", true, true)]
    [InlineData("hostnossl all all all trust", "192.0.2.1", false, true)]
    [InlineData("hostnossl all all all trust", "192.0.2.1", true, false)]
    [InlineData("host all all 192.0.2.0/24 trust", "192.0.2.255", false, true)]
    [InlineData("host all all 192.0.2.0/24 trust", "192.0.3.0", false, false)]
    [InlineData("host all all 192.0.2.77/24 trust", "192.0.2.1", false, true)]
    [InlineData("host all all 192.0.2.0/23 trust", "192.0.3.1", false, true)]
    [InlineData("host all all 192.0.2.0/0 trust", "10.0.0.1", false, true)]
    [InlineData("host all all 192.0.2.1/32 trust", "192.0.2.1", false, true)]
    [InlineData("host all all 192.0.2.1/32 trust", "192.0.2.2", false, false)]
    [InlineData("host all all 192.0.2.0 255.255.254.0 trust", "192.0.3.9", false, true)]
    [InlineData("host all all 192.0.2.0 255.255.255.0 trust", "192.0.3.9", false, false)]
    [InlineData("host all all 0.0.0.0/0 trust", "::1", false, false)]
    [InlineData("host all all ::/0 trust", "127.0.0.1", false, false)]
    [InlineData("host all all 127.0.0.0/8 trust", "::ffff:127.0.0.1", false, true)]
    [InlineData("host all all 2001:db8::/33 trust", "2001:db8:7fff::1", false, true)]
    [InlineData("host all all 2001:db8::/33 trust", "2001:db8:8000::1", false, false)]
    public void A_line_covers_its_connections_and_no_others(string line, string? address, bool isTls, bool covers) =>
        Assert.Equal(covers, One(line).Covers(address is null ? null : IPAddress.Parse(address), isTls));

    [Theory]
    [InlineData("all", "app", "alice", true)]
    [InlineData("app", "app", "alice", true)]
    [InlineData("app", "App", "alice", false)]
    [InlineData("app,shop", "shop", "alice", true)]
    [InlineData("app , shop", "shop", "alice", true)]
    [InlineData("app,", "", "", null)]
    [InlineData("sameuser", "alice", "alice", true)]
    [InlineData("sameuser", "app", "alice", false)]
    [InlineData("\"sameuser\"", "alice", "alice", false)]
    [InlineData("\"all\"", "app", "alice", false)]
    [InlineData("\"all\"", "all", "alice", true)]
    [InlineData("\"a \"\"b\"\", #c\"", "a \"b\", #c", "alice", true)]
    [InlineData("replication", "replication", "alice", false)]
    public void Databases_are_named_or_meant(string databases, string database, string user, bool? holds)
    {
        var read = HbaReader.Read($"local {databases} all trust", "hba.conf");
        Assert.Equal(holds, read.Faults.Count > 0 ? null : read.Lines[0].Databases.Holds(database, user));
    }

    [Theory]
    [InlineData("trust", AuthType.Trust)]
    [InlineData("password", AuthType.Plain)]
    [InlineData("md5", AuthType.Md5)]
    [InlineData("scram-sha-256", AuthType.ScramSha256)]
    [InlineData("jwt", AuthType.Jwt)]
    [InlineData("oauth", AuthType.Oauth)]
    [InlineData("cert", AuthType.Cert)]
    [InlineData("reject", null)]
    public void A_line_names_a_method(string word, AuthType? method) => Assert.Equal(method, One($"host all all all {word} # and so on").Method);

    [Fact]
    public void Lines_stay_in_order_and_the_rest_is_passed_over()
    {
        var read = HbaReader.Read("# head\r\n\r\n  local all alice reject\r\n\tlocal all all trust\n", "hba.conf");
        Assert.Empty(read.Faults);
        Assert.Equal([3, 4], read.Lines.Select(line => line.Position.Line));
    }

    [Theory]
    [InlineData("locl all all trust", "hba.conf:1:1: \"locl\" is no type of connection")]
    [InlineData("\"local\" all all trust", "hba.conf:1:1: \"local\" is no type")]
    [InlineData("local all trust", "hba.conf:1:1: the line is too short")]
    [InlineData("host all all trust", "hba.conf:1:14: \"trust\" is no address")]
    [InlineData("host all all 127.0.0.1 trust", "hba.conf:1:14: \"127.0.0.1\" is no address")]
    [InlineData("host all all 127.0.0.1/33 trust", "hba.conf:1:14: \"127.0.0.1/33\" is no address")]
    [InlineData("host all all 127.0.0.1/-1 trust", "hba.conf:1:14: \"127.0.0.1/-1\" is no address")]
    [InlineData("host all all 10.0.0.0 255.0.255.0 trust", "hba.conf:1:14: \"10.0.0.0\" is no address")]
    [InlineData("host all all db.example.com trust", "hba.conf:1:14: \"db.example.com\" is no address")]
    [InlineData("host all all samenet trust", "hba.conf:1:14: \"samenet\" is no address")]
    [InlineData("local all all peer", "hba.conf:1:15: the method \"peer\" is not available in this version")]
    [InlineData("local all all trust map=x", "hba.conf:1:21: options of a method are not available")]
    [InlineData("local @file all trust", "hba.conf:1:7: \"@file\" is not available")]
    [InlineData("local all +group trust", "hba.conf:1:11: \"+group\" is not available")]
    [InlineData("local all /regex trust", "hba.conf:1:11: \"/regex\" is not available")]
    [InlineData("local \"all all trust", "hba.conf:1:7: a quote or a list is not ended")]
    [InlineData("local all all,", "hba.conf:1:11: a quote or a list is not ended")]
    [InlineData("local ,all all trust", "hba.conf:1:1: \"local\" is no type of connection")]
    public void What_is_no_line_is_a_fault_at_its_place(string line, string fault) =>
        Assert.StartsWith(fault, Assert.Single(HbaReader.Read(line, "hba.conf").Faults).ToString());

    private static HbaLine One(string line)
    {
        var read = HbaReader.Read(line, "hba.conf");
        Assert.Empty(read.Faults);
        return Assert.Single(read.Lines);
    }
}
