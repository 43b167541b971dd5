using System.Net;
using PoolProxy.Core.Naming;
using PoolProxy.Testing;
using Xunit;

namespace PoolProxy.UnitTests.Naming;

/// <summary>DNS as bytes, and the files that say whom to ask.</summary>
public sealed class DnsMessageTests
{
    // Answers "a.b" with the alias c.b and its address 192.0.2.1; names are compressed.
    private static readonly byte[] Answered =
    [
        0x12, 0x34, 0x81, 0x80, 0, 1, 0, 2, 0, 0, 0, 0,
        1, (byte)'a', 1, (byte)'b', 0, 0, 1, 0, 1,
        0xc0, 12, 0, 5, 0, 1, 0, 0, 0, 60, 0, 4, 1, (byte)'c', 0xc0, 14,
        0xc0, 33, 0, 1, 0, 1, 0, 0, 0, 30, 0, 4, 192, 0, 2, 1,
    ];

    [Fact]
    public void An_answer_with_compressed_names_is_read()
    {
        Assert.True(DnsMessage.TryRead(Answered, 0x1234, "A.b", DnsType.A, out DnsAnswer answer));
        Assert.Equal(["a.b Cname c.b 60", "c.b A  30"], answer.Records.Select(record => $"{record.Owner} {record.Type} {record.Target} {record.TimeToLive.TotalSeconds}"));
        Assert.Equal(IPAddress.Parse("192.0.2.1"), new IPAddress(answer.Records[1].Data));
    }

    [Fact]
    public void An_answer_that_is_cut_anywhere_is_none_and_harms_nobody()
    {
        for (int length = 0; length < Answered.Length; length++)
        {
            Assert.False(DnsMessage.TryRead(Answered.AsSpan(0, length), 0x1234, "a.b", DnsType.A, out _), $"{length} bytes");
        }
    }

    [Fact]
    public void An_answer_to_another_question_is_none()
    {
        Assert.False(DnsMessage.TryRead(Answered, 0x1235, "a.b", DnsType.A, out _));
        Assert.False(DnsMessage.TryRead(Answered, 0x1234, "a.c", DnsType.A, out _));
        Assert.False(DnsMessage.TryRead(Answered, 0x1234, "a.b", DnsType.Aaaa, out _));
    }

    [Theory]
    [InlineData(0xc0, 12)] // itself
    [InlineData(0xc0, 37)] // further on
    [InlineData(0xff, 0xff)]
    public void A_name_that_never_ends_is_none(byte high, byte low)
    {
        byte[] looped = [.. Answered];
        (looped[21], looped[22]) = (high, low);
        if (low == 12)
        {
            (looped[12], looped[13]) = (0xc0, 12);
        }

        Assert.False(DnsMessage.TryRead(looped, 0x1234, "a.b", DnsType.A, out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a..b")]
    [InlineData("ä.b")]
    public void What_is_no_name_is_not_asked_for(string name) => Assert.Throws<FormatException>(() => DnsMessage.Ask(1, name, DnsType.A));

    [Fact]
    public void Resolv_conf_says_whom_to_ask_and_for_what()
    {
        ResolvConf conf = ResolvConf.Parse("# c\nnameserver 192.0.2.1\nnameserver [2001:db8::1]:5353\nnameserver nonsense\nnameserver 2001:db8::2\nnameserver 192.0.2.9\nsearch a.example b.example.\noptions ndots:2 timeout:99 attempts:3 rotate\n");
        Assert.Equal(["192.0.2.1:53", "[2001:db8::1]:5353", "[2001:db8::2]:53"], conf.Servers.Select(server => server.ToString()));
        Assert.Equal((2, TimeSpan.FromSeconds(30), 3), (conf.Dots, conf.Patience, conf.Attempts));
        Assert.Equal(["db.x.a.example", "db.x.b.example", "db.x"], conf.Candidates("db.x"));
        Assert.Equal(["db.x.y", "db.x.y.a.example", "db.x.y.b.example"], conf.Candidates("db.x.y"));
        Assert.Equal(["db"], conf.Candidates("db."));
        Assert.Equal(["127.0.0.1:53"], ResolvConf.Parse("").Servers.Select(server => server.ToString()));
    }

    [Fact]
    public void The_table_of_hosts_has_addresses_by_name_and_alias() =>
        Assert.Equal(["192.0.2.1", "2001:db8::1"], HostsFile.Find("# x\n192.0.2.1 one Two # three\n2001:db8::1\ttwo\n192.0.2.3 three\n", "two").Select(address => address.ToString()));

    [Fact]
    public void An_address_is_lost_though_the_name_had_none_in_between()
    {
        var name = new ResolvedName();
        var (one, two) = (IPAddress.Parse("192.0.2.1"), IPAddress.Parse("192.0.2.2"));
        bool Learn(bool isSure, params IPAddress[] addresses) => name.Learn(new NameAnswer(addresses, TimeSpan.Zero, isSure), TimeSpan.Zero, TimeProvider.System);
        Assert.False(Learn(true, one));
        Assert.False(Learn(true));
        Assert.Empty(name.Addresses);
        Assert.True(Learn(true, two));
        Assert.False(Learn(false));
        Assert.Equal([two], name.Addresses);
        Assert.False(Learn(true, two, one));
    }

    [Fact]
    public void Half_an_answer_leaves_the_other_family_as_it_was()
    {
        var name = new ResolvedName();
        var (four, six, other) = (IPAddress.Parse("192.0.2.1"), IPAddress.Parse("2001:db8::1"), IPAddress.Parse("2001:db8::2"));
        bool Learn(bool isSure, params IPAddress[] addresses) => name.Learn(new NameAnswer(addresses, TimeSpan.Zero, isSure), TimeSpan.Zero, TimeProvider.System);
        Assert.False(Learn(true, four, six));
        Assert.False(Learn(false, six));
        Assert.Equal([six, four], name.Addresses);
        Assert.True(Learn(false, other));
        Assert.Equal([other, four], name.Addresses);
        Assert.True(Learn(true, other));
    }

    [Fact]
    public async Task A_search_domain_that_cannot_be_asked_for_harms_no_name()
    {
        await using var dns = ScriptedDns.Start();
        using var folder = new TemporaryFolder();
        dns.Set("db.example.test", 60, "192.0.2.1");
        string longest = string.Join('.', Enumerable.Repeat(new string('x', 62), 4));
        string conf = folder.Write("resolv.conf", $"{dns.ResolvConf}search a..b {new string('y', 64)} ä.test {longest} example.test.\n");
        Assert.Equal([longest, "example.test"], ResolvConf.Parse(File.ReadAllText(conf)).Search);
        Assert.Equal("192.0.2.1", (await NameLookup.FindAsync("db", conf, TimeSpan.FromSeconds(60))).Addresses.Single().ToString());
        Assert.Null(await NameLookup.SerialAsync("a..b", conf));
    }

    [Fact]
    public async Task A_name_that_has_run_out_is_used_while_no_name_server_answers()
    {
        await using var dns = ScriptedDns.Start();
        using var folder = new TemporaryFolder();
        dns.Set("db.example.test", 0, "192.0.2.1", "192.0.2.2");
        var resolver = new HostResolver(TimeProvider.System);
        resolver.Apply(new PoolProxy.Configuration.Model.ProxySettings
        {
            ResolvConf = folder.Write("resolv.conf", dns.ResolvConf.Replace("timeout:1", "timeout:30", StringComparison.Ordinal)),
        });
        Assert.Equal(["192.0.2.1", "192.0.2.2"], (await resolver.ResolveAllAsync("db.example.test")).Select(address => address.ToString()));
        dns.IsSilent = true;
        Assert.Equal(["192.0.2.2", "192.0.2.1"], (await resolver.ResolveAllAsync("db.example.test")).Select(address => address.ToString()));
        Assert.Equal(1, resolver.PendingCount);
        Assert.Equal((true, false), (resolver.HasLost("db.example.test", IPAddress.Loopback), resolver.HasLost("db.example.test", IPAddress.Parse("192.0.2.1"))));
    }

    [Fact]
    public async Task Lookups_of_one_name_at_once_are_one_question_and_addresses_are_used_in_turn()
    {
        await using var dns = ScriptedDns.Start();
        using var folder = new TemporaryFolder();
        dns.Set("db.example.test", 60, "192.0.2.1", "192.0.2.2");
        dns.IsTruncating = true;
        var resolver = new HostResolver(TimeProvider.System);
        resolver.Apply(new PoolProxy.Configuration.Model.ProxySettings { ResolvConf = folder.Write("resolv.conf", dns.ResolvConf) });
        IPAddress[] found = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => resolver.ResolveAsync("db.example.test")));
        Assert.Equal(4, found.Count(address => address.ToString() == "192.0.2.1"));

        // The answer was too long for a datagram: asked once more, by TCP. A machine with IPv6 asks for its addresses too.
        Assert.InRange(dns.AskedFor("db.example.test"), 2, 4);
    }
}
