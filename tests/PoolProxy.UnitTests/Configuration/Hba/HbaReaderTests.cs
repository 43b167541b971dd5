using System.Net;
using PoolProxy.Configuration.Hba;
using PoolProxy.Configuration.Model;
using Xunit;

namespace PoolProxy.UnitTests.Configuration.Hba;

/// <summary>auth_hba_file: what a line says, and what is none.</summary>
public sealed class HbaReaderTests
{
    private static readonly HbaNetwork[] Machine = [new(IPAddress.Parse("127.0.0.1"), 8), new(IPAddress.Parse("192.0.2.7"), 24), new(IPAddress.Parse("2001:db8::7"), 64)];

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
    [InlineData("hostgssenc all all all trust", "192.0.2.1", false, false)]
    [InlineData("hostgssenc all all all trust", "192.0.2.1", true, false)]
    [InlineData("hostgssenc all all all trust", null, false, false)]
    [InlineData("hostnogssenc all all all trust", "192.0.2.1", false, true)]
    [InlineData("hostnogssenc all all all trust", "192.0.2.1", true, true)]
    [InlineData("hostnogssenc all all 192.0.2.0/24 trust", "192.0.3.1", false, false)]
    [InlineData("hostnogssenc all all all trust", null, false, false)]
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
    [InlineData("host all all samehost trust", "192.0.2.7", false, true)]
    [InlineData("host all all samehost trust", "::ffff:192.0.2.7", false, true)]
    [InlineData("host all all samehost trust", "192.0.2.8", false, false)]
    [InlineData("host all all samenet trust", "192.0.2.8", false, true)]
    [InlineData("host all all samenet trust", "192.0.3.8", false, false)]
    [InlineData("host all all samenet trust", "2001:db8::1:2:3:4", false, true)]
    [InlineData("host all all samenet trust", "2001:db8:0:1::1", false, false)]
    public void A_line_covers_its_connections_and_no_others(string line, string? address, bool isTls, bool covers) =>
        Assert.Equal(covers, One(line).Covers(address is null ? null : IPAddress.Parse(address), isTls, Machine));

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
    [InlineData("\"replication\"", "replication", "alice", true)]
    [InlineData("s\"ame\"user", "alice", "alice", true)]
    [InlineData("a\"b c\"d", "ab cd", "alice", true)]
    [InlineData("\"/^db[0-9]{2,4}$\"", "db123", "alice", true)]
    [InlineData("/^db[0-9]$", "db1\n", "alice", false)]
    [InlineData("\"/^db[0-9]{2,4}$\"", "db12345", "alice", false)]
    [InlineData("/^db[0-9]$,app", "app", "alice", true)]
    [InlineData("/b", "abc", "alice", true)]
    [InlineData("samerole", "staff", "alice", true)]
    [InlineData("samerole", "people", "alice", true)]
    [InlineData("samerole", "alice", "alice", true)]
    [InlineData("samerole", "staff", "bob", false)]
    [InlineData("samegroup", "people", "alice", true)]
    [InlineData("\"samerole\"", "staff", "alice", false)]
    public void Databases_are_named_or_meant(string databases, string database, string user, bool? holds)
    {
        var read = Read($"local {databases} all trust");
        Assert.Equal(holds, read.Faults.Count > 0 ? null : read.Lines[0].Databases.HoldsDatabase(database, user, Staff));
    }

    [Theory]
    [InlineData("+staff", "alice", true)]
    [InlineData("+people", "alice", true)]
    [InlineData("+people", "people", true)]
    [InlineData("+people", "bob", false)]
    [InlineData("+staff,bob", "bob", true)]
    [InlineData("\"+staff\"", "alice", false)]
    [InlineData("\"+staff\"", "+staff", true)]
    [InlineData("sameuser", "sameuser", true)]
    [InlineData("/^a", "alice", true)]
    public void Users_are_named_or_meant(string users, string user, bool holds) =>
        Assert.Equal(holds, Assert.Single(Read($"local all {users} trust").Lines).Users.HoldsUser(user, Staff));

    [Fact]
    public void Names_may_stand_in_files_beside_the_one_that_names_them()
    {
        var read = Read("local @dbs,more @/etc/users trust", ("/conf/dbs", "app # the shop\n\"o dd\", @deeper\n"), ("/conf/deeper", "all-in\ninclude x\n"), ("/etc/users", "alice\r\n+staff"));
        Assert.Empty(read.Faults);
        Assert.Equal(["all-in", "app", "include", "more", "o dd", "x"], read.Lines[0].Databases.Names.Order());
        Assert.Equal(["alice"], read.Lines[0].Users.Names);
        Assert.Equal(["staff"], read.Lines[0].Users.Groups);
    }

    [Fact]
    public void Files_include_others_in_place()
    {
        var read = Read(
            "local all a trust\ninclude one.conf\ninclude_if_exists none\ninclude_dir \"d d\"\nlocal all z trust",
            ("/conf/one.conf", "local all b trust"), ("/conf/d d/2.conf", "local all d trust"), ("/conf/d d/10.conf", "local all c trust"), ("/conf/d d/.3.conf", "nonsense"), ("/conf/d d/x", "nonsense"));
        Assert.Empty(read.Faults);
        Assert.Equal(["a", "b", "c", "d", "z"], read.Lines.Select(line => line.Users.Names.Single()));
        Assert.Equal("/conf/one.conf", read.Lines[1].File);
    }

    [Theory]
    [InlineData("local @loop all trust", "/conf/loop:2:1: files name one another too deeply")]
    [InlineData("include self.conf", "/conf/self.conf:1:9: files name one another too deeply")]
    [InlineData("include bad.conf", "/conf/bad.conf:2:1: \"nonsense\" is no type of connection")]
    [InlineData("local @bad.names all trust", "/conf/bad.names:1:3: the regular expression is none")]
    [InlineData("include none", "/conf/hba.conf:1:9: /conf/none: there is no such file")]
    [InlineData("include_dir none", "/conf/hba.conf:1:13: /conf/none: not there")]
    [InlineData("include a b", "/conf/hba.conf:1:1: include takes one name")]
    [InlineData("local @none all trust", "/conf/hba.conf:1:7: /conf/none: there is no such file")]
    public void A_fault_in_another_file_is_at_its_place_there(string text, string fault)
    {
        var read = Read(text, ("/conf/loop", "x\n@loop"), ("/conf/self.conf", "include self.conf"), ("/conf/bad.conf", "\nnonsense"), ("/conf/bad.names", "a /("));
        Assert.StartsWith(fault, Assert.Single(read.Faults).ToString());
    }

    [Theory]
    [InlineData("trust", AuthType.Trust)]
    [InlineData("password", AuthType.Plain)]
    [InlineData("md5", AuthType.Md5)]
    [InlineData("scram-sha-256", AuthType.ScramSha256)]
    [InlineData("jwt", AuthType.Jwt)]
    [InlineData("oauth", AuthType.Oauth)]
    [InlineData("cert", AuthType.Cert)]
    [InlineData("ldap", AuthType.Ldap)]
    [InlineData("pam", AuthType.Pam)]
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
    [InlineData("host all all ::1/129 trust", "hba.conf:1:14: \"::1/129\" is no address")]
    [InlineData("local all all gss", "hba.conf:1:15: the method \"gss\" is not available")]
    [InlineData("host all all all peer", "hba.conf:1:18: peer is for local connections")]
    [InlineData("hostnossl all all all cert", "hba.conf:1:23: cert is for connections with TLS")]
    [InlineData("hostgssenc all all all cert", "hba.conf:1:24: cert is for connections with TLS")]
    [InlineData("hostgssenc all all nowhere trust", "hba.conf:1:20: \"nowhere\" is no address")]
    [InlineData("hostnogssenc all all all peer", "hba.conf:1:26: peer is for local connections")]
    [InlineData("hostgssEnc all all all trust", "hba.conf:1:1: \"hostgssEnc\" is no type")]
    [InlineData("local all all trust map=x", "hba.conf:1:21: trust has no option map")]
    [InlineData("local all all peer map", "hba.conf:1:20: an option of peer is NAME=VALUE")]
    [InlineData("local all all peer map=x", "hba.conf:1:20: there is no map \"x\"")]
    [InlineData("local all all pam pamservice=../x", "hba.conf:1:19: pamservice is no name of a service")]
    [InlineData("local all all ldap ldapserver=a", "hba.conf:1:15: ldap needs ldapbasedn, ldapprefix or ldapsuffix")]
    [InlineData("local all all ldap ldapsuffix=,dc=x", "hba.conf:1:32: ldap has no option dc")]
    [InlineData("local all all ldap ldapport=0 ldapbasedn=x", "hba.conf:1:20: ldapport may be 1 to 65535")]
    [InlineData("local all +group trust", "hba.conf:1:11: nobody is said to be a member of \"group\"")]
    [InlineData("local samerole all trust", "hba.conf:1:7: samerole goes by who is a member of what, and nobody is said to be")]
    [InlineData("local @file all trust", "hba.conf:1:7: file: no other files are read here")]
    [InlineData("local all /( trust", "hba.conf:1:11: the regular expression is none")]
    [InlineData("local all /(?=x) trust", "hba.conf:1:11: the regular expression needs backtracking")]
    [InlineData("local all / trust", "hba.conf:1:11: the regular expression is empty")]
    [InlineData("local all /[[:alpha:]] trust", "hba.conf:1:11: classes such as [[:alpha:]] are not available")]
    [InlineData("local \"all all trust", "hba.conf:1:7: a quote or a list is not ended")]
    [InlineData("local all all,", "hba.conf:1:11: a quote or a list is not ended")]
    [InlineData("local ,all all trust", "hba.conf:1:1: \"local\" is no type of connection")]
    public void What_is_no_line_is_a_fault_at_its_place(string line, string fault) =>
        Assert.StartsWith(fault, Assert.Single(HbaReader.Read(line, "hba.conf").Faults).ToString());

    private static readonly Memberships Staff = Memberships.Of(new Dictionary<string, UserSettings>
    {
        ["alice"] = new() { Name = "alice", MemberOf = ["staff"] },
        ["staff"] = new() { Name = "staff", MemberOf = ["people", "staff"] },
    });

    private static HbaResult Read(string text, params (string Name, string Text)[] files) => HbaReader.Read(text, "/conf/hba.conf", Among(files), IdentResult.NoMaps, Staff);

    private static AccessFiles Among((string Name, string Text)[] files) => new(
        path => files.FirstOrDefault(file => file.Name == path) is { Text: { } text } ? (text, null) : (null, ""),
        folder => files.Where(file => Path.GetDirectoryName(file.Name) == folder).Select(file => Path.GetFileName(file.Name)).ToList() is { Count: > 0 } names ? (names, null) : (null, "not there"));

    private static HbaLine One(string line)
    {
        var read = HbaReader.Read(line, "hba.conf");
        Assert.Empty(read.Faults);
        return Assert.Single(read.Lines);
    }
}
